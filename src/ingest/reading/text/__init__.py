"""The reading of plain text: scraped page dumps and clean articles, of any site and language.

`read_text` is the door. Inside: `lines` and `features` look, `body` and `titles` decide,
`casting` gives every line its role, `article` puts the parts together.
"""

from __future__ import annotations

from datetime import date

from ingest.reading.text.article import build_article
from ingest.reading.text.body import find_body, is_plain
from ingest.reading.text.casting import cast, cast_plain, cut_repeated
from ingest.reading.text.features import find_layout
from ingest.reading.text.lines import mark_words, split_lines
from ingest.reading.text.live import find_entries
from ingest.reading.text.roles import Role
from ingest.reading.text.states import refuse
from ingest.reading.text.titles import find_labelled_title, find_plain_title, find_title
from ingest.reading.text.wrapping import unwrap
from ingest.words.nouns import Article, Rejection
from ingest.words.reasons import Reason

# The longest honest dump in the field is near 300,000 characters (a live blog) and 5,000 lines.
MAX_CHARS = 4_000_000
MAX_LINES = 20_000
# Less body than this is a caption or a slogan; a brief of one sentence has more.
MIN_BODY_LETTERS = 40

_STORY = frozenset({Role.BODY, Role.DECK})
# Looked through for letters: nearly every body has enough of them in the first.
_SAMPLES = (100, 400)


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
    labelled = find_labelled_title(lines)
    if is_plain(lines, layout):
        title = labelled or find_plain_title(lines)
        roles = cast_plain(lines, title.index if title is not None else None)
    else:
        mark_words(lines)
        entries = find_entries(lines, layout)
        title = labelled or find_title(lines, layout, repeated, entries)
        index = title.index if title is not None else None
        is_body = find_body(lines, layout, index)
        if entries is not None:
            for entry in range(*entries):
                is_body[entry] |= bool(lines[entry].text) and lines[entry].label is None
        roles = cast(lines, is_body, layout, index)
    if title is not None and title.text != lines[title.index].text:
        # Its line says more than the title: as a whole it is kept in a cut.
        roles[title.first : title.index + 1] = [Role.REPEAT] * (title.index + 1 - title.first)
    if repeated:
        cut_repeated(lines, roles, repeated)
    body = "".join([line.text for line, role in zip(lines, roles, strict=True) if role in _STORY])
    if not _has_letters(body) or Role.BODY not in roles:
        links = sum(
            shape == "H" or line.bullet for line, shape in zip(lines, layout.shapes, strict=True)
        )
        return refuse(text, len(lines), links)
    return build_article(lines, roles, title, known_on)


def _has_letters(body: str) -> bool:
    return any(sum(map(str.isalpha, body[:size])) >= MIN_BODY_LETTERS for size in _SAMPLES)
