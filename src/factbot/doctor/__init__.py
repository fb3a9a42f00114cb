"""Whether everything is healthy, and if not, what to do about it."""
