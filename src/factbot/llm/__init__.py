"""An optional language model: it words answers and explanations, and decides nothing."""
