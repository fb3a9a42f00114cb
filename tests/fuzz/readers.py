"""Look for files that break what the readers promise: `python tests/fuzz/readers.py -max_total_time=60`.

Options are libFuzzer's. What is found is written to `seeds`, where `tests/fuzz/test_readers.py` reads it for ever
after. It needs the package atheris.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

SEEDS = Path(__file__).parent / "seeds"
sys.path.insert(0, str(SEEDS.parents[2]))
with atheris.instrument_imports(include=["factbot", "feedparser"]):
    from tests.fuzz.promises import EXAMPLES, keep


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, example in enumerate(EXAMPLES):
            (Path(folder) / f"{number}").write_bytes(example)
        bounds = ["-timeout=20", "-rss_limit_mb=4000", "-max_len=4096", f"-artifact_prefix={SEEDS}/"]
        atheris.Setup([sys.argv[0], *bounds, *sys.argv[1:], folder, str(SEEDS)], keep)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
