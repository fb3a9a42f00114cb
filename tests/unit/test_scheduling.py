"""A queue: first come, first served, and everybody is told how many are before them."""

from __future__ import annotations

import threading
from contextlib import ExitStack

from factbot.scheduling import FairQueue


def test_everybody_knows_how_many_are_before_them() -> None:
    line = FairQueue(2)
    with ExitStack() as people:
        places = [people.enter_context(line.joined()) for _ in range(5)]
        assert [place.before(0) for place in places] == [0, 0, 1, 2, 3]
        with line.joined() as last:
            assert last.before(0) == 4
    with line.joined() as place:
        assert place.before(0) == 0, "those who left give their places up"


def test_who_waits_is_let_in_as_soon_as_somebody_leaves() -> None:
    line, let_in = FairQueue(1), threading.Event()

    def wait() -> None:
        with line.joined() as place:
            assert place.before() == 0
            let_in.set()

    with line.joined() as first:
        assert first.before() == 0
        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        assert not let_in.wait(0.1)
    assert let_in.wait(10)
    waiting.join(10)


def test_never_more_than_the_places_are_taken() -> None:
    line, inside, most = FairQueue(3), [], []
    lock = threading.Lock()

    def person() -> None:
        with line.joined() as place:
            place.before()
            with lock:
                inside.append(place)
                most.append(len(inside))
            with lock:
                inside.remove(place)

    people = [threading.Thread(target=person) for _ in range(40)]
    for each in people:
        each.start()
    for each in people:
        each.join(20)
    assert len(most) == 40 and max(most) <= 3
