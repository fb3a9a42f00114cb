"""Made-up reports of checks, for tests of what is kept of them."""

from __future__ import annotations

from pathlib import Path

from factbot.desk.database import Database
from factbot.desk.store import CheckStore
from factbot.results import ClaimCheck, Evidence, Passage, Report, Scores, Stance, Verdict

PASSAGE = Passage(
    "quay.md#0-30", "quay.md", "The quay", "Tolvik Post", "", "2021-05-04", 0, 30, "The quay was mended."
)


def claim(text: str, verdict: Verdict = "supported", stance: Stance = "supports") -> ClaimCheck:
    """A claim with one piece of evidence."""
    evidence = Evidence(PASSAGE, "The quay", 0, 8, stance, Scores(0.8, 0.1, 0.1))
    return ClaimCheck(text, 0, len(text), verdict, 0.9, (evidence,), "Because.", None, 1, standalone=text)


def report(*claims: ClaimCheck) -> Report:
    return Report(" ".join(c.claim for c in claims), claims, 12, "abc", {"verifier": "v"})


def store_at(path: Path) -> CheckStore:
    return CheckStore(Database(path))


def keep(store: CheckStore, *claims: ClaimCheck, owner: str = "") -> str:
    """Keep a whole check of these claims, and give its id."""
    made = report(*claims)
    check_id = store.begin(made.text, "", made.text[:20], owner)
    store.add_claims(check_id, made)
    store.finish(check_id)
    return check_id
