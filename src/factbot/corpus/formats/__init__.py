"""Readers, one for each kind of file: bytes in, the words of an article out."""
