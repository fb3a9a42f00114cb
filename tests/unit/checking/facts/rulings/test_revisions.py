"""What a text corrects is ruled out, and what it gives in its place is borne out."""

from __future__ import annotations

import pytest

from factbot.checking.facts.rulings.revisions import corrects, revises

NOT_BUT = "Toll (9 May 2023). The number of people hurt in the crash at Orrin was nine and not seven, police said."
FROM_TO = "The number of deaths in the storm at Orrin was revised from 30 to 41 after a recount."
NOTE = (
    "The library in Orrin cost 12 million euros. Correction: an earlier version of this article said that the "
    "library in Orrin cost 15 million euros."
)
DATE = "Correction: The pool in Orrin opened on 8 June, not on 6 June, as we had written."
FIRST = "The storm left 900 homes in Orrin dark, the firm said; it had first reported 600 homes."


@pytest.mark.parametrize(
    ("claim", "evidence", "stance"),
    [
        ("Seven people were hurt in the crash at Orrin.", NOT_BUT, "refutes"),
        ("Nine people were hurt in the crash at Orrin.", NOT_BUT, "supports"),
        ("The storm at Orrin killed 30 people.", FROM_TO, "refutes"),
        ("The storm at Orrin killed 41 people.", FROM_TO, "supports"),
        ("The library in Orrin cost 15 million euros.", NOTE, "refutes"),
        ("The library in Orrin cost 12 million euros.", NOTE, "supports"),
        ("The pool in Orrin opened on 6 June.", DATE, "refutes"),
        ("The pool in Orrin opened on 8 June.", DATE, "supports"),
        ("The storm left 600 homes in Orrin dark.", FIRST, "refutes"),
        ("Seven ships sank in the harbour of Tolna last winter.", NOT_BUT, None),
        (
            "Growth was 2.4 percent.",
            "The office lowered its estimate of growth to 1.9% from 2.4%.",
            "refutes",
        ),
        ("The slide killed 8 people.", "Contrary to earlier reports of 8 deaths, the slide killed 11.", "refutes"),
        (
            "The fair opens on 9 May.",
            "The fair opens on 10 May, and not, as first announced, on 9 May.",
            "refutes",
        ),
        ("The tax is 20 percent.", "The town raised the tax from 20 percent to 25 percent.", None),
        ("The crash at Orrin was not an accident.", NOT_BUT, None),
        ("The library in Orrin has 15 rooms.", NOTE, None),
        ("The library in Orrin cost 15 million euros.", "The library in Orrin cost 15 million euros.", None),
        ("", NOTE, None),
    ],
)
def test_a_correction_decides(claim: str, evidence: str, stance: str | None) -> None:
    assert corrects(claim, evidence) == stance


def test_a_sentence_that_gives_a_new_finding_revises_only_its_own_kind_of_figure() -> None:
    text = "The crash at Orrin. The damage of the crash is now put at 8 million euros. Nine cars were hit."
    assert revises("The crash at Orrin caused a damage of 5 million euros.", text)
    assert not revises("The crash at Orrin lasted two hours.", text)
    assert not revises("The flood in Tolna caused a loss of 5 million euros.", text)
    assert not revises(
        "The crash at Orrin caused a damage of 5 million euros.", text.replace("now put at", "about")
    )
