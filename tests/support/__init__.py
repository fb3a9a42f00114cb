"""What tests of several folders use: a corpus, made-up files, servers, and a page read without a browser."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
