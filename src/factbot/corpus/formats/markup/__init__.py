"""Marks and layout of pages and documents as plain text: raised figures, what is struck out, tables, an article's extent."""
