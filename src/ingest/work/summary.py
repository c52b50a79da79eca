"""What a run did, in numbers that add up: the same facts for people, programs and the UI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from ingest.words.errors import IngestError


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of one run.

    Every file found was `known` or read; every document read is a new article, a revision, an
    article that reads as before, or a rejection.
    """

    run_id: str
    files_found: int
    files_known: int
    files_skipped: Mapping[str, int] = field(default_factory=dict)
    sources: list[dict[str, Any]] = field(default_factory=list)
    rejections: list[dict[str, Any]] = field(default_factory=list)
    warnings: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    rows_loaded: int = 0
    generation: str | None = None
    ahead_hours: float = 0.0

    def total(self, column: str) -> int:
        """Return the sum of one column over all sources."""
        return sum(row[column] for row in self.sources)

    @property
    def rejected_share(self) -> float:
        """Return which share of the documents read was rejected; 0 where none was read."""
        documents = self.total("documents")
        return self.total("rejected") / documents if documents else 0.0

    @property
    def outcomes(self) -> str:
        """Return what came of the documents that were read, in numbers that add up to them."""
        told = (
            f"{self.total('new'):,} new, {self.total('revised'):,} revised, "
            f"{self.total('rejected'):,} rejected"
        )
        as_before = self.total("as_before")
        return f"{told}, {as_before:,} read as before" if as_before else told

    @property
    def sentence(self) -> str:
        """Return the run in one line of numbers."""
        if not self.sources:
            return f"nothing new in {self.files_known:,} files"
        return (
            f"{self.outcomes}, {self.total('unchanged'):,} unchanged; "
            f"{self.files_known:,} of {self.files_found:,} files were known"
        )


@dataclass(frozen=True, slots=True)
class PollSummary:
    """The outcome of one polling run.

    `counts` are of what was asked for: lists `polled`, of these `polls_failed`, and `gaps`; links
    `discovered`; pages `fetched`, `unchanged`, `postponed` and `failed`; `left` is what stays due
    because its host is being left alone or has had its time. `unexpected` are sources that gave
    fewer or more articles in a day than a person expects, `broken` those whose visit an error of
    ours ended. `ahead_hours` is how far the newest stamp of earlier runs is ahead of the clock, 0
    where it is not.
    """

    run_id: str
    sources: int
    counts: Mapping[str, int] = field(default_factory=dict)
    by_source: list[dict[str, Any]] = field(default_factory=list)
    rejections: list[dict[str, Any]] = field(default_factory=list)
    unexpected: list[dict[str, Any]] = field(default_factory=list)
    broken: Mapping[str, Exception] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    rows_loaded: int = 0
    generation: str | None = None
    ahead_hours: float = 0.0

    def total(self, column: str) -> int:
        """Return the sum of one column over all sources."""
        return sum(row[column] for row in self.by_source)

    @property
    def rejected_share(self) -> float:
        """Return which share of the pages read was rejected; 0 where none was read."""
        read = self.counts.get("fetched", 0) + self.counts.get("failed", 0)
        return self.total("rejected") / read if read else 0.0

    @property
    def sentence(self) -> str:
        """Return the run in one line of numbers."""
        if not self.ahead_hours:
            return self._numbers
        return (
            f"{self._numbers}; the clock is {self.ahead_hours:,.1f} hours behind what an earlier "
            "run wrote down, and what was asked for then is not due before that time"
        )

    @property
    def _numbers(self) -> str:
        if not self.counts:
            return f"nothing is due of {_count(self.sources)}"
        told = (
            f"{self.total('new'):,} new, {self.total('revised'):,} revised, "
            f"{self.total('rejected'):,} rejected, {self.counts.get('gaps', 0):,} gaps; "
            f"{self.counts.get('polled', 0):,} lists polled of {_count(self.sources)}"
        )
        left = self.counts.get("left", 0)
        return f"{told}, {left:,} pages left for later" if left else told


class _Visited(Protocol):
    """What came of visits."""

    @property
    def broken(self) -> Mapping[str, Exception]:
        """By its source, what ended a visit."""

    @property
    def sentence(self) -> str:
        """What came of them in one line."""


V = TypeVar("V", bound=_Visited)


def check_whole(summary: V) -> V:
    """Return `summary` if no visit of a source broke off; raise IngestError, which says who."""
    errors = summary.broken
    if not errors:
        return summary
    told = "; ".join(f"{name}: {type(error).__name__}: {error}" for name, error in errors.items())
    raise IngestError(
        f"the visit of {_count(len(errors))} broke off, for a fault of ingest that is to be "
        f"reported: {told}; all else was published: {summary.sentence}"
    ) from next(iter(errors.values()))


def _count(sources: int) -> str:
    return f"{sources:,} source{'' if sources == 1 else 's'}"
