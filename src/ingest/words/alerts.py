"""What an alert is: a trouble that somebody should know of, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

LAW_BROKE = "a law broke"
DISK_NEARLY_FULL = "the disk is nearly full"
TEST = "a test"


@dataclass(frozen=True, slots=True)
class Finding:
    """A trouble that is there now: its name, what it is about, and a message with its numbers."""

    alert: str
    subject: str
    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes two findings the same trouble."""
        return self.alert, self.subject


class Kind(StrEnum):
    """What is told of a trouble."""

    OPENED = "opened"
    REMINDED = "reminded"
    CLOSED = "closed"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Episode:
    """A trouble from its beginning to its end, and who was told of it when.

    `told` has for each way of telling when it was last told there that the trouble is there.
    """

    finding: Finding
    opened_at: datetime
    found_at: datetime
    closed_at: datetime | None = None
    told: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Return whether the trouble is still there."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to be told: what kind of news of which trouble."""

    kind: Kind
    finding: Finding
    opened_at: datetime
    told_at: datetime
    home: str

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it; a fact that is no number, truth or text becomes a text."""
        return {
            "kind": self.kind.value,
            "alert": self.finding.alert,
            "subject": self.finding.subject,
            "message": self.finding.message,
            "facts": plain(self.finding.facts),
            "opened_at": self.opened_at.isoformat(),
            "told_at": self.told_at.isoformat(),
            "run_book": run_book(self.finding.alert),
            "home": self.home,
        }


def run_book(alert: str) -> str:
    """Return where the run book says what to do about an alert."""
    return f"deploy/README.md: {alert[:1].upper()}{alert[1:]}"


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return `facts` as JSON can have them."""
    return {
        name: value if value is None or isinstance(value, (str, int, float)) else str(value)
        for name, value in facts.items()
    }
