"""What stands in front of every request: who may ask, for which route, how much."""
