"""Numbers with all that belongs to them: units, currencies, shares, changes, and what they count."""
