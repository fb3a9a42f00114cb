"""The folder of articles, which is the truth; its history; and how articles are read and taken in."""
