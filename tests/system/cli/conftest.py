"""What tests of the command line share."""

from __future__ import annotations

import pytest

from tests.support.library import (
    Library,
    copied,
)


@pytest.fixture(scope="session")
def shelf(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A copy of the library for commands that only read."""
    return copied(library, tmp_path_factory.mktemp("shelf"))
