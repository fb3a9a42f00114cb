"""What the facts decide of a claim outright, whatever a model makes of the words around them."""
