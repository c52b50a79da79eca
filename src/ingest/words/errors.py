"""The errors, one tree. A page that is no article is a value (`Rejection`), never one of these.

    IngestError
    ├── WrongUse          what was asked cannot be done as asked (exit code 2)
    ├── LawBroken         a check that must hold does not; nothing was published (exit code 3)
    ├── Locked            another loader works in this home (exit code 4)
    └── StoreDamaged      the lake or the warehouse is not what its own log says (exit code 5)

A message says what, where, what was expected and what to do; lower case, no full stop.
"""

from __future__ import annotations


class IngestError(Exception):
    """Something that a person has to know about, told in one line."""

    exit_code = 5


class WrongUse(IngestError):
    """What was asked for cannot be done as it was asked."""

    exit_code = 2


class LawBroken(IngestError):
    """A must-check returned rows, so nothing was published."""

    exit_code = 3


class Locked(IngestError):
    """Another process holds the loader's lock of this home."""

    exit_code = 4


class StoreDamaged(IngestError):
    """The lake or the warehouse on disk contradicts its own log."""
