"""Floor 4, the doors: the ways in for a person and for a scheduler."""
