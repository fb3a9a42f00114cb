"""What a mail quotes is not its own: a reply's is left out, a forwarded mail's is kept under its writer's name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factbot.corpus.formats.article import parse_article
from factbot.corpus.formats.documents.mail.quotes import Head, Piece, own_words, text_pieces
from factbot.results import Article

LEFT_OUT = "Words that it quotes from earlier mails were left out."
OWN, QUOTED = "The fee is 9 euros.", "The fee is 70 euros."
OUTLOOK = "From: Cy Holm <cy@x.example>\nSent: Monday, 5 February 2024 10:30\nTo: Ada\nSubject: Fee\n\n"
GERMAN = "Von: Cy Holm <cy@x.example>\nGesendet: Montag, 5. Februar 2024 10:30\nAn: Ada\nBetreff: Preis\n\n"


def read(body: str, subject: str = "Re: Fee", kind: str = "plain") -> Article:
    head = f"From: Ada <ada@town.example>\nSubject: {subject}\nDate: Tue, 6 Feb 2024 08:00:00 +0000\n"
    return parse_article(f"{head}Content-Type: text/{kind}; charset=utf-8\n\n{body}".encode(), ".eml", "a.eml")


@pytest.mark.parametrize(
    "quotation",
    [
        f"On Mon, 5 Feb 2024 at 10:30, Cy Holm <cy@x.example> wrote:\n> {QUOTED}",
        f"On Mon, 5 Feb 2024 at 10:30, Cy Holm\n<cy@x.example> wrote:\n\n> {QUOTED}\n>> Deeper.",
        f"Am 05.02.24 um 10:30 schrieb Cy Holm:\n> {QUOTED}",
        f"Le lun. 5 févr. 2024 à 10:30, Cy Holm <cy@x.example> a écrit :\n\n> {QUOTED}",
        f"Cy Holm <cy@x.example> writes:\n> {QUOTED}",
        f"On Mon, 5 Feb 2024 at 10:30, Cy Holm wrote:\n\n{QUOTED}",
        f"> {QUOTED}",
        f"________________________________\n{OUTLOOK}{QUOTED}",
        f"-----Original Message-----\n{OUTLOOK}{QUOTED}",
        f"{GERMAN}{QUOTED}",
        f"*From:* Cy <cy@x.example>\n*Sent:* 5 February 2024 10:30\n*Subject:* Fee\n\n{QUOTED}\n\nMore of it.",
    ],
)
def test_what_a_reply_quotes_is_left_out_and_told_of(quotation: str) -> None:
    article = read(f"{OWN}\n\n{quotation}\n")
    assert (article.text, article.note) == (OWN, LEFT_OUT)


@pytest.mark.parametrize(
    "quotation",
    [
        f'<blockquote type="cite"><div>On 5 Feb 2024, at 10:30, Cy wrote:</div><p>{QUOTED}</p></blockquote>',
        '<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Mon, 5 Feb 2024 at 10:30, '
        "Cy &lt;cy@x.example&gt; wrote:<br></div>"
        f'<blockquote class="gmail_quote">{QUOTED}</blockquote></div>',
        "<div style='border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Cy &lt;cy@x.example&gt;"
        "<br><b>Sent:</b> 5 February 2024 10:30<br><b>To:</b> Ada<br><b>Subject:</b> Fee<o:p></o:p></p></div>"
        f"<p>{QUOTED}</p>",
        '<div class="moz-cite-prefix">Am 05.02.24 um 10:30 schrieb Cy:</div>'
        f'<blockquote type="cite">{QUOTED}</blockquote>',
        '<div class="yahoo_quoted"><div>On Monday, 5 February 2024 at 10:30, Cy wrote:</div>'
        f"<div>{QUOTED}</div></div>",
        f"<br><br>On Mon, 5 Feb 2024 at 10:30, Cy &lt;cy@x.example&gt; wrote:<br>&gt; {QUOTED}<br>",
        "<div>-----Original Message-----<br>From: Cy &lt;cy@x.example&gt;<br>Sent: 5 February 2024<br>"
        f"Subject: Fee<br><br>{QUOTED}</div>",
    ],
)
def test_quotations_of_html_mail_are_told_by_their_marks(quotation: str) -> None:
    article = read(f"<p>{OWN}</p>{quotation}", kind="html")
    assert (article.text, article.note) == (OWN, LEFT_OUT)


def test_answers_between_quoted_lines_stay() -> None:
    article = read(
        "Am 05.02.24 um 10:30 schrieb Cy:\n> What is it?\n9 euros.\n> For all?\n\nFor children 4 euros.\n"
    )
    assert article.text == "9 euros.\n\nFor children 4 euros."
    markup = (
        '<blockquote type="cite">What is it?</blockquote>9 euros.<blockquote type="cite">Why?</blockquote>By law.'
    )
    assert read(markup, kind="html").text == "9 euros.\n\nBy law."


@pytest.mark.parametrize(
    ("subject", "kind", "body"),
    [
        ("Fwd: Fee", "plain", f"Look:\n\n---------- Forwarded message ---------\n{OUTLOOK}{QUOTED}"),
        ("WG: Preis", "plain", f"Look:\n\n{GERMAN}{QUOTED}"),
        ("Fee", "plain", "Look:\n\nBegin forwarded message:\n\n> " + f"{OUTLOOK}{QUOTED}".replace("\n", "\n> ")),
        (
            *("Fwd: Fee", "html"),
            "<p>Look:</p><div>-------- Weitergeleitete Nachricht --------<table><tr><th>Betreff: </th><td>Fee"
            "</td></tr><tr><th>Datum: </th><td>Mon, 5 Feb 2024 10:30:00 +0100</td></tr><tr><th>Von: </th><td>"
            f"Cy Holm &lt;cy@x.example&gt;</td></tr></table><p>{QUOTED}</p></div>",
        ),
    ],
)
def test_a_forwarded_mail_is_kept_under_its_writers_name(subject: str, kind: str, body: str) -> None:
    first, who, words = read(body, subject, kind).text.split("\n\n")
    assert (first, words) == ("Look:", QUOTED)
    assert re.fullmatch("Cy Holm wrote on (5 February 2024|Montag, 5. .*), under the subject “(Fee|Preis)”:", who)


def test_a_mail_that_only_hands_on_another_has_its_writer_and_day() -> None:
    article = read(f"-------- Forwarded Message --------\n{OUTLOOK}{QUOTED}", "Fwd: Fee")
    assert (article.author, article.source, article.date) == ("Cy Holm", "x.example", "2024-02-05")
    assert article.title == "Fee" and article.text.endswith(QUOTED)


def test_a_long_forwarded_text_is_kept_to_its_end() -> None:
    lines = [f"Line {number}." for number in range(200)]
    for between in ("", "\n"):
        text = read(f"{OUTLOOK.strip()}\n{between}" + "\n".join(lines), "FW: Fee").text
        assert text.split("\n\n", 1)[1] == "\n".join(lines)


def test_a_mail_handed_on_twice_names_both_writers() -> None:
    again = (
        "-----Original Message-----\nFrom: Dan <dan@x.example>\nSent: 6 February 2024 9:00\nSubject: FW: Fee\n\n"
    )
    assert read(f"{again}{OUTLOOK}{QUOTED}", "FW: FW: Fee").text.split("\n\n") == [
        "Dan wrote on 6 February 2024, under the subject “FW: Fee”:",
        "Cy Holm wrote on 5 February 2024, under the subject “Fee”:",
        QUOTED,
    ]


def test_a_mail_of_quotations_alone_says_so() -> None:
    article = read(f"> {QUOTED}\n")
    assert article.text == f"This mail only quotes another one:\n\n{QUOTED}"


def test_what_only_looks_like_a_quotation_stays() -> None:
    page = (
        "<p>The mayor said:</p><blockquote><p>We open in May.</p></blockquote><p>Date: 3 May</p><p>From: noon</p>"
    )
    assert "We open in May." in read(page, "News", "html").text
    letter = "Dear all,\n\nTime: 10:00\nPlace: the hall\nDate: 3 May\n\n"
    letter += "On 3 May the mayor wrote:\n\nCome all of you.\n\nAda"
    assert (read(letter, "News").text, read(letter, "News").note) == (letter, "")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Monday, June 3, 2024 9:00 AM", "2024-06-03"),
        ("Tue, 4 Jun 2024 at 10:00", "2024-06-04"),
        ("4 June 2024 at 10:00:00 CEST", "2024-06-04"),
        ("Tue, 4 Jun 2024 23:30:00 -0700", "2024-06-04"),
        ("yesterday", "yesterday"),
    ],
)
def test_the_day_of_a_quoted_mail(written: str, day: str) -> None:
    assert Head("", written, "").day == day


def test_lines_that_a_mail_program_broke_are_whole() -> None:
    assert text_pieces("One \nline.\n> Two \n> lines.\n-- \nAda", is_flowed=True) == [
        Piece("One line.", 0),
        Piece("Two lines.", 1),
        Piece("-- \nAda", 0),
    ]
    assert text_pieces("橋 \nは", is_flowed=True, drops_space=True) == [Piece("橋は", 0)]
    assert text_pieces("He came.\n>From there he went.") == [Piece("He came.\nFrom there he went.", 0)]


LINES = [
    "Words.",
    "> Quoted.",
    ">> Deeper.",
    "",
    "From: A <a@x.example>",
    "Sent: 5 May 2024 10:00",
    "Subject: Fee",
]
LINES += [
    "-----Original Message-----",
    "On Mon, 5 Feb 2024 at 10:30, Cy wrote:",
    "Begin forwarded message:",
    "-- ",
]


@given(st.lists(st.sampled_from(LINES), max_size=12), st.booleans())
def test_no_word_goes_without_a_word(given_lines: list[str], is_forward: bool) -> None:
    own = own_words(text_pieces("\n".join(given_lines)), is_forward=is_forward)
    kept = "\n".join(own.blocks)
    for word in ("Words.", "Quoted.", "Deeper."):
        told = kept.count(word)
        assert told == sum(word in line for line in given_lines) or own.left_out
