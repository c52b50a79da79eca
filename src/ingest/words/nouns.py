"""The nouns that every floor speaks in: `Document`, `Article`, `Rejection` and their parts.

They are immutable and know nothing of disks, clocks or tables. Instants are UTC and end in
`_at`; calendar days end in `_on`; a time without a zone is a day, never an instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ingest.words.reasons import Reason


class DocumentKind(StrEnum):
    """What the bytes of a document claim to be."""

    TEXT = "text"
    HTML = "html"


class ParagraphKind(StrEnum):
    """What a paragraph of an article is."""

    BODY = "body"
    SUBHEAD = "subhead"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    CORRECTION = "correction"


class CutKind(StrEnum):
    """What a piece of a document is that was kept apart from its article."""

    NAVIGATION = "navigation"
    METADATA = "metadata"
    CAPTION = "caption"
    RELATED = "related"
    WIDGET = "widget"
    BOILERPLATE = "boilerplate"
    COMMENT = "comment"


class PageState(StrEnum):
    """What a page turned out to be."""

    ARTICLE = "article"
    PAYWALL_STUB = "paywall_stub"
    CONSENT = "consent"
    BOT_CHALLENGE = "bot_challenge"
    SOFT_404 = "soft_404"
    INDEX = "index"
    LIVE_BLOG = "live_blog"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Document:
    """What the world said, byte for byte, and when it said so."""

    document_id: int
    location: str  # an absolute path, or archive path + "!/" + member; for a page its link's URL
    kind: DocumentKind
    body: bytes
    known_on: date | None = None  # the file's own day: no honest article is much later than it
    url: str | None = None  # the address that answered
    content_type: str | None = None  # as the answer states it
    listed_at: datetime | None = None  # when it was published, as the list says that named it
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an article; its text has no line break."""

    kind: ParagraphKind
    text: str


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture's caption and whom the picture is by."""

    text: str
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the document that is not of the article, kept with its kind."""

    kind: CutKind
    text: str


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where, and on which day, a story says that it was written."""

    place: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """How one field was found: the method of the value chosen, and whether others disagreed."""

    field: str
    method: str
    candidates: tuple[str, ...] = ()
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One reading of one document by one version of the extractor."""

    title: str | None
    paragraphs: tuple[Paragraph, ...]
    deck: str | None = None
    section: str | None = None
    authors: tuple[str, ...] = ()
    dateline: Dateline | None = None
    agency: str | None = None
    published_on: date | None = None
    published_at: datetime | None = None  # aware: in the zone that the source gave
    modified_at: datetime | None = None
    language: str | None = None
    captions: tuple[Caption, ...] = ()
    related_headlines: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    reading_minutes: int | None = None
    canonical_url: str | None = None
    lead_image: str | None = None
    outlet: str | None = None
    page_state: PageState = PageState.ARTICLE
    provenance: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A document that gave no article, and why."""

    reason: Reason
    detail: str = ""
    page_state: PageState | None = None


Reading = Article | Rejection
