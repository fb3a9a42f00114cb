"""Generated input for the readers of files and for the HTTP API."""
