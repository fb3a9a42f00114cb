"""The fact-checker's desk: checks that are kept, reviewed, compared with today's articles, and found again."""
