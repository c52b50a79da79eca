"""Values: the text, markup, names and tags that elements of feeds hold, each within its bound."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

from ingest.reading.lists.limits import (
    MAX_CONTENT_CHARS,
    MAX_TITLE_CHARS,
    MAX_WORD_CHARS,
    MAX_WORDS,
)
from ingest.reading.lists.plain import collapse, strip_elements, to_plain
from ingest.reading.lists.xml_tree import Element, inner_markup

# What is read as a value, not as content, is short, however much white space is around it.
_MAX_TEXT_CHARS = 100_000
# What a type may be besides a MIME type.
_TEXT_TYPES = frozenset(("text", "html", "xhtml"))
_PLAIN_TYPES = frozenset(("text", "text/plain"))
_HTML_TYPES = frozenset(("html", "text/html"))
_XHTML_TYPES = frozenset(("xhtml", "application/xhtml+xml"))
_DIV = re.compile(r"\s*<div(?:\s[^<>]*)?>(.*)</div>\s*\Z", re.DOTALL | re.IGNORECASE)
# A person is written with an address before the name in brackets, or after it in angles.
_MAIL = r"[^\s()<>,;]+@[^\s()<>,;]+"
_MAIL_NAME = re.compile(rf"\s*<?(?:mailto:)?{_MAIL}>?\s*[(\[]([^()\[\]]+)[)\]]\s*\Z")
_NAME_MAIL = re.compile(rf"([^<>()]*?\S)\s*[<(]\s*(?:mailto:)?{_MAIL}\s*[>)]\s*\Z")


def text_of(element: Element) -> str:
    """Return the characters in `element` and in what it holds, as they stand, within a bound."""
    if len(element) == 0:
        return (element.text or "")[:_MAX_TEXT_CHARS]
    parts: list[str] = []
    room = _MAX_TEXT_CHARS
    for part in element.itertext():
        parts.append(part[:room])
        room -= len(parts[-1])
        if room <= 0:
            break
    return "".join(parts)


def word_of(element: Element) -> str | None:
    """Return what stands in `element` as a short value, None if nothing does."""
    return _short(text_of(element).strip(), MAX_WORD_CHARS)


def id_of(element: Element) -> str | None:
    """Return the id in `element` as written: the same, be its markup a part of it, or text."""
    return _short(inner_markup(element).strip(), MAX_WORD_CHARS)


def title_of(element: Element, *, is_atom: bool) -> str | None:
    """Return what a person sees of the title in `element`: plain text, however it was written."""
    markup, kind = _markup_of(element)
    is_text = is_atom and kind in _PLAIN_TYPES
    if len(element) and not (kind in _HTML_TYPES and _wraps_text(element)):
        markup = strip_elements(markup)
        is_text = is_text or kind in _XHTML_TYPES
    plain = collapse(markup) if is_text else to_plain(markup)
    return _short(plain, MAX_TITLE_CHARS)


def content_of(element: Element) -> str | None:
    """Return what stands in `element` as HTML or text, as it was given."""
    markup, _ = _markup_of(element)
    return _short(markup.strip(), MAX_CONTENT_CHARS)


def _markup_of(element: Element) -> tuple[str, str]:
    """Return what stands in `element` as HTML or text, and the type that it is said to have."""
    kind = _type_of(element)
    if _is_base64(element, kind):
        return _decoded(element), kind
    if len(element) == 0:
        return element.text or "", kind
    if kind in _HTML_TYPES and _wraps_text(element):
        return text_of(element), kind
    markup = inner_markup(element)
    if kind in _XHTML_TYPES and (div := _DIV.match(markup)):
        markup = div[1]
    return markup, kind


def _wraps_text(element: Element) -> bool:
    """Return whether all that `element` holds is one element with text: HTML escaped in a `div`."""
    child = element[0]
    around = (element.text or "") + (child.tail or "")
    return len(element) == 1 and len(child) == 0 and not around.strip()


def name_of(written: str | None) -> str | None:
    """Return the name in what a feed says of a person; an address where that is all it says."""
    if not written:
        return None
    plain = to_plain(written) if "<" not in written or "@" not in written else collapse(written)
    match = _MAIL_NAME.match(plain) or _NAME_MAIL.match(plain)
    name = match[1].strip(" \"'") if match else plain
    return _short(name.removeprefix("mailto:"), MAX_WORD_CHARS)


def distinct(words: Iterable[str | None]) -> tuple[str, ...]:
    """Return `words` without what is empty or was there before, cut to what a list may hold."""
    found: dict[str, None] = {}
    for word in words:
        if word:
            found[word] = None
            if len(found) == MAX_WORDS:
                break
    return tuple(found)


def parts_of(written: str | None) -> list[str]:
    """Return the parts between the commas in `written`, no more than a list may have."""
    return [part.strip() for part in (written or "").split(",", MAX_WORDS)[:MAX_WORDS]]


def tag_of(written: str | None) -> str | None:
    """Return the name of a subject as a person sees it."""
    return _short(to_plain(written), MAX_WORD_CHARS) if written else None


def cut_word(written: object) -> str | None:
    """Return `written` as a short value, None if it is no text or empty."""
    return _short(written.strip(), MAX_WORD_CHARS) if isinstance(written, str) else None


def cut_title(written: object) -> str | None:
    """Return `written` as a title in plain text, None if it is no text or empty."""
    return _short(to_plain(written), MAX_TITLE_CHARS) if isinstance(written, str) else None


def cut_content(written: object) -> str | None:
    """Return `written` as it is, None if it is no text or empty."""
    return _short(written.strip(), MAX_CONTENT_CHARS) if isinstance(written, str) else None


def _short(text: str, limit: int) -> str | None:
    return text[:limit] or None


def _type_of(element: Element) -> str:
    kind: str = element.get("type") or ""
    return kind.strip().lower()


def _is_base64(element: Element, kind: str) -> bool:
    """Return whether the text in `element` is packed: as Atom 0.3 says, or 1.0 implies."""
    mode = element.get("mode")
    if mode is not None:
        return bool(mode.strip().lower() == "base64")
    if not kind or len(element) or kind in _TEXT_TYPES or "/" not in kind:
        return False
    return not kind.startswith("text/") and not kind.endswith(("/xml", "+xml", "html", "json"))


def _decoded(element: Element) -> str:
    packed = text_of(element)
    try:
        return base64.b64decode("".join(packed.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return packed
