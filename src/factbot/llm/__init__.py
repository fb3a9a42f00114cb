"""What a language model is let do: word answers, split claims, phrase explanations. It decides nothing."""
