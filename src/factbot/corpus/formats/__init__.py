"""Readers, one for each kind of file: from the bytes of a file to the words of an article."""
