"""The report: what was covered, what the warehouse holds, how well pages were read, what was not.

All of it is asked of the published warehouse, in SQL, as one moment sees it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ingest.words.errors import WrongUse
from ingest.work.alerts.find import watching
from ingest.work.publish import Home

Row = dict[str, Any]

# Two weeks stand beside each other on a screen; a week is compared with the four before it.
COVERAGE_DAYS = 14
RECENT_DAYS = 7
EARLIER_DAYS = 28
# What a person goes through page by page: some of each source and reason, so that one of them
# does not hide the others.
SHOWN_REJECTIONS = 200
REJECTIONS_OF_EACH = 5

QUERIES: Mapping[str, Mapping[str, int]] = {
    "status": {},
    "coverage": {"days": COVERAGE_DAYS},
    "quality": {"days": RECENT_DAYS, "earlier_days": EARLIER_DAYS},
    "rejections_by_reason": {"days": RECENT_DAYS},
    "recent_rejections": {
        "days": RECENT_DAYS,
        "most": SHOWN_REJECTIONS,
        "each": REJECTIONS_OF_EACH,
    },
}
_MEASURES = ("rejected", "title", "day", "author", "deck", "picture")
_MARKS = {
    "gap": "⚠ gap",
    "no answer": "⚠ no answer",
    "not asked": "⚠ not asked",
    "gap, filled": "(gap, filled)",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a home holds, one field a table; `rejections` are left out where nobody asked."""

    at: datetime
    state: Row
    coverage: list[Row] = field(default_factory=list)
    quality: list[Row] = field(default_factory=list)
    rejections_by_reason: list[Row] = field(default_factory=list)
    rejections: list[Row] = field(default_factory=list)

    @property
    def incomplete(self) -> list[str]:
        """Return the sources of which something may be missing, in the days of the coverage."""
        return sorted({row["source"] for row in self.coverage if _is_incomplete(row)})

    @property
    def drifted(self) -> list[str]:
        """Return the sources that are read otherwise than before."""
        return [row["source"] for row in self.quality if row["drifted"]]

    @property
    def sentence(self) -> str:
        """Return the report in one line."""
        told = f"{self.state['articles']:,} articles of {self.state['sources']:,} sources"
        if self.incomplete:
            told += f"; something may be missing of {_name(self.incomplete)}"
        if self.drifted:
            told += f"; otherwise than before is {_name(self.drifted)}"
        return told


def report(home: Home, now: datetime, *, rejections: bool = True) -> Report:
    """Return what the published warehouse says of itself. Raises WrongUse where there is none."""
    current = home.generations.current()
    if current is None:
        raise WrongUse(f"{home.folder}: there is no warehouse yet; `ingest run PATH` makes one")
    sources = home.read_sources().values()
    wanted = [name for name in QUERIES if rejections or "rejections" not in name]
    with home.reading() as warehouse, watching(warehouse, sources):
        rows: dict[str, list[Row]] = {
            name: warehouse.file_rows(
                "report", name, {**QUERIES[name], **({} if name == "status" else {"now": now})}
            ).to_pylist()
            for name in wanted
        }
    facts = current.stat()
    published_at = datetime.fromtimestamp(facts.st_mtime, UTC)
    state = {
        "generation": current.name,
        "published_at": published_at,
        "age_minutes": max(0, round((now - published_at).total_seconds() / 60)),
        "warehouse_bytes": facts.st_size,
        **rows["status"][0],
    }
    return Report(
        at=now,
        state=state,
        coverage=rows["coverage"],
        quality=rows["quality"],
        rejections_by_reason=rows.get("rejections_by_reason", []),
        rejections=rows.get("recent_rejections", []),
    )


def lay_out_coverage(rows: Sequence[Row], most: int | None = None) -> list[Row]:
    """Return a row for each source and a column for each day, for a person to look at.

    A cell has the articles of the day, and a mark where something may be missing. Sources of which
    something may be stand first; with `most`, no others than so many are shown.
    """
    sources: dict[str, dict[date, Row]] = {}
    for row in rows:
        sources.setdefault(row["source"], {})[row["day"]] = row
    troubles = {name: sum(map(_is_incomplete, days.values())) for name, days in sources.items()}
    order = sorted(sources, key=lambda name: (-troubles[name], name))
    return [
        {"source": name}
        | {f"{day:%m-%d}": _cell(row) for day, row in sorted(sources[name].items())}
        for name in order[:most]
    ]


def lay_out_quality(rows: Sequence[Row], most: int | None = None) -> list[Row]:
    """Return a row for each source, with shares as a person reads them: `97 % (99 %)`, before."""
    return [
        {
            "source": row["source"],
            "pages": f"{row['pages']:,} ({row['pages_before']:,})",
            **{name: _share(row[name], row[f"{name}_before"]) for name in _MEASURES},
            "words": _beside(_whole(row["words"]), _whole(row["words_before"])),
            "drifted": f"⚠ {', '.join(row['drifted'])}" if row["drifted"] else "",
        }
        for row in rows[:most]
    ]


def _is_incomplete(row: Row) -> bool:
    return row["state"] in {"gap", "no answer", "not asked"}


def _cell(row: Row) -> str:
    if row["state"] is None:
        return "·"
    mark = _MARKS.get(row["state"], "")
    return f"{row['articles']:,} {mark}".rstrip()


def _share(now: float | None, before: float | None) -> str:
    return _beside(*("" if each is None else f"{each:.0%}" for each in (now, before)))


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _beside(now: str, before: str) -> str:
    return f"{now} ({before})" if before else now


def _name(sources: Sequence[str]) -> str:
    more = f" and {len(sources) - 3:,} more" if len(sources) > 3 else ""  # noqa: PLR2004 (a line holds three)
    return ", ".join(sources[:3]) + more
