"""From a query to the passages that say most about it."""
