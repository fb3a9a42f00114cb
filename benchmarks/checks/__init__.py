"""Claims: the verifier alone on labelled pairs, and whole checks over corpora."""
