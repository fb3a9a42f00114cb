"""Checks in front of every request: who may ask, which routes are open, how much is allowed."""
