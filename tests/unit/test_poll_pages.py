"""Pages: what came back for a link, as the one row that says so."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.words.reasons import Reason
from ingest.words.web import Answer, Ask, Hop
from ingest.work.poll.pages import describe_page
from ingest.work.poll.plan import LinkState
from ingest.work.poll.schedule import GONE_AFTER_SEEN, LOOKS, RETRIES

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://tide-gazette.example/kite"
BODY = b"<p>A kite over the harbour</p>"
SHA256 = hashlib.sha256(BODY).hexdigest()
NEW = LinkState(0, "tide-gazette", URL, f"{URL}?utm_source=rss")
SEEN = replace(NEW, document_id=7, sha256=SHA256, etag='"v1"', look=1)


def describe(link: LinkState, **changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"status": 200, "body": BODY, "headers": (("etag", '"v2"'),)}
    asked = {"ask": Ask(link.ask_url), "final_url": URL, "asked_at": NOW, "seconds": 0.1}
    return describe_page(link, Answer(**(asked | facts | changes)), "run")


def fail(link: LinkState, reason: Reason) -> dict[str, Any]:
    return describe(link, status=None, body=None, reason=reason, headers=())


def test_a_page_that_is_had_first_is_fetched_with_its_bytes() -> None:
    row = describe(NEW)

    assert [row[name] for name in ("outcome", "body", "sha256", "etag", "location")] == [
        "fetched",
        BODY,
        SHA256,
        '"v2"',
        URL,
    ]


@pytest.mark.parametrize("same", [{"status": 304, "body": None, "headers": ()}, {"headers": ()}])
def test_a_page_that_did_not_change_keeps_its_digest_and_mark_and_no_bytes(
    same: dict[str, Any],
) -> None:
    row = describe(SEEN, **same)

    assert [row[name] for name in ("outcome", "body", "sha256", "etag")] == [
        "unchanged",
        None,
        SHA256,
        '"v1"',
    ]


def test_a_changed_page_is_a_document_of_its_own() -> None:
    rows = [describe(SEEN, body=b"<p>Two kites</p>"), describe(SEEN)]

    assert (rows[0]["outcome"], rows[0]["document_id"] != rows[1]["document_id"]) == (
        "fetched",
        True,
    )


def test_a_page_that_comes_back_as_it_was_is_no_document_twice() -> None:
    ids = {describe(replace(SEEN, document_id=before))["document_id"] for before in (1, 2)}

    assert len(ids) == 2


def test_a_page_is_looked_at_again_by_the_ladder() -> None:
    ages = (timedelta(), LOOKS[2], 2 * LOOKS[-1])
    links = [replace(NEW, first_had_at=NOW - age) for age in ages]

    assert [describe(link)["again_at"] for link in (NEW, *links)] == [
        NOW + LOOKS[0],
        NOW + LOOKS[0],
        NOW + LOOKS[3] - LOOKS[2],
        None,
    ]


def test_a_failure_that_may_pass_is_postponed() -> None:
    row = fail(NEW, Reason.TIME_OUT)

    assert [row[name] for name in ("outcome", "attempt", "again_at", "sha256", "kind")] == [
        "postponed",
        1,
        NOW + RETRIES[0],
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (replace(NEW, attempt=len(RETRIES)), Reason.TIME_OUT),
        (NEW, Reason.WRONG_TYPE),
        (NEW, Reason.ROBOTS),
        (replace(SEEN, attempt=len(GONE_AFTER_SEEN)), Reason.GONE),
    ],
)
def test_what_will_not_pass_or_has_been_tried_enough_has_failed(
    link: LinkState, reason: Reason
) -> None:
    row = fail(link, reason)

    assert (row["outcome"], row["reason"], row["again_at"]) == ("failed", reason, None)


def test_a_page_that_was_there_and_is_gone_is_looked_for_again() -> None:
    row = fail(SEEN, Reason.GONE)

    assert (row["outcome"], row["again_at"]) == ("postponed", NOW + GONE_AFTER_SEEN[0])


def test_a_success_ends_the_counting_of_failures() -> None:
    assert describe(replace(SEEN, attempt=4))["attempt"] == 0


def test_redirects_are_recorded_with_their_statuses() -> None:
    row = describe(NEW, hops=(Hop(URL, 301),), final_url="https://new.example/kite")

    assert (row["redirects"], row["final_url"]) == ([f"301 {URL}"], "https://new.example/kite")


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [("text/html; charset=utf-8", "html"), ("text/plain", "text"), ("", "html")],
)
def test_what_kind_a_page_is_its_type_says(content_type: str, kind: str) -> None:
    assert describe(NEW, headers=(("content-type", content_type),))["kind"] == kind


def test_how_long_a_host_asks_to_be_left_alone_is_kept() -> None:
    row = describe(
        NEW, status=429, body=None, reason=Reason.TOO_MANY_REQUESTS, retry_after_seconds=90
    )

    assert row["rest_until"] == NOW + timedelta(seconds=90)
