"""Alerts: what is wrong in a home, since when, and who has been told of it."""
