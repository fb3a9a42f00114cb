"""What pages and documents say by marks and layout, as plain text: raised figures, tables, an article's extent."""
