"""The reading of plain text: scraped page dumps and clean articles, of any site and language.

`read_text` is the door. Inside: `lines` and `features` look, `body` and `titles` decide,
`casting` gives every line its role, `article` puts the parts together.
"""

from __future__ import annotations

from datetime import date

from ingest.reading.text.article import build_article
from ingest.reading.text.body import find_body, find_plain_body, is_plain
from ingest.reading.text.casting import cast
from ingest.reading.text.features import find_layout
from ingest.reading.text.lines import mark_words, split_lines
from ingest.reading.text.roles import Role
from ingest.reading.text.states import refuse
from ingest.reading.text.titles import find_plain_title, find_title
from ingest.reading.text.wrapping import unwrap
from ingest.words.nouns import Article, Rejection
from ingest.words.reasons import Reason

# The longest honest dump in the field is near 300,000 characters (a live blog) and 5,000 lines.
MAX_CHARS = 4_000_000
MAX_LINES = 20_000
# Less body than this is a caption or a slogan; a brief of one sentence has more.
MIN_BODY_LETTERS = 70


def read_text(
    text: str, *, known_on: date | None = None, repeated: frozenset[str] = frozenset()
) -> Article | Rejection:
    """Return the article in `text`, or why there is none. Total: it never raises.

    `known_on` is the day on which the text was known: no publication date more than a day later
    is believed. `repeated` are lines, stripped, that recur in other texts of the same source.
    """
    if len(text) > MAX_CHARS:
        return Rejection(Reason.TOO_LARGE, f"{len(text)} characters; the limit is {MAX_CHARS}")
    lines = split_lines(text)
    if not lines:
        return Rejection(Reason.EMPTY, "nothing but white space")
    if len(lines) > MAX_LINES:
        return Rejection(Reason.TOO_LARGE, f"{len(lines)} lines; the limit is {MAX_LINES}")
    lines = unwrap(lines)
    layout = find_layout(lines)
    if is_plain(lines, layout):
        title = find_plain_title(lines)
        body = find_plain_body(lines)
    else:
        mark_words(lines)
        title = find_title(lines, layout)
        body = find_body(lines, layout, title.index if title is not None else None, repeated)
    roles = cast(lines, body, layout, title.index if title is not None else None)
    letters = sum(
        line.length
        for line, role in zip(lines, roles, strict=True)
        if role in (Role.BODY, Role.DECK)
    )
    if letters < MIN_BODY_LETTERS or Role.BODY not in roles:
        links = sum(
            shape == "H" or line.bullet for line, shape in zip(lines, layout.shapes, strict=True)
        )
        return refuse(text, len(lines), links)
    return build_article(lines, roles, title, known_on)
