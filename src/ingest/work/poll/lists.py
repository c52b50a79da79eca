"""Lists: what came back for a feed or a sitemap, as a poll and the links that it names.

What a list says is compared with what is known: by the id of the item and by its address. Dates
decide nothing here, since items come late, lose their dates and change them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingest.reading.caching import fresh_seconds, validators
from ingest.reading.identity import identify_items, identify_link, identify_poll, identify_sighting
from ingest.reading.lists import read_listing
from ingest.reading.url_patterns import compile_wishes
from ingest.reading.urls import canonicalize, resolve
from ingest.words.links import Link, LinkKind, Listing, Unlisted
from ingest.words.reasons import Reason
from ingest.words.sources import Source
from ingest.words.web import Answer
from ingest.work.poll.pages import describe_headers, rest_until
from ingest.work.poll.plan import ListState
from ingest.work.poll.schedule import TOLD_LATE, next_pace, rest_after_failure


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list that has an address."""

    link_id: int
    item_id: int
    url: str  # in its canonical form
    stated_url: str
    link: Link


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """What a list said this time: `items` are None where nothing was had or nothing changed."""

    state: ListState
    answer: Answer
    listing: Listing | None = None
    refused: Unlisted | None = None
    items: tuple[Item, ...] = ()
    window: tuple[int, ...] = ()  # of all items, also of those without an address

    @property
    def polled_at(self) -> datetime:
        """Return when it was asked for."""
        return self.answer.asked_at

    @property
    def children(self) -> list[Link]:
        """Return the lists that this one names, the newest first."""
        links = self.listing.links if self.listing is not None else ()
        lists = [link for link in links if link.kind is LinkKind.SITEMAP and link.url]
        return sorted(lists, key=lambda link: instant_of(link) or _LONG_AGO, reverse=True)


_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def read_answer(state: ListState, answer: Answer) -> ListAnswer:
    """Return what `answer` says as a list. Total."""
    if answer.body is None or (state.kind == "feed" and _is_same(state, answer.body)):
        return ListAnswer(state, answer)
    reading = read_listing(answer.body, answer.final_url, answer.header("content-type"))
    if isinstance(reading, Unlisted):
        return ListAnswer(state, answer, refused=reading)
    links = [link for link in reading.links if link.kind is not LinkKind.SITEMAP]
    stated = [resolve(link.url, answer.final_url) if link.url else None for link in links]
    urls = [canonicalize(url) if url else None for url in stated]
    item_ids = identify_items(links, urls)
    items = {
        item_id: Item(identify_link(url), item_id, url, there, link)
        for item_id, url, there, link in zip(item_ids, urls, stated, links, strict=True)
        if url is not None and there is not None
    }
    window = tuple(dict.fromkeys(item_ids))
    return ListAnswer(state, answer, reading, None, tuple(items.values()), window)


def _is_same(state: ListState, body: bytes) -> bool:
    return state.sha256 is not None and state.sha256 == hashlib.sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class News:
    """What a list says that was not known."""

    new: tuple[Item, ...] = ()
    updated: tuple[Item, ...] = ()
    shared_count: int | None = None
    gap_since: datetime | None = None


def find_news(heard: ListAnswer, known: Mapping[int, Mapping[str, Any]]) -> News:
    """Return which items are new or updated, and whether some may have been missed before them.

    `known` are the links of the list that were seen before. Some were missed if a feed shows
    nothing that it showed the time before: neither by the id of an item nor by its address.
    """
    new = tuple(item for item in heard.items if item.link_id not in known)
    updated = tuple(
        item for item in heard.items if item.link_id in known and _is_updated(item, known)
    )
    before = set(heard.state.last_window)
    if heard.state.kind != "feed" or not heard.window or not before:
        return News(new, updated)
    shared = {item_id for item_id in heard.window if item_id in before}
    by_address = {
        item.item_id
        for item in heard.items
        if item.link_id in known and not before.isdisjoint(known[item.link_id]["item_ids"])
    }
    shared_count = len(shared | by_address)
    gap_since = heard.state.answered_at if shared_count == 0 else None
    return News(new, updated, shared_count, gap_since)


def _is_updated(item: Item, known: Mapping[int, Mapping[str, Any]]) -> bool:
    before, now = known[item.link_id]["updated_at"], item.link.updated_at
    return before is not None and now is not None and now > before


def is_told_late(item: Item, heard: ListAnswer, known: Mapping[int, Mapping[str, Any]]) -> bool:
    """Return whether the edit that a list tells of was there when the page was had just before."""
    edited_at, had_at = item.link.updated_at, known[item.link_id]["had_at"]
    return (
        edited_at is not None
        and had_at is not None
        and edited_at <= had_at
        and heard.polled_at < had_at + TOLD_LATE
    )


def is_wanted(item: Item, heard: ListAnswer, source: Source, floor: date | None) -> bool:
    """Return whether the page of an item is to be fetched.

    A feed names what is new, a sitemap also what is old: of it, what is dated from `floor` on, and
    what has no date and was not there when the sitemap was first seen, unless a source has no
    other list.
    """
    if not may_be_wanted(item, source):
        return False
    if heard.state.kind == "feed":
        return True
    instant = instant_of(item.link)
    if instant is not None:
        return floor is None or instant.astimezone(UTC).date() >= floor
    return heard.state.first_polled_at is not None or not source.feeds


def may_be_wanted(item: Item, source: Source) -> bool:
    """Return whether the address of an item is one that the source includes."""
    return compile_wishes(source.include, source.exclude)(item.url)


def as_unedited(item: Item) -> Item:
    """Return an item without what its list says of edits: a sighting that tells of none."""
    return replace(item, link=replace(item.link, updated_at=None, updated_on=None))


def is_dated(item: Item) -> bool:
    """Return whether its list dates an item."""
    return instant_of(item.link) is not None


def instant_of(link: Link) -> datetime | None:
    """Return the last instant or, at its beginning, day that a list gives for a link."""
    for at, on in ((link.updated_at, link.updated_on), (link.published_at, link.published_on)):
        if at is not None:
            return at
        if on is not None:
            return datetime(on.year, on.month, on.day, tzinfo=UTC)
    return None


def describe_sighting(
    item: Item, heard: ListAnswer, run_id: str, source: Source, *, is_new: bool, wanted: bool
) -> dict[str, Any]:
    """Return the row of sightings that says what the list says of `item`."""
    poll_id = _poll_id(heard)
    link = item.link
    return {
        "sighting_id": identify_sighting(str(poll_id), item.link_id),
        "link_id": item.link_id,
        "item_id": item.item_id,
        "poll_id": poll_id,
        "run_id": run_id,
        "source": source.name,
        "url": item.url,
        "stated_url": item.stated_url,
        "list_url": heard.state.url,
        "list_kind": heard.state.kind,
        "is_new": is_new,
        "wanted": wanted,
        "title": link.title,
        "listed_at": link.published_at,
        "listed_on": link.published_on,
        "updated_at": link.updated_at,
        "updated_on": link.updated_on,
        "seen_at": heard.polled_at,
        "seen_month": f"{heard.polled_at:%Y-%m}",
    }


def describe_stated(
    link_id: int, url: str, now: datetime, run_id: str, source: Source
) -> dict[str, Any]:
    """Return the row of sightings that says that a person names a page."""
    return {
        "sighting_id": identify_sighting(run_id, link_id),
        "link_id": link_id,
        "item_id": link_id,
        "run_id": run_id,
        "source": source.name,
        "url": url,
        "stated_url": url,
        "list_kind": "person",
        "is_new": True,
        "wanted": True,
        "seen_at": now,
        "seen_month": f"{now:%Y-%m}",
    }


def describe_poll(
    heard: ListAnswer,
    news: News,
    run_id: str,
    source: Source,
    liveliest: timedelta | None = None,
) -> dict[str, Any]:
    """Return the row of polls that says what came of asking for a list.

    `liveliest` is the shortest interval of the lists that an index names and that are due with it.
    """
    state, answer = heard.state, heard.answer
    refused = heard.refused is not None
    failed = refused or answer.reason is not None
    sha256 = _sha256(heard)
    changed = not failed and sha256 != state.sha256
    attempt = state.attempt + 1 if failed else 0
    interval, rate = _pace(heard, news, source, liveliest)
    wait = rest_after_failure(source, attempt) if failed else interval
    asks = timedelta(seconds=answer.retry_after_seconds or 0)
    etag, last_modified = validators(answer.headers)
    return {
        "poll_id": _poll_id(heard),
        "run_id": run_id,
        "source": state.source,
        "url": state.url,
        "kind": state.kind,
        "outcome": "failed" if failed else "changed" if changed else "unchanged",
        "reason": Reason.NOT_AN_ARTICLE if refused else answer.reason,
        "detail": _detail(heard),
        "final_url": answer.final_url,
        "moved_to": _moved_to(heard),
        "http_status": answer.status,
        "headers": describe_headers(answer),
        # an answer that nothing changed may leave the marks out
        "etag": etag or (None if changed else state.etag),
        "last_modified": last_modified or (None if changed else state.last_modified),
        "body": answer.body if changed or refused else None,
        "body_bytes": None if answer.body is None else len(answer.body),
        "sha256": sha256,
        "window": list(heard.window) if changed and state.kind == "feed" else None,
        "item_count": len(heard.window) if heard.listing is not None else None,
        "new_count": len(news.new),
        "shared_count": news.shared_count,
        "gap_since": news.gap_since,
        "reaches_back_to": _reaches_back_to(heard),
        "attempt": attempt,
        "items_per_hour": rate,
        "interval_seconds": round(interval.total_seconds()),
        "again_at": heard.polled_at + max(wait, asks),
        "fetch_seconds": answer.seconds,
        "polled_at": heard.polled_at,
        "polled_month": f"{heard.polled_at:%Y-%m}",
        "rest_until": rest_until(answer),
        "children": _describe_children(heard),
    }


def _describe_children(heard: ListAnswer) -> list[dict[str, Any]] | None:
    """Return the lists that a sitemap names, in canonical form; None where nothing was read.

    Who says "as it was" to somebody who did not say how it was has nothing to give.
    """
    if heard.state.kind == "feed" or heard.answer.reason is not None or heard.refused is not None:
        return None
    if heard.listing is None:
        return None if heard.state.etag or heard.state.last_modified else []
    days: dict[str, date | None] = {}
    for link in heard.children:
        url = canonicalize(link.url) if link.url else None
        if url is not None:
            days.setdefault(url, link.updated_on)
    return [{"url": url, "changed_on": day} for url, day in days.items()]


def _poll_id(heard: ListAnswer) -> int:
    return identify_poll(heard.state.source, heard.state.url, heard.polled_at)


def _sha256(heard: ListAnswer) -> str | None:
    body = heard.answer.body
    return heard.state.sha256 if body is None else hashlib.sha256(body).hexdigest()


def _detail(heard: ListAnswer) -> str | None:
    if heard.refused is not None:
        return f"no list: {heard.refused.reason.value} {heard.refused.detail}".strip()
    return heard.answer.detail or None


def _pace(
    heard: ListAnswer, news: News, source: Source, liveliest: timedelta | None
) -> tuple[timedelta, float | None]:
    state = heard.state
    shortest = timedelta(minutes=source.min_poll_minutes)
    if heard.refused is not None or heard.answer.reason is not None:
        known = state.interval_seconds
        return timedelta(seconds=known) if known else shortest, state.items_per_hour
    elapsed = heard.polled_at - state.answered_at if state.answered_at is not None else None
    ttl = heard.listing.ttl_minutes if heard.listing is not None else None
    fresh = fresh_seconds(heard.answer.headers, heard.polled_at, ttl) or 0.0
    pace = next_pace(
        source,
        before=state.items_per_hour,
        elapsed=elapsed,
        new_count=len(news.new),
        item_count=len(heard.window) or len(state.last_window),
        asked_for=timedelta(seconds=fresh),
    )
    if liveliest is None:
        return pace.interval, pace.items_per_hour
    return min(pace.interval, max(liveliest, timedelta(seconds=fresh))), pace.items_per_hour


def _moved_to(heard: ListAnswer) -> str | None:
    """Return where a list lives from now on: every redirect on the way there says for good."""
    hops = heard.answer.hops
    if heard.listing is not None and hops and all(hop.permanent for hop in hops):
        return heard.answer.final_url
    return None


def _reaches_back_to(heard: ListAnswer) -> datetime | None:
    if heard.listing is None:
        return heard.state.reaches_back_to
    instants: Sequence[datetime] = [
        instant for item in heard.items if (instant := instant_of(item.link)) is not None
    ]
    return min(instants, default=None)
