"""Text in general: its sentences, passages and words, dates and addresses, and how it is cleaned."""
