"""The story as a page states it for machines: the only text where the page itself shows none.

Such a text is plain on some pages, with an empty line or none between its paragraphs, and markup
on others, often escaped once more. All of it is read as the page itself is.
"""

from __future__ import annotations

import html
import re

import numpy as np

from ingest.reading.html.blocks import find_blocks
from ingest.reading.html.body import Body, build_body
from ingest.reading.html.limits import refuse_hostile
from ingest.reading.html.tree import encoded, parse

# A text stated for machines is the story where the page shows less than this share of it.
_STATED_CHARS = 400
_STATED_SHARE = 0.4
_TAG = re.compile(r"</?[a-zA-Z][\w-]{0,20}(?:\s[^<>]{0,2000})?/?>")
# Where one of these stands, line breaks between them are white space and end no paragraph.
_ENDS_PARAGRAPHS = re.compile(r"<(?:/?p|br|/?div|/?li|/?h[1-6])\b[^<>]*>", re.IGNORECASE)


def take_stated(body: Body, article_body: str | None) -> bool:
    """Put the text that the page states for machines into `body` where it shows far less of it.

    Such a text is the story on a quarter of the pages that state one, cut short on others; so it
    counts only where the page itself shows next to nothing.
    """
    stated = (article_body or "").strip()
    shown = _chars(body)
    if len(stated) < _STATED_CHARS or shown >= _STATED_SHARE * len(stated):
        return False
    read = _read(stated)
    if _chars(read) < _STATED_CHARS or shown >= _STATED_SHARE * _chars(read):
        return False
    body.paragraphs = read.paragraphs
    body.captions += [caption for caption in read.captions if caption not in body.captions]
    body.related_headlines += read.related_headlines
    body.cuts += read.cuts
    return True


def _chars(body: Body) -> int:
    return sum(len(part.text) for part in body.paragraphs)


def _read(stated: str) -> Body:
    """Return the story that `stated` holds."""
    page = encoded(_as_markup(stated))
    if refuse_hostile(page) is not None:
        return Body()
    blocks = find_blocks(parse(page))
    return build_body(blocks, np.ones(len(blocks.texts), np.float32), ())


def _as_markup(stated: str) -> str:
    if not _TAG.search(stated) and "&lt;" in stated and _TAG.search(plain := html.unescape(stated)):
        stated = plain
    if _ENDS_PARAGRAPHS.search(stated):
        return stated
    if not _TAG.search(stated):
        stated = stated.replace("<", "&lt;")
    return "".join(f"<p>{line}</p>" for line in stated.splitlines())
