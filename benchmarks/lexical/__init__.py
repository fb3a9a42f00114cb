"""Lexical engines beside each other: cost, death, recall."""
