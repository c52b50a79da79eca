"""Polling: asking the web for lists, and for the pages that they name, when it is time."""
