"""Waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

WAIT = 30.0


def waited(condition: Callable[[], Any]) -> Any:
    """What `condition` gives once it is true."""
    until = time.monotonic() + WAIT
    while not (found := condition()):
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.02)
    return found
