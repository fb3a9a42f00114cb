"""The browser page and the app that serves it."""
