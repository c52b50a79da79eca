"""OPML: lists of subscriptions, as programs that read feeds hand them to each other."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import islice

from ingest.reading.decoding import decode
from ingest.reading.lists.addresses import resolve
from ingest.reading.lists.limits import MAX_LINKS
from ingest.reading.lists.names import split_tag
from ingest.reading.lists.unpack import unpack
from ingest.reading.lists.values import cut_title
from ingest.reading.lists.xml_tree import Element, parse_xml
from ingest.words.links import Subscription, Unlisted, UnlistedReason
from ingest.words.nouns import DocumentKind, Rejection


def read_opml(body: bytes) -> tuple[Subscription, ...] | Unlisted:
    """Return the subscriptions in `body`, or why there are none. Total: it never raises."""
    unpacked = unpack(body)
    if isinstance(unpacked, Unlisted):
        return unpacked
    decoded = decode(unpacked[0], DocumentKind.HTML)
    if isinstance(decoded, Rejection):
        return Unlisted(UnlistedReason.UNREADABLE, decoded.detail)
    tree = parse_xml(decoded.text)
    if isinstance(tree, str) or split_tag(tree.root.tag)[1].lower() != "opml":
        return Unlisted(UnlistedReason.NOT_A_LIST, "expected OPML")
    outlines = (each for each in tree.root.iter("{*}*") if _is_outline(each))
    found = (_read_outline(each) for each in outlines)
    unique = {each.feed_url: each for each in islice(filter(None, found), MAX_LINKS)}
    return tuple(unique.values())


def write_opml(subscriptions: Iterable[Subscription], title: str = "ingest") -> bytes:
    """Return `subscriptions` as OPML 2.0, each at the top: folders are named as categories."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0"><head><title>{_escape(title)}</title></head><body>',
        *map(_write_outline, subscriptions),
        "</body></opml>\n",
    ]
    return "\n".join(lines).encode()


def _is_outline(element: Element) -> bool:
    return split_tag(element.tag)[1].lower() == "outline"


def _read_outline(outline: Element) -> Subscription | None:
    said = _attributes(outline)
    feed_url = resolve(said.get("xmlurl"), None)
    if feed_url is None:
        return None
    title = cut_title(said.get("title")) or cut_title(said.get("text"))
    above = [_attributes(each) for each in outline.iterancestors() if _is_outline(each)]
    folders = [cut_title(each.get("text")) or cut_title(each.get("title")) for each in above]
    stated = [cut_title(part) for part in (said.get("category") or "").strip("/").split("/")]
    return Subscription(
        feed_url=feed_url,
        title=title,
        homepage=resolve(said.get("htmlurl"), None),
        folders=tuple(filter(None, reversed(folders))) or tuple(filter(None, stated)),
    )


def _attributes(element: Element) -> dict[str, str]:
    return {name.lower(): value for name, value in element.items()}


def _write_outline(subscription: Subscription) -> str:
    name = subscription.title or subscription.feed_url
    said = {
        "type": "rss",
        "text": name,
        "title": name,
        "xmlUrl": subscription.feed_url,
        "htmlUrl": subscription.homepage,
        "category": "/".join(("", *subscription.folders)) if subscription.folders else None,
    }
    attributes = (f'{name}="{_escape(value)}"' for name, value in said.items() if value)
    return f"<outline {' '.join(attributes)}/>"


def _escape(text: str) -> str:
    """Return `text` as it may stand in an attribute: on one line, without what XML forbids."""
    return escape(" ".join("".join(c for c in text if c.isprintable() or c == " ").split()))
