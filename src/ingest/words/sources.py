"""What a person says of a source: a noun for each `sources/NAME.toml` of a home folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Selectors:
    """Where a publisher's pages hold what, as CSS, for pages known on or before `until`.

    `drop` goes before anything is read; `body` are the paragraphs of the story or what holds
    them; each match of `authors` is one name; of the others the first match counts.
    """

    until: date
    body: str | None = None
    drop: str | None = None
    title: str | None = None
    deck: str | None = None
    authors: str | None = None
    published: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher: what it is, where it lists articles, how it is asked, how its pages are read."""

    name: str
    title: str | None = None
    homepage: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    language: str | None = None  # BCP 47
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()  # articles that no list names
    include: tuple[str, ...] = ()  # patterns of addresses; none means all
    exclude: tuple[str, ...] = ()
    since: date | None = None  # what a sitemap dates earlier is not asked for
    enabled: bool = True
    delay_seconds: float = 2.0  # between two requests to one host, from the end of an answer
    min_poll_minutes: int = 15
    max_poll_minutes: int = 360
    pages_per_run: int = 200
    revisits_per_run: int = 50
    min_articles_per_day: float | None = None
    max_articles_per_day: float | None = None
    selectors: tuple[Selectors, ...] = ()

    def selectors_on(self, known_on: date | None) -> Selectors | None:
        """Return the selectors for a page that was there on `known_on`, None if none hold.

        Where no day is known, the page is taken for one of today: the last selectors hold.
        """
        if known_on is None:
            return self.selectors[-1] if self.selectors else None
        return next((each for each in self.selectors if known_on <= each.until), None)
