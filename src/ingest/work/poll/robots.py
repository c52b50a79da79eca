"""robots.txt as a poll: what was answered, as a row, and what a row says until it is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.reading.identity import identify_poll
from ingest.reading.robots import read_robots
from ingest.words.reasons import Reason
from ingest.words.web import PASSING, Answer
from ingest.work.asking import HeldRobots
from ingest.work.poll.pages import describe_headers, rest_until
from ingest.work.poll.schedule import ROBOTS_FRESH, ROBOTS_RETRY


def describe_robots(answer: Answer, source: str, run_id: str) -> dict[str, Any]:
    """Return the row of polls for a robots.txt."""
    passing = answer.reason in PASSING
    text = answer.body.decode("utf-8", "replace") if answer.body is not None else None
    # that nothing answered is remembered as a server's failure, which asks for the same
    status = answer.status if not passing else max(answer.status or 0, 503)
    # until it is known nothing is asked of the site, so a day of not knowing is a day that is lost
    wait = ROBOTS_FRESH if read_robots(status).known else ROBOTS_RETRY
    return {
        "poll_id": identify_poll(source, answer.ask.url, answer.asked_at),
        "run_id": run_id,
        "source": source,
        "url": answer.ask.url,
        "kind": "robots",
        "outcome": "failed" if answer.reason is not None else "changed",
        "reason": answer.reason,
        "detail": answer.detail or None,
        "final_url": answer.final_url,
        "http_status": status,
        "headers": describe_headers(answer),
        "body": answer.body,
        "body_bytes": None if answer.body is None else len(answer.body),
        "robots_text": text,
        "attempt": int(answer.reason is not None),
        "interval_seconds": round(wait.total_seconds()),
        "again_at": answer.asked_at + wait,
        "fetch_seconds": answer.seconds,
        "polled_at": answer.asked_at,
        "polled_month": f"{answer.asked_at:%Y-%m}",
        "rest_until": rest_until(answer),
    }


def hold_robots(row: Mapping[str, Any]) -> HeldRobots:
    """Return what a row of polls for a robots.txt says, until it is to be asked for again."""
    text = row["robots_text"] or ""
    robots = read_robots(row["http_status"], text.encode("utf-8"))
    reason = Reason(row["reason"]) if row["reason"] else None
    return HeldRobots(robots, row["again_at"], reason, row["detail"] or "")
