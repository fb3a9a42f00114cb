"""The chat: questions, answers, reports of checks, and the evidence beside them."""
