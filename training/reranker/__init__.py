"""The training of the reranker and of the answerability model."""
