"""The Corpus tab: articles listed, added, changed and removed."""
