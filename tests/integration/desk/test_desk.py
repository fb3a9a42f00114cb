"""Checks that are kept: gone on with after a stop, reviewed, compared with changed articles, and found again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from factbot import DeskError, FactBot, Report, UsageError
from factbot.cli.main import main
from factbot.doctor.findings import examine
from tests.support.library import Library, write_articles

DRAFT = (
    "The lighthouse at Orrin Point was built in 1871. Agnes Marlow built the lighthouse at Orrin Point. "
    "Dana Stroud became mayor of Quillon after the recount. The weather was lovely!"
)
LIGHTHOUSE, MARLOW, STROUD, LOVELY = range(1, 5)


def without_time(report: Report) -> Report:
    return replace(report, elapsed_ms=0, check_id="")


def test_a_check_is_kept_only_if_that_is_asked(own: Library) -> None:
    with own.open() as bot:
        plain = bot.check(DRAFT)
        assert plain.check_id == "" and "check_id" not in plain.to_dict() and bot.checks() == []
        report = bot.check(DRAFT, keep=True)
        kept = bot.kept(report.check_id)
        assert kept.report == report and kept.finished and kept.text == DRAFT
        assert without_time(report) == without_time(plain)
        assert kept.title.startswith("The lighthouse at Orrin Point") and kept.title.endswith("…")
    with own.open() as bot:
        assert bot.kept(report.check_id) == kept
        (listed,) = bot.checks()
        assert [c.verdict for c in listed.report.claims] == [c.verdict for c in report.claims]
        assert not any(c.evidence for c in listed.report.claims), "a list needs no evidence"
        with pytest.raises(UsageError, match="no words"):
            bot.check("…", keep=True)
        assert len(bot.checks()) == 1, "a text that cannot be checked is not kept"


def test_a_check_that_was_stopped_goes_on_after_its_last_claim(
    own: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own.open() as bot:
        check_id = bot.desk.begin(DRAFT)
        for event in bot.desk.run(check_id):
            if isinstance(event, Report) and len(event.claims) == 2:
                break
    with own.open() as bot:
        stopped = bot.kept(check_id)
        assert len(stopped.report.claims) == 2 and not stopped.finished
        checker = type(bot.checker)
        real, checked = checker.check, []
        monkeypatch.setattr(checker, "check", lambda *given: checked.append(given[1].text) or real(*given))
        report = bot.resume_check(check_id)
        assert checked == ["Dana Stroud became mayor of Quillon after the recount."]
        assert without_time(report) == without_time(bot.check(DRAFT))
        assert bot.kept(check_id).finished and bot.kept(check_id).report == report
        assert report.elapsed_ms >= stopped.report.elapsed_ms
        assert bot.resume_check(check_id) == report, "there is nothing left to do"


def test_kept_checks_outlive_a_rebuild_another_model_and_every_repair(own: Library, static_model: Path) -> None:
    with own.open() as bot:
        kept = bot.kept(bot.check(DRAFT, keep=True).check_id)
        bot.review(kept.id, STROUD, verdict="refuted", by="Ida")
        kept = bot.kept(kept.id)
        bot.rebuild()
        assert bot.kept(kept.id) == kept
    (own.parts / "catalog.db").write_bytes(b"no database")
    (own.index / "current").unlink()
    found = {finding.subject: finding for finding in examine(str(own.corpus), str(own.index), fix=True)}
    assert found["index"].healthy and found["checks"].text.startswith("1 kept in ")
    with own.open(embedding_model=str(static_model)) as bot:
        bot.rebuild()
        assert bot.kept(kept.id) == kept
        assert [e.claim for e in bot.earlier(DRAFT[:49])][:1] == [kept.report.claims[0].standalone]


def test_damaged_checks_are_named_and_not_touched(own: Library) -> None:
    damaged = b"no database" * 1_000
    (own.index / "desk.db").write_bytes(damaged)
    found = {f.subject: f for f in examine(str(own.corpus), str(own.index), fix=True)}
    assert not found["checks"].healthy and "backup" in found["checks"].text
    assert (own.index / "desk.db").read_bytes() == damaged
    with own.open() as bot, pytest.raises(DeskError, match="damaged"):
        bot.checks()


def test_a_review_stands_beside_the_verdict_and_earlier_ones_stay(
    own: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    with own.open() as bot:
        check_id = bot.check(DRAFT, keep=True).check_id
        first = bot.review(check_id, MARLOW, verdict="refuted", note="It was her brother.", by="Ida Cole")
        assert (first.status, first.claim) == ("open", MARLOW)
        second = bot.review(check_id, MARLOW, verdict="supported", by="Tom Brandt")
        third = bot.review(check_id, MARLOW, status="done", by="Tom Brandt")
        assert third.note == first.note and third.verdict == "supported" and third.status == "done"
        kept = bot.kept(check_id)
        assert kept.reviews == (first, second, third) and kept.review_of(MARLOW) == third
        assert kept.review_of(STROUD) is None
        for wrong in ({"claim_number": 5}, {"claim_number": 0}, {"verdict": "true"}, {"status": "shut"}):
            with pytest.raises(UsageError):
                bot.review(check_id, **{"claim_number": 1, **wrong})  # type: ignore[arg-type]
    assert main(["checks", check_id, *own.options]) == 0
    shown = capsys.readouterr().out
    assert "2. SUPPORTED" in shown
    assert "review: REFUTED, open, by Ida Cole" in shown and "review: SUPPORTED, done, by Tom Brandt" in shown


def test_a_recheck_says_which_verdicts_differ_and_which_article_did_it(own: Library) -> None:
    with own.open() as bot:
        check_id = bot.check(DRAFT, keep=True).check_id
        assert bot.recheck() == [] and bot.corrections() == []
        article = (own.corpus / "election/recount.md").read_text(encoding="utf-8")
        write_articles(
            own.corpus, {"election/recount.md": article.replace("Stroud became mayor", "Harrow became mayor")}
        )
        bot.remove("lighthouse.md")
        bot.sync()
        changes = bot.recheck()
        assert {change.claim for change in changes} >= {LIGHTHOUSE, MARLOW}
        lighthouse = changes[0]
        assert (lighthouse.check_id, lighthouse.claim) == (check_id, LIGHTHOUSE)
        assert (lighthouse.was, lighthouse.now) == ("supported", "not_enough_evidence")
        gone = {lighthouse.because[number - 1].passage.article_id for number in lighthouse.gone}
        assert gone == {"lighthouse.md"}
        assert bot.corrections() == changes
        assert bot.kept(check_id).report.claims[0].verdict == "supported", "the report stays as it was handed on"
        assert bot.recheck([check_id]) == changes and bot.corrections() == changes, (
            "what is known is not logged again"
        )

        bot.restore("lighthouse.md")
        assert LIGHTHOUSE not in {change.claim for change in bot.recheck()}
        back = bot.corrections()[-1]
        assert (back.was, back.now) == ("not_enough_evidence", "supported")
        assert {citation.passage.article_id for citation in back.because} == {"lighthouse.md"}
        log = bot.corrections()
        bot.delete_check(check_id)
        assert bot.corrections() == log, "the log only grows"


def test_nothing_is_checked_again_where_nothing_changed(own: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    with own.open() as bot:
        check_id = bot.check(DRAFT, keep=True).check_id
        checker = type(bot.checker)
        monkeypatch.setattr(checker, "check", lambda *given: pytest.fail("it was checked again"))
        assert bot.recheck([check_id]) == []
        with pytest.raises(DeskError, match="no-such"):
            bot.recheck([check_id, "no-such"])


def test_a_claim_that_was_checked_before_is_found_with_its_verdict(own: Library, tmp_path: Path) -> None:
    feed = {
        "@type": "DataFeed",
        "dataFeedElement": [
            {
                "@type": "DataFeedItem",
                "item": [
                    {
                        "@type": "ClaimReview",
                        "claimReviewed": "A comet will hit the Earth in April 2030",
                        "reviewRating": {"ratingValue": 1, "bestRating": 5, "alternateName": "False"},
                        "author": {"@type": "Organization", "name": "Sky Facts"},
                        "datePublished": "2029-12-01T10:00:00Z",
                        "url": "https://skyfacts.example/comet",
                    }
                ],
            }
        ],
    }
    (tmp_path / "feed.json").write_text(json.dumps(feed), encoding="utf-8")
    with own.open() as bot:
        assert bot.earlier("The lighthouse was built in 1871.") == []
        check_id = bot.check(DRAFT, keep=True).check_id
        report = bot.import_checks(tmp_path / "feed.json")
        assert (report.added, report.known, report.failed) == (1, 0, ())
        assert bot.import_checks(tmp_path / "feed.json").known == 1

        reworded, *_ = bot.earlier("In April 2030 a comet is going to strike our planet.")
        assert (reworded.verdict, reworded.by, reworded.at) == ("False", "Sky Facts", "2029-12-01")
        assert reworded.url == "https://skyfacts.example/comet" and 0 < reworded.similarity <= 1

        built, *_ = bot.earlier("Orrin Point's lighthouse dates from 1871.")
        assert (built.check_id, built.verdict, built.by, built.differs) == (check_id, "supported", "", "")
        other, *_ = bot.earlier("The lighthouse at Orrin Point was built in 1902.")
        assert other.claim == built.claim and "1871" in other.differs and "1902" in other.differs
        assert bot.earlier("Bread is baked from flour and water.") == []

        bot.review(check_id, LIGHTHOUSE, verdict="refuted", by="Ida Cole")
        built, *_ = bot.earlier("Orrin Point's lighthouse dates from 1871.")
        assert (built.verdict, built.by) == ("refuted", "Ida Cole"), "a person's word goes first"

        assert bot.desk.earlier("Orrin Point's lighthouse dates from 1871.", owner="somebody else") == []
        assert bot.desk.earlier("Orrin Point's lighthouse dates from 1871.", besides=check_id) == []
        bot.delete_check(check_id)
        assert bot.earlier("Orrin Point's lighthouse dates from 1871.") == []


def test_a_deleted_check_is_gone_from_the_disk_and_can_be_put_back(own: Library) -> None:
    with own.open() as bot:
        check_id = bot.check(DRAFT, keep=True).check_id
        bot.review(check_id, MARLOW, note="Ask the museum.")
        bot.rename_check(check_id, "  Orrin\nPoint ")
        kept = bot.kept(check_id)
        assert kept.title == "Orrin Point"
        assert bot.delete_check(check_id) == kept and bot.checks() == []
        with pytest.raises(DeskError, match=check_id):
            bot.kept(check_id)
        files = b"".join(path.read_bytes() for path in own.index.glob("desk.db*"))
        assert b"museum" not in files and b"Dana Stroud became" not in files
        bot.desk.put(kept)
        assert bot.kept(check_id) == kept


def test_commands_on_kept_checks(own: Library, capsys: pytest.CaptureFixture[str]) -> None:
    def ran(*arguments: str) -> str:
        assert main([*arguments, *own.options]) == 0
        return capsys.readouterr().out

    assert ran("checks") == ""
    assert "SUPPORTED" in ran("check", "--keep", DRAFT)
    (line,) = ran("checks").splitlines()
    check_id, at, title, counts = line.split("\t")
    assert at.endswith("Z") and title.startswith("The lighthouse") and "supported" in counts
    assert json.loads(ran("checks", check_id, "--json"))["report"]["check_id"] == check_id
    assert ran("checks", check_id, "--rename", "Orrin Point").startswith("Orrin Point\n")
    (own.corpus / "lighthouse.md").unlink()
    ran("sync")
    assert "SUPPORTED -> NOT ENOUGH EVIDENCE  The lighthouse at Orrin Point" in ran("recheck")
    assert "no longer said: Orrin Point lighthouse turns 150" in ran("recheck", "--log")
    assert ran("checks", check_id, "--delete") == f"Deleted {check_id}: Orrin Point\n"
    assert "(deleted)" in ran("recheck", "--log")
    assert main(["checks", check_id, *own.options]) == 1
    assert main(["checks", "--delete", *own.options]) == 2


def test_several_people_keep_their_own(own: Library) -> None:
    with own.open() as bot:
        for owner in ("anna", "ben"):
            for _ in bot.desk.run(bot.desk.begin(f"{DRAFT} {owner}", owner=owner)):
                pass
        (hers,) = bot.desk.checks("anna")
        assert hers.text.endswith("anna") and len(bot.checks()) == 2
        with pytest.raises(DeskError):
            bot.desk.kept(hers.id, owner="ben")


def test_the_desk_is_not_opened_by_those_who_do_not_use_it(own: Library) -> None:
    with own.open() as bot:
        assert isinstance(bot, FactBot)
        bot.search("lighthouse")
    assert not list(own.index.glob("desk.db*"))
