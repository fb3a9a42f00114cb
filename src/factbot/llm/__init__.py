"""An optional language model: what it words is checked, and it has no say in a verdict unless `judge` is set."""
