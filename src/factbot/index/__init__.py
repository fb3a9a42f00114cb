"""The index: passages as vectors, words and a catalog, made again from the corpus at any time."""
