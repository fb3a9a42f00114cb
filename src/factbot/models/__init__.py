"""Running models: those that ship with factbot, and embedding models that people name."""
