"""Retrieval and answers: factbot on public question sets, beside other frameworks and language models."""
