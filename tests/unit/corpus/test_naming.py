"""The file names that titles become."""

from __future__ import annotations

import pytest

from factbot.corpus.naming import slug


@pytest.mark.parametrize(
    ("title", "name"), [("Où? Là!", "où-là"), ("…", ""), ("../../x", "x"), ("a" * 99, "a" * 60)]
)
def test_slugs(title: str, name: str) -> None:
    assert slug(title) == name
