"""Floor 2, the world: one module per outside thing (settings, files, lake, warehouse, lock)."""
