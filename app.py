"""The browser chat on the sample corpus: `python app.py`, with the options of `factbot serve`."""

import sys
from pathlib import Path

from factbot.cli.main import main

CORPUS = Path(__file__).resolve().parent / "corpus"

if __name__ == "__main__":
    sys.exit(main(["serve", "--corpus", str(CORPUS), *sys.argv[1:]]))
