"""A process that is killed at any moment loses nothing of what it had kept."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.desk import claim, keep, store_at

# Keeps claims and reviews one by one, and says so after each.
KEEPING = """
import sys
from pathlib import Path
from factbot.results import Review
from tests.support.desk import claim, report, store_at

store = store_at(Path(sys.argv[1]))
check_id = store.begin("Boats.", "", "Boats", "")
print(check_id, flush=True)
claims = []
for n in range(10_000):
    claims.append(claim(f"Boat {n} was mended."))
    store.add_claims(check_id, report(*claims), kept=n)
    print("claim", n, flush=True)
    store.add_review(check_id, Review(n + 1, "refuted", f"Note {n}", "done", "Ida", ""))
    print("review", n, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_loses_nothing_that_was_kept(tmp_path: Path, seed: int) -> None:
    before = keep(store_at(tmp_path / "desk.db"), claim("An earlier boat was mended."))
    with subprocess.Popen(
        [sys.executable, "-c", KEEPING, str(tmp_path / "desk.db")], stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        check_id = process.stdout.readline().strip()
        time.sleep(random.Random(seed).uniform(0.05, 0.6))
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read().splitlines()
    whole = [line.split() for line in said if len(line.split()) == 2]
    kept = store_at(tmp_path / "desk.db").check(check_id)
    claims, reviews = (sum(what == kind for what, _ in whole) for kind in ("claim", "review"))
    assert claims > 0 and claims <= len(kept.report.claims) <= claims + 1
    assert [c.claim for c in kept.report.claims] == [
        f"Boat {n} was mended." for n in range(len(kept.report.claims))
    ]
    assert reviews <= len(kept.reviews) <= reviews + 1
    assert store_at(tmp_path / "desk.db").check(before).finished
