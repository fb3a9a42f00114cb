"""What sentences say of their facts: how surely, by whom, and of whom."""
