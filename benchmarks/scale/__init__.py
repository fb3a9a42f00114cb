"""Speed and size: indexing, answers beside other work, and corpora of up to a million passages."""
