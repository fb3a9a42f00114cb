"""factbot on a set: its articles as a corpus folder, opened, synced, and its quotes judged."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from benchmarks.data import Article
from benchmarks.metrics import holds_answer
from factbot import Answer, FactBot, SyncProgress

__all__ = ["open_synced", "quotes_hold", "verbatim_quotes", "write_corpus"]


def write_corpus(folder: Path, articles: Iterable[Article]) -> None:
    """Write the articles as `ID.txt` with their title, source, date and url in front; files that exist stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for article in articles:
        path = folder / f"{article.id}.txt"
        if not path.exists():
            front = {"title": article.title, "source": article.source, "date": article.date, "url": article.url}
            given = {key: value for key, value in front.items() if value or key == "title"}
            head = yaml.safe_dump(given, allow_unicode=True, sort_keys=False)
            path.write_text(f"---\n{head}---\n\n{article.text}", encoding="utf-8")


def open_synced(corpus: Path, index: Path, **settings: Any) -> FactBot:
    """A warm FactBot whose index is equal to the corpus folder; a sync that was stopped goes on."""
    bot = FactBot.open(corpus, index=index, **settings)
    shown = time.monotonic()

    def progress(state: SyncProgress) -> None:
        nonlocal shown
        if time.monotonic() - shown > 30:
            shown = time.monotonic()
            print(
                f"sync {corpus.name}: {state.articles_done:,} of {state.articles_total:,} articles, "
                f"{state.passages_done:,} passages, {state.passages_per_second:.0f}/s",
                flush=True,
            )

    try:
        report = bot.sync(progress)
        if report.failed:
            raise RuntimeError(f"{len(report.failed)} articles did not go in, first {report.failed[0]}")
        bot.warm_up()
    except BaseException:
        bot.close()
        raise
    return bot


def quotes_hold(answer: Answer, accepted: Iterable[str]) -> bool:
    """Whether one of the cited quotes holds an accepted answer."""
    accepted = list(accepted)
    return any(holds_answer(citation.quote, accepted) for citation in answer.citations)


def verbatim_quotes(bot: FactBot, answer: Answer) -> tuple[int, int]:
    """How many citations the answer has, and how many quote their article word for word at their offsets."""
    good = 0
    for citation in answer.citations:
        text = bot.article(citation.passage.article_id).text
        good += (
            text[citation.quote_start : citation.quote_end] == citation.quote
            and text[citation.passage.start : citation.passage.end] == citation.passage.text
            and citation.passage.start <= citation.quote_start < citation.quote_end <= citation.passage.end
        )
    return len(answer.citations), good
