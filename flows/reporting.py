"""What runs show alike: what one collected, and at its end the state of its home.

The keys stay the same whatever flow shows them, so that the UI keeps one history of each. A table
of every run is short, for the server keeps it as long as the run: the `report` has all sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.flows.frame import try_to
from ingest.flows.steps import log_outcomes, show_summary, show_table, show_timings, tabulate
from ingest.flows.time_and_web import find_clock
from ingest.work.publish import Home
from ingest.work.report import (
    COVERAGE_DAYS,
    EARLIER_DAYS,
    RECENT_DAYS,
    Report,
    lay_out_coverage,
    lay_out_quality,
    report,
)
from ingest.work.summary import PollSummary, Summary

# Sources in a table that each run leaves; those with troubles are the first.
_MOST_OF_A_RUN = 40


def show_collected(
    key: str,
    things: str,
    summary: Summary | PollSummary,
    by_source: Sequence[Mapping[str, Any]],
    home: Home,
) -> None:
    """Show what a run brought, and, where it published, the state of the home.

    What it read are `things` to a person: files, or pages.
    """
    log_outcomes(by_source)
    lines = [f"Published as `{summary.generation}`.", ""] if summary.generation else []
    lines += tabulate(by_source)
    lines += [f"- not so: *{name}* ({rows:,} rows)" for name, rows in summary.warnings.items()]
    if isinstance(summary, Summary):
        lines += [f"- skipped {n:,} files {suffix}" for suffix, n in summary.files_skipped.items()]
    show_summary(f"{key}-summary", summary.sentence, lines)
    show_table(f"{key}-sources", by_source, "What came of each source")
    count = len(summary.rejections)
    show_table(f"{key}-rejections", summary.rejections, f"{count:,} {things} gave no article")
    show_timings(f"{key}-timings", summary.seconds)
    if summary.generation:
        show_home(home)


def show_home(home: Home) -> None:
    """Show the state of a home after a run, in short; a run fails by nothing in it."""

    def show() -> None:
        found = report(home, find_clock().now(), rejections=False)
        show_state(found)
        show_coverage(found, _MOST_OF_A_RUN)
        show_quality(found, _MOST_OF_A_RUN)

    if home.generations.current() is not None:
        try_to("show the state of the home", show)


def show_state(found: Report) -> None:
    """Show what the warehouse holds, how large it is, and how old."""
    rows = [{"fact": name.replace("_", " "), "value": value} for name, value in found.state.items()]
    show_table("warehouse", rows, found.sentence)


def show_coverage(found: Report, most: int | None = None) -> None:
    """Show the articles of each source and day, marked where something may be missing."""
    rows = lay_out_coverage(found.coverage, most)
    told = f"Articles of the last {COVERAGE_DAYS} days, UTC; "
    if found.incomplete:
        told += f"⚠ something may be missing of {len(found.incomplete):,} sources"
    else:
        told += "nothing is known to be missing"
    show_table("coverage", rows, told)


def show_quality(found: Report, most: int | None = None) -> None:
    """Show which share of a source's articles has what one should have, now and before."""
    told = f"The last {RECENT_DAYS} days, and (the {EARLIER_DAYS} before)"
    if found.drifted:
        told += f"; ⚠ {len(found.drifted):,} sources are read otherwise than before"
    show_table("quality", lay_out_quality(found.quality, most), told)


def show_rejections(found: Report) -> None:
    """Show what gave no article: how many for which reason, and links to the newest pages."""
    if not found.rejections_by_reason:
        return
    total = sum(row["pages"] for row in found.rejections_by_reason)
    lines = tabulate(found.rejections_by_reason)
    rows = [
        {
            "source": row["source"],
            "reason": row["reason"],
            "page": link(row["location"]),
            "detail": literal(row["detail"]),
        }
        for row in found.rejections
    ]
    lines += ["The newest of each source and reason:", "", *tabulate(rows)]
    show_summary("rejections", f"{total:,} pages gave no article in {RECENT_DAYS} days", lines)


def link(location: str) -> str:
    """Return a place in Markdown, as a link if it is an address; nothing in it has a meaning."""
    if not location.startswith(("http://", "https://")):
        return literal(location)
    address = "".join(
        f"%{ord(letter):02X}" if letter in "<>() |\\`" else letter for letter in location
    )
    return f"[{literal(location)}]({address})"


def literal(text: str) -> str:
    """Return text, which a page may have had a hand in, as Markdown that shows it as it is."""
    line = " ".join(text.split())
    return "".join(rf"\{letter}" if letter in r"\`*_[]<>" else letter for letter in line)
