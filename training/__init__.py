"""How the models that ship are made, and their scores made into probabilities."""
