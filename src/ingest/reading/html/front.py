"""The front page of a site: what the site is called, and in which language it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.reading.html.limits import refuse_hostile
from ingest.reading.html.statements import read_statements, tidy
from ingest.reading.html.tree import Unparsable, encoded, parse

_MAX_TITLE_CHARS = 120
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Front:
    """What a front page says of its site."""

    title: str | None = None
    language: str | None = None


def read_front(html: str) -> Front:
    """Return what the page `html` says of its site. Total."""
    page = encoded(html)
    if refuse_hostile(page) is not None:
        return Front()
    try:
        stated = read_statements(parse(page))
    except Unparsable:
        return Front()
    # "Saltmere Ledger | News from the harbour": the name is said first, or alone.
    name = tidy(stated.first("og:site_name")) or re.split(r"\s[|–—-]\s", tidy(stated.title))[0]
    language = _LANGUAGE.match(stated.language)
    return Front(name[:_MAX_TITLE_CHARS] or None, language[0].lower() if language else None)
