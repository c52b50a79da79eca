"""What the public sets of feeds and sitemaps ask, and what our reading answers.

Every set asks in its own words; here each question is mapped to a field of ours, or said to be
outside of what we read. Markup is compared as the text that a person sees, white space apart: we
keep it as it was given, others clean it, resolve the addresses in it, or drop what they think
unsafe. A date without a zone is a day for us; references that take it for UTC are compared by day.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from ingest.reading.lists import read_listing
from ingest.words.links import Link, LinkKind, Listing

MET, WRONG, DECIDED, UNMAPPED = "met", "wrong", "decided otherwise", "not read by us"
_NOWHERE = "http://127.0.0.1:8097/"  # where the tests of feedparser serve their files


@dataclass(frozen=True)
class Verdict:
    """What came of one question: whose it was, about which field, and how it ended."""

    set_name: str
    file: str
    field: str
    outcome: str
    detail: str = ""


def seen(markup: str) -> str:
    """Return the text of `markup` that a person sees, without any white space."""
    if "<" in markup or "&" in markup:
        tree = LexborHTMLParser(markup)
        for hidden in tree.css("script, style, applet"):
            hidden.decompose()
        markup = tree.root.text(deep=True) if tree.root else ""
    return re.sub(r"\s+", "", markup)


def read_bytes(path: Path) -> bytes:
    """Return what is stored at `path`, unpacked where it was packed only to be stored."""
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


# -- feedparser ----------------------------------------------------------------------------------

Asked = Callable[[Any, Any], bool]
_VERSIONS = {
    "rss090": "rdf 0.90", "rss091n": "rss 0.91", "rss091u": "rss 0.91", "rss092": "rss 0.92",
    "rss093": "rss 0.93", "rss094": "rss 0.94", "rss20": "rss 2", "rss10": "rdf 1.0",
    "rss": "rss", "atom03": "atom 0.3", "atom10": "atom 1.0", "atom": "atom",
}  # fmt: skip


def _is_seen(ours: str | None, expected: Any) -> bool:
    """Return whether a title of ours, which is plain text, is what is to be seen."""
    plain = re.sub(r"\s+", "", ours or "")
    return isinstance(expected, str) and plain in {seen(expected), re.sub(r"\s+", "", expected)}


def _shows(ours: tuple[str | None, ...], expected: Any) -> bool:
    """Return whether one of our texts with markup shows what is expected."""
    return isinstance(expected, str) and any(
        seen(text or "") == seen(expected) or (text or "").strip() == expected.strip()
        for text in ours
    )


def _is_moment(at: datetime | None, on: date | None, expected: Any) -> bool:
    """Return whether the instant, or the day where no zone is given, is what is expected."""
    if not isinstance(expected, (list, tuple)):
        return expected is None and on is None
    numbers = [int(number) for number in expected[:6]]
    if at is None:
        return on is not None and [on.year, on.month, on.day] == numbers[:3]
    there = at.astimezone(UTC)
    return [*there.timetuple()[:6]] == numbers


def _is_version(listing: Listing, expected: Any) -> bool:
    wanted = _VERSIONS.get(expected)
    return wanted is not None and f"{listing.kind} {listing.version or ''}".startswith(wanted)


# The fields of a feed and of its entries that we have, and how they compare.
_FEED: dict[str, Callable[[Listing, Any], bool]] = {
    **dict.fromkeys(("title", "title_detail.value"), lambda f, x: _is_seen(f.title, x)),
    **dict.fromkeys(
        ("tagline", "subtitle", "description", "subtitle_detail.value", "tagline_detail.value"),
        lambda f, x: _shows((f.description,), x),
    ),
    "link": lambda f, x: f.homepage == x,
    "language": lambda f, x: f.language == x,
    "updated_parsed": lambda f, x: _is_moment(f.updated_at, f.updated_on, x),
    "ttl": lambda f, x: str(f.ttl_minutes) == str(x),
}
_ENTRY: dict[str, Callable[[Link, Any], bool]] = {
    **dict.fromkeys(("title", "title_detail.value"), lambda e, x: _is_seen(e.title, x)),
    **dict.fromkeys(
        ("description", "summary", "summary_detail.value"),
        lambda e, x: _shows((e.summary, e.content), x),
    ),
    "content.0.value": lambda e, x: _shows((e.content, e.summary), x),
    "link": lambda e, x: e.url == x,
    **dict.fromkeys(("id", "guid"), lambda e, x: e.id == x),
    "guidislink": lambda e, x: e.id_is_url == bool(x),
    **dict.fromkeys(("author", "author_detail.name"), lambda e, x: _is_author(e.authors[:1], x)),
    "authors.0.name": lambda e, x: _is_author(e.authors[:1], x),
    "authors.1.name": lambda e, x: _is_author(e.authors[1:2], x),
    "updated_parsed": lambda e, x: (
        _is_moment(e.updated_at, e.updated_on, x) or _is_moment(e.published_at, e.published_on, x)
    ),
    "published_parsed": lambda e, x: _is_moment(e.published_at, e.published_on, x),
    "created_parsed": lambda e, x: _is_moment(e.published_at, e.published_on, x),
    "updated": lambda e, x: x in {e.updated_text, e.published_text},
    **dict.fromkeys(("published", "created"), lambda e, x: e.published_text == x),
    **dict.fromkeys(("category", "tags.0.term", "tags.1.term"), lambda e, x: x in e.tags),
    **dict.fromkeys(("source.title", "publisher"), lambda e, x: _is_seen(e.outlet, x)),
    "language": lambda e, x: e.language == x,
}


def _is_author(ours: tuple[str, ...], expected: Any) -> bool:
    """Return whether the name is ours; feedparser adds the address of a person in brackets."""
    return bool(ours) and ours[0] in {expected, re.sub(r"\s*\([^()]*@[^()]*\)$", "", expected)}


# What podcasts say in iTunes's names, and the Channel Definition Format of 1997, are not read: no
# question about them is ours, however it would end.
_OUTSIDE = ("wellformed/itunes/", "wellformed/cdf/")
# What we decide otherwise, and why. A pattern is of the file and the field together.
_DECIDED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"entity_in_doctype", "an entity that a document declares is never resolved"),
        (r"http_entry_id", "an id is made whole by what the feed states, not by where it was had"),
        (r"http_content_language", "a header about the answer is no part of the list"),
        (r"_multiple_values", "of two dates the first counts"),
        (r"entry_category_term", "a tag is what a person reads: the label before the term"),
        (r"item_(?:description_and_summary|summary_and_description)",
         "of a description and a summary the description counts"),
        (r"guidislink", "a guid said to be an address is one, whatever else there is"),
        (r"entities/[lr]ang", "`&lang;` is what HTML 5 says, and no longer what HTML 4 said"),
        (r"not_a_doctype|content_iframe|nested_cdata",
         "markup is kept as given; the two forms only parse differently"),
    )
)  # fmt: skip


def ask_feedparser(corpus: Path) -> Iterator[Verdict]:
    """Yield what comes of each condition that the tests of feedparser state."""
    folder = corpus / "3_feeds" / "feedparser"
    for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        headers = dict(asked.get("http_headers") or ())
        content_type = next((v for k, v in headers.items() if k.lower() == "content-type"), None)
        location = next((v for k, v in headers.items() if k == "Content-Location"), "")
        url = urljoin(f"{_NOWHERE}tests/{asked['file']}", location)
        url = url if url.startswith("http") else _NOWHERE
        reading = read_listing((folder / asked["file"]).read_bytes(), url, content_type)
        for condition in asked["conditions"] or ():
            path = ".".join(map(str, condition["path"]))
            field = re.sub(r"^entries\.\d+", "entries", path)
            if asked["file"].startswith(_OUTSIDE):
                outcome = UNMAPPED
            elif isinstance(reading, Listing):
                outcome = _judge(reading, path, condition["op"], condition["value"])
            else:
                outcome = WRONG
            detail = "" if outcome == MET else f"{condition['op']} {condition['value']!r}"
            yield _decide(Verdict("feedparser", asked["file"], field, outcome, detail))


def _judge(listing: Listing, path: str, operator: str, value: Any) -> str:
    head, _, rest = path.partition(".")
    met: bool | None = None
    if path == "bozo":
        met = (listing.mended == ()) == (operator == "falsy")
    elif path == "version" and operator == "==":
        met = _is_version(listing, value)
    elif head == "feed" and rest in _FEED and operator == "==":
        met = _FEED[rest](listing, value)
    elif head == "entries":
        number, _, field = rest.partition(".")
        if field in _ENTRY and operator in {"==", "truthy", "falsy"}:
            expected = {"truthy": True, "falsy": False}.get(operator, value)
            entries = listing.links
            met = int(number) < len(entries) and _ENTRY[field](entries[int(number)], expected)
        elif not field and operator == "len==":
            met = len(listing.links) == value
    return UNMAPPED if met is None else MET if met else WRONG


def _decide(verdict: Verdict) -> Verdict:
    if verdict.outcome != WRONG:
        return verdict
    for pattern, reason in _DECIDED:
        if pattern.search(f"{verdict.file} {verdict.field}"):
            return Verdict(verdict.set_name, verdict.file, verdict.field, DECIDED, reason)
    return verdict


# -- gofeed --------------------------------------------------------------------------------------


def ask_gofeed(corpus: Path) -> Iterator[Verdict]:
    """Yield what comes of each title, link, id and date that the tests of gofeed state."""
    folder = corpus / "3_feeds" / "gofeed"
    for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        expected = asked["expected"]
        if not isinstance(expected, dict):
            continue
        reading = read_listing((folder / asked["file"]).read_bytes(), "")
        items = expected.get("items") or expected.get("entries") or []
        if not isinstance(reading, Listing) or len(reading.links) != len(items):
            yield _decide(Verdict("gofeed", asked["file"], "entries", WRONG, str(reading)[:100]))
            continue
        yield Verdict("gofeed", asked["file"], "entries", MET)
        for field, met in _compare_gofeed(expected, items, reading):
            outcome = MET if met else WRONG
            yield _decide(Verdict("gofeed", asked["file"], field, outcome, str(expected)[:300]))


def _compare_gofeed(
    expected: dict[str, Any], items: list[dict[str, Any]], listing: Listing
) -> Iterator[tuple[str, bool]]:
    if "title" in expected:
        yield "feed title", _is_seen(listing.title, expected["title"])
    for key in expected.keys() & {"link", "home_page_url"}:
        yield "feed link", listing.homepage == expected[key]
    for item, link in zip(items, listing.links, strict=True):
        for key, value in item.items():
            if (compare := _GOFEED.get(key)) is not None:
                yield compare[0], compare[1](link, value)


_GOFEED: dict[str, tuple[str, Callable[[Link, Any], bool]]] = {
    "title": ("title", lambda link, x: _is_seen(link.title, x)),
    **dict.fromkeys(("link", "url"), ("link", lambda link, x: link.url == x)),
    "id": ("id", lambda link, x: link.id == x),
    "guid": ("id", lambda link, x: link.id == (x["value"] if isinstance(x, dict) else x)),
    **dict.fromkeys(
        ("publishedParsed", "pubDateParsed", "date_published"),
        ("date", lambda link, x: _is_instant(link, "published", x)),
    ),
    **dict.fromkeys(
        ("updatedParsed", "lastBuildDateParsed", "date_modified"),
        ("date", lambda link, x: _is_instant(link, "updated", x)),
    ),
}


def _is_instant(link: Link, name: str, expected: str) -> bool:
    """Return whether a date of ours is the one expected, which gofeed writes in UTC."""
    wanted = datetime.fromisoformat(expected)
    for mine in (name, "published", "updated"):  # gofeed puts one in the place of the other
        at, on = getattr(link, f"{mine}_at"), getattr(link, f"{mine}_on")
        if at == wanted or (at is None and on == wanted.date()):
            return True
    return False


# -- Real feeds ----------------------------------------------------------------------------------


def ask_real(corpus: Path) -> Iterator[Verdict]:
    """Yield what comes of each value that two other programs agree on, in feeds of the field."""
    folder = corpus / "3_feeds" / "real"
    with gzip.open(folder / "reference_parse.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            asked = json.loads(line)
            reading = read_listing(read_bytes(folder / asked["file"]), asked["url"])
            count = len(reading.links) if isinstance(reading, Listing) else -1
            wanted = asked["item_elements"] or asked["feedparser_n"]
            outcome = MET if count == wanted else WRONG
            told = f"{count} of {wanted}"
            yield _decide(Verdict("real", asked["file"], "entries", outcome, told))
            if not isinstance(reading, Listing):
                continue
            if asked["feed_title"]:
                met = _is_seen(reading.title, asked["feed_title"])
                yield _verdict(asked["file"], "feed title", asked["feed_title"], met=met)
            for entry, link in zip(asked["consensus_entries"] or (), reading.links, strict=False):
                yield from _ask_entry(asked["file"], entry, link)


def _ask_entry(file: str, entry: dict[str, Any], link: Link) -> Iterator[Verdict]:
    if entry["title"] is not None:
        met = _is_seen(link.title, entry["title"])
        yield _verdict(file, "title", f"{entry['title']!r} {link.title!r}", met=met)
    if entry["link"] is not None:
        # The two programs were given no address, so they leave relative links as they are.
        is_whole = "://" in entry["link"]
        met = link.url == entry["link"] if is_whole else (link.url or "").endswith(entry["link"])
        yield _verdict(file, "link", f"{entry['link']} {link.url}", met=met)
    if entry["id"] is not None:
        yield _verdict(file, "id", f"{entry['id']} {link.id}", met=link.id == entry["id"])
    if entry["published_ts"] is not None:
        wanted = datetime.fromtimestamp(entry["published_ts"], UTC)
        met = any(
            at is not None and int(at.timestamp()) == entry["published_ts"]
            for at in (link.published_at, link.updated_at)
        ) or (link.published_at is None and link.published_on == wanted.date())
        told = f"{wanted} {link.published_text} {link.updated_text}"
        yield _verdict(file, "date", told, met=met)


def _verdict(file: str, field: str, told: object, *, met: bool) -> Verdict:
    return _decide(Verdict("real", file, field, MET if met else WRONG, "" if met else str(told)))


# -- Sitemaps ------------------------------------------------------------------------------------


def ask_sitemaps(corpus: Path) -> Iterator[Verdict]:
    """Yield what comes of each sitemap: its addresses, their dates, and the fields of news."""
    folder = corpus / "4_sitemaps"
    for line in (folder / "reference.jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        reading = read_listing((folder / asked["file"]).read_bytes(), "")
        links = reading.links if isinstance(reading, Listing) else ()
        ours = {link.url: link for link in links}
        places = asked.get("urls") or asked.get("sitemaps") or []
        if asked["root"] is None:
            met = set(ours) == set(asked["text_urls"])
        elif asked["root"] in {"rss", "feed"}:
            # The reference states only what these are
            met = isinstance(reading, Listing) and bool(links)
        else:
            met = set(ours) == {place["loc"] for place in places if place["loc"]}
        yield _of_sitemap(asked["file"], "addresses", sorted(ours, key=str), met=met)
        for place in places:
            link = ours.get(place["loc"])
            if link is None:
                continue
            if place["lastmod"]:
                met = _is_written(place["lastmod"], link.updated_at, link.updated_on)
                yield _of_sitemap(asked["file"], "lastmod", place["lastmod"], met=met)
            for name, value in (place.get("news") or {}).items():
                met = _is_news(link, name, value)
                yield _of_sitemap(asked["file"], f"news {name}", value, met=met)


def _is_written(expected: str, at: datetime | None, on: date | None) -> bool:
    if len(expected) == len("2026-03-03"):
        return at is None and on == date.fromisoformat(expected)
    return at == datetime.fromisoformat(expected)


def _is_news(link: Link, name: str, value: str | None) -> bool:
    if link.kind is not LinkKind.ARTICLE:
        return False
    if name == "publication_date" and value:
        return _is_written(value, link.published_at, link.published_on)
    ours = {"name": link.outlet, "language": link.language, "title": link.title}
    return ours.get(name) == value


def _of_sitemap(file: str, field: str, told: object, *, met: bool) -> Verdict:
    outcome = MET if met else WRONG
    return _decide(Verdict("sitemaps", file, field, outcome, "" if met else str(told)[:200]))
