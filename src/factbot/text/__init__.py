"""Text in general: sentences, passages, words and their forms."""
