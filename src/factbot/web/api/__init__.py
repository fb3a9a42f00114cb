"""Calls from programs beside the page."""
