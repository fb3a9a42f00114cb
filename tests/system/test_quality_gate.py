"""Quality on the sample corpus stays above the floors in benchmarks/gate/floors.json."""

from __future__ import annotations

import pytest

from benchmarks.quality_gate import floors, measure, shortfalls


@pytest.mark.slow
def test_quality_is_not_under_its_floors() -> None:
    assert shortfalls(measure(), floors()) == []
