"""The models that ship with factbot, and how they are run."""
