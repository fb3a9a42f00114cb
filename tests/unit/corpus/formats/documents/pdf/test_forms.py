"""What was written into a PDF's form stands in the text, beside the words that it belongs to."""

from __future__ import annotations

from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.documents.pdf.forms import Field, filled_in
from factbot.corpus.formats.documents.pdf.layout import Line
from tests.support.documents import Placed, pdf

FORM = [
    (72.0, 760.0, 14.0, "Report on a fire"),
    (72.0, 700.0, 11.0, "Name of the ship:"),
    (72.0, 660.0, 11.0, "Cause"),
]


def form(words: list[Placed], *widgets: str) -> str:
    """The text of a page with a form of these fields."""
    numbers = " ".join(f"{6 + i} 0 R" for i in range(len(widgets)))
    data = pdf(
        [words],
        {"Title": "Fires of the year"},
        catalog=f"/AcroForm << /Fields [{numbers}] /DA (/F 10 Tf) /DR << /Font << /F 3 0 R >> >> >>",
        page=f"/Annots [{numbers}]",
        further=[f"<< /Type /Annot /Subtype /Widget /P 4 0 R {widget} >>" for widget in widgets],
    )
    return parse_article(data, ".pdf", "a.pdf").text


def written(name: str, value: str, box: str, more: str = "") -> str:
    return f"/FT /Tx /T ({name}) /V ({value}) /Rect [{box}] /F 4 {more}"


def test_values_stand_beside_or_under_their_labels() -> None:
    text = form(
        FORM, written("a", "Albatross", "200 696 400 712"), written("b", "a short circuit", "72 636 400 654")
    )
    assert text.split("\n\n") == ["Report on a fire", "Name of the ship: Albatross", "Cause: a short circuit"]


def test_fields_on_lines_that_follow_each_other_stay_apart() -> None:
    words = [(72.0, 700.0, 11.0, "Name of the ship"), (72.0, 686.0, 11.0, "Name of the master")]
    fields = written("a", "Albatross", "200 697 400 710"), written("b", "Ida Lund", "200 683 400 696")
    assert form(words, *fields).split("\n\n") == ["Name of the ship: Albatross", "Name of the master: Ida Lund"]


def test_a_value_without_a_label_stands_at_its_place_under_the_forms_name_for_it() -> None:
    value = written("a", "Albatross", "200 400 400 416", "/TU (Name of the ship)")
    words = [*FORM[:1], (72.0, 100.0, 11.0, "Signed at the harbour office.")]
    assert form(words, value).split("\n\n")[1] == "Name of the ship: Albatross"


def test_a_value_in_the_middle_of_a_sentence_stands_there() -> None:
    words = [(72.0, 700.0, 11.0, "The ship lay at quay"), (262.0, 700.0, 11.0, "when the fire broke out.")]
    assert (
        form(words, written("a", "seven", "190 696 258 712"))
        == "The ship lay at quay seven when the fire broke out."
    )


def test_boxes_say_whether_they_are_ticked() -> None:
    words = [(72.0, 700.0, 11.0, "Cause:"), (170.0, 700.0, 11.0, "arson"), (270.0, 700.0, 11.0, "accident")]
    looks = "/AP << /N << /Yes << >> /Off << >> >> >>"
    boxes = [f"/FT /Btn /T ({name}) /V /{state} /AS /{state} /Rect [{left} 698 {left + 12} 710] /F 4 {looks}"
             for name, state, left in (("x", "Off", 154), ("y", "Yes", 254))]  # fmt: skip
    text = form(words, *boxes)
    assert "[ ] arson" in text and "[x] accident" in text


def test_hidden_fields_and_passwords_stay_out() -> None:
    hidden = written("a", "unseen", "200 696 400 712").replace("/F 4", "/F 2")
    secret = written("b", "secret", "200 656 400 672", "/Ff 8192")
    text = form(FORM, hidden, secret)
    assert "unseen" not in text and "secret" not in text


def test_words_typed_onto_a_page_are_read() -> None:
    typed = "<< /Type /Annot /Subtype /FreeText /Contents (Albatross) /Rect [200 696 400 712] /F 4 >>"
    data = pdf([FORM], page=f"/Annots [{typed}]")
    assert "Name of the ship: Albatross" in parse_article(data, ".pdf", "a.pdf").text


def test_each_value_goes_to_the_nearest_label_on_its_line() -> None:
    labels = [Line("From:", 50, 80, 100, 10), Line("To:", 250, 270, 100, 10)]
    values = [Field("Oslo", "", 90, 240, 98, 112), Field("Bergen", "", 280, 400, 98, 112)]
    assert [line.text for line in filled_in(labels, values)] == ["From: Oslo", "To: Bergen"]
