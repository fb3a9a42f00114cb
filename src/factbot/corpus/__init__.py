"""The folder of articles, which is the truth, and its history."""
