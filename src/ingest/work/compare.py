"""Comparing: what a new reading of documents says otherwise than the one before, in numbers.

It keeps counts and a few examples and lets the rest go, so that any number of documents can be
compared in the memory that some take.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

# What a person looks at to see what a change is like, and when they ask for one field.
EXAMPLES = 3
SHOWN_EXAMPLES = 50
# As much of a text as stands on two lines of a terminal; of what comes before the difference, a
# few words are enough to find the place.
_EXCERPT = 160
_LEAD = 30


@dataclass(frozen=True, slots=True)
class FieldChanges:
    """In how many documents one field is otherwise: it has another value, now has one, has none."""

    field: str
    changed: int
    appeared: int
    vanished: int


@dataclass(frozen=True, slots=True)
class Example:
    """One field of one document before and after, each cut to where they differ."""

    field: str
    source: str
    location: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Tally:
    """What was compared so far. `shown` is a field of which many examples are kept."""

    shown: str | None = None
    documents: int = 0
    differing: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    _fields: dict[str, Counter[str]] = field(default_factory=dict)
    _examples: dict[str, list[Example]] = field(default_factory=dict)

    def add(self, documents: int, changes: pa.Table) -> None:
        """Count so many documents, and the rows that `reextract/changes.sql` has of them."""
        self.documents += documents
        narrow = changes.select(["document_id", "source", "field", "change"])
        differing = narrow.group_by(["document_id", "source"]).aggregate([])
        self.differing += differing.num_rows
        self.sources.update(differing["source"].to_pylist())
        counts = narrow.group_by(["field", "change"]).aggregate([([], "count_all")])
        for row in counts.to_pylist():
            self._fields.setdefault(row["field"], Counter())[row["change"]] += row["count_all"]
        names = changes["field"].to_pylist()
        for place, name in enumerate(names):
            wanted = SHOWN_EXAMPLES if name == self.shown else EXAMPLES
            kept = self._examples.setdefault(name, [])
            if name == "outcome" or len(kept) < wanted:
                row = changes.slice(place, 1).to_pylist()[0]
                if name == "outcome":
                    self.outcomes[row["value_before"], row["value_after"]] += 1
                if len(kept) < wanted:
                    kept.append(_example(row))

    @property
    def fields(self) -> list[FieldChanges]:
        """Return the fields of articles that are otherwise, the most frequent first."""
        found = [
            FieldChanges(name, counts["changed"], counts["appeared"], counts["vanished"])
            for name, counts in self._fields.items()
            if name != "outcome"
        ]
        return sorted(
            found, key=lambda each: (-each.changed - each.appeared - each.vanished, each.field)
        )

    @property
    def examples(self) -> list[Example]:
        """Return the examples that were kept, by field."""
        return [each for name in sorted(self._examples) for each in self._examples[name]]


def _example(row: dict[str, Any]) -> Example:
    before, after = excerpt(row["value_before"], row["value_after"])
    return Example(row["field"], row["source"], row["location"], before, after)


def excerpt(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Return both texts, long ones cut to the place where they begin to differ."""
    start = 0
    if before and after and max(len(before), len(after)) > _EXCERPT:
        pairs = enumerate(zip(before, after, strict=False))
        same = next((at for at, (a, b) in pairs if a != b), min(len(before), len(after)))
        start = max(0, same - _LEAD)
    return _cut(before, start), _cut(after, start)


def _cut(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    opening = "…" if start else ""
    closing = "…" if len(text) > start + _EXCERPT else ""
    return f"{opening}{text[start : start + _EXCERPT]}{closing}"
