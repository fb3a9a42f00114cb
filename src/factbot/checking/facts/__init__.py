"""Numbers, dates and names, read out of texts and compared."""
