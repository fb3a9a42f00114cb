"""PDF: the text of its pages, what is written into its forms, and pages that are pictures."""
