"""The real fetch, which may also ask this machine."""

from __future__ import annotations

import pytest

from factbot.corpus.ingest.fetch import Fetched, _fetch
from factbot.errors import ArticleError


def get(url: str, seconds: float = 5) -> Fetched:
    """The real fetch, with every address allowed."""
    return _fetch(url, lambda address: True, seconds)


def refusal(url: str, seconds: float = 5) -> str:
    with pytest.raises(ArticleError) as caught:
        get(url, seconds)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence
    return sentence
