"""From a text to claims, evidence and verdicts."""
