"""E-mail: a message's own words in their order, and what stands in them of other messages."""
