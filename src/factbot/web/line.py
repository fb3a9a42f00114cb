"""Whose turn it is: a few questions at a time, first come, first served, and everybody knows where they stand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Line", "Place"]


class Line:
    """People who wait for one of `places` to answer in."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._line: list[Place] = []  # those being answered stand in front
        self._moved = threading.Condition()

    @contextmanager
    def joined(self) -> Iterator[Place]:
        """A place at the end of the line, given up when it is done with, answered or not."""
        place = Place(self)
        with self._moved:
            self._line.append(place)
        try:
            yield place
        finally:
            with self._moved:
                self._line.remove(place)
                self._moved.notify_all()

    def _before(self, place: Place, patience: float | None) -> int:
        def is_its_turn() -> bool:
            return self._line.index(place) < self._places

        with self._moved:
            self._moved.wait_for(is_its_turn, patience)
            return max(0, self._line.index(place) - self._places + 1)


class Place:
    """Where one question stands in a line."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def before(self, patience: float | None = None) -> int:
        """How many are to be answered first, after at most `patience` seconds of waiting; 0: it is its turn."""
        return self._line._before(self, patience)
