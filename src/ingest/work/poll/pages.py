"""Pages: what came back for a link, as a row of documents. A function of the two."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from ingest.reading.caching import validators
from ingest.reading.identity import identify_document
from ingest.words.nouns import DocumentKind
from ingest.words.reasons import Reason
from ingest.words.web import PASSING, Answer
from ingest.work.poll.plan import LinkState
from ingest.work.poll.schedule import next_look, next_try

_TEXT_TYPES = ("text/plain",)


def describe_page(
    link: LinkState,
    answer: Answer,
    run_id: str,
    rights: tuple[str, ...] = (),
    *,
    is_watched: bool = True,
) -> dict[str, Any]:
    """Return the row of documents that says what `answer` is for `link`, but for its batch.

    A page that is not watched for edits is not looked at again once it was had, or is gone: lists
    run ahead of what is new, never of what is old.
    """
    had = answer.reason is None
    sha256 = _sha256(link, answer)
    same = had and link.sha256 is not None and sha256 == link.sha256
    attempt = 0 if had else link.attempt + 1
    is_over = not is_watched and (had or answer.reason is Reason.GONE)
    again_after = None if is_over else _again_after(link, answer, attempt)
    outcome = _outcome(had=had, same=same, again_after=again_after, reason=answer.reason)
    stated = answer.header("content-type")
    etag, last_modified = validators(answer.headers)
    asked_at = answer.asked_at
    return {
        "document_id": identify_document(
            link.url, link.document_id, f"{sha256 or answer.reason} {asked_at.isoformat()}"
        ),
        "run_id": run_id,
        "source": link.source,
        "location": link.url,
        "kind": _kind(stated) if had else None,
        "outcome": outcome,
        "reason": None if had else answer.reason,
        "detail": answer.detail or None,
        "body": answer.body if outcome == "fetched" else None,
        "body_bytes": None if answer.body is None else len(answer.body),
        "sha256": sha256,
        "file_location": link.url,
        "file_bytes": len(answer.body or b""),
        "file_modified_at": asked_at,
        "last_in_file": True,
        "known_on": asked_at.date(),
        "fetched_at": asked_at,
        "fetched_month": f"{asked_at:%Y-%m}",
        "link_id": link.link_id,
        "final_url": answer.final_url,
        "http_status": answer.status,
        "headers": describe_headers(answer),
        "redirects": [f"{hop.status} {hop.url}" for hop in answer.hops],
        "content_type": stated,
        # an answer that nothing changed may leave the marks out
        "etag": etag or (link.etag if same else None),
        "last_modified": last_modified or (link.last_modified if same else None),
        "fetch_seconds": answer.seconds,
        "attempt": attempt,
        "look": link.look,
        "again_at": _after(asked_at, again_after),
        "rights": list(rights),
        "listed_at": link.listed_at,
        "listed_on": link.listed_on,
        "rest_until": rest_until(answer),
    }


def rest_until(answer: Answer) -> datetime | None:
    """Return until when the host asks to be left alone, None where it does not."""
    seconds = answer.retry_after_seconds
    return None if seconds is None else answer.asked_at + timedelta(seconds=seconds)


def describe_headers(answer: Answer) -> list[dict[str, str]]:
    """Return the headers of `answer` as rows hold them."""
    return [{"name": name, "value": value} for name, value in answer.headers]


def _sha256(link: LinkState, answer: Answer) -> str | None:
    if answer.reason is not None:
        return None
    return link.sha256 if answer.body is None else hashlib.sha256(answer.body).hexdigest()


def _again_after(link: LinkState, answer: Answer, attempt: int) -> timedelta | None:
    if answer.reason is None:
        age = answer.asked_at - (link.first_had_at or answer.asked_at)
        return next_look(age, link.link_id)
    return next_try(answer.reason, attempt, link.look, link.link_id)


def _outcome(*, had: bool, same: bool, again_after: timedelta | None, reason: Reason | None) -> str:
    if had:
        return "unchanged" if same else "fetched"
    passing = reason in PASSING or reason is Reason.GONE
    return "postponed" if passing and again_after is not None else "failed"


def _kind(content_type: str | None) -> str:
    bare = (content_type or "").partition(";")[0].strip().lower()
    return (DocumentKind.TEXT if bare in _TEXT_TYPES else DocumentKind.HTML).value


def _after(instant: datetime, delay: timedelta | None) -> datetime | None:
    return None if delay is None else instant + delay
