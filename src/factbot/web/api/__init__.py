"""Calls from outside the page: factbot's own commands (calls, methods, client) and other programs (programs)."""
