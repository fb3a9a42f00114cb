"""People who sign in: their passwords, roles and sessions."""
