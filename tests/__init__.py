"""The tests: unit, integration, system and fuzz, in the rooms of the source; what they share is in support."""
