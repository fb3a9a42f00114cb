"""Near copies are linked in the index."""

from __future__ import annotations

from tests.support.embedding import Recording
from tests.support.library import AGENCY, Library


def test_near_copies_are_linked_both_ways_until_one_goes(own: Library, recording: Recording) -> None:
    for paper in ("vane", "courier"):
        (own.corpus / f"{paper}.txt").write_text(
            f"Ferry aground\n\n{AGENCY} Reporting by {paper}.", encoding="utf-8"
        )
    with own.open() as bot:
        bot.sync()
        linked = {article.id: article.copies for article in bot.articles() if article.copies}
        assert linked == {"vane.txt": ("courier.txt",), "courier.txt": ("vane.txt",)}
        assert bot.article("vane.txt").copies == ("courier.txt",)
        bot.remove("courier.txt")
        assert bot.article("vane.txt").copies == ()
        bot.restore("courier.txt")
        assert bot.article("vane.txt").copies == ("courier.txt",)
        (own.corpus / "vane.txt").write_text("Ferry aground\n\nNothing more is known.", encoding="utf-8")
        bot.sync()
        assert all(article.copies == () for article in bot.articles())
