"""What a table of settings is: its keys, and what their values come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.reading.tables import Read


@dataclass(frozen=True, slots=True)
class Table:
    """A table of `settings.toml`; in the environment its keys stand behind its name.

    `settle` makes of the values, read as `keys` says, what the program works with; it is given the
    home, for paths are from there. `nested` are the keys of its own tables. `meant` and `also` are
    words that people use for a key, and for the table.
    """

    keys: Mapping[str, Read]
    settle: Callable[[Mapping[str, Any], Path], Any]
    meant: Mapping[str, str] = field(default_factory=dict)
    nested: Mapping[str, Mapping[str, Read]] = field(default_factory=dict)
    also: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Return its keys as the environment has them, those of a nested table behind its name."""
        flat = [key for key in self.keys if key not in self.nested]
        return flat + [f"{name}__{key}" for name, keys in self.nested.items() for key in keys]
