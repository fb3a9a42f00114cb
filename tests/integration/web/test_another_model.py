"""An index of another embedding model goes on answering until it is rebuilt."""

from __future__ import annotations

from pathlib import Path

from factbot import FactBot
from factbot.web.corpus_tab.actions import CorpusTabActions
from factbot.web.corpus_tab.status import MODEL_DIFFERS
from factbot.web.startup import Startup
from tests.support.newsroom import MAYOR_QUESTION, write_corpus
from tests.support.page import Page
from tests.support.waiting import WAIT, waited


def test_index_of_another_model_answers_until_it_is_re_embedded(tmp_path: Path, static_model: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    with FactBot.open(corpus, index=tmp_path / "index") as bot:
        bot.sync()
    with FactBot.open(corpus, index=tmp_path / "index", embedding_model=str(static_model)) as bot:
        startup = Startup(bot)
        actions = CorpusTabActions(bot, startup)
        startup.start()
        assert startup.finished.wait(WAIT)
        assert MODEL_DIFFERS in Page(actions.act({"do": "look"})["state"]).text
        assert "Ingrid Solheim" in bot.ask(MAYOR_QUESTION).text
        actions.act({"do": "rebuild"})
        waited(lambda: not actions.act({"do": "look"})["busy"])
        words = Page(actions.act({"do": "look"})["state"]).text
        assert "4 articles, " in words and "up to date" in words
