"""Floor 1, reading: bytes in, values out. No clock, no disk, no network, and no exception."""
