"""Why a document gave no article: a closed list, each member with its sentence.

The list is closed so that a count by reason means the same thing in every year. A new reason is
a new member here, a line in the data dictionary, and nothing else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """A reason for a rejection; `reason.meaning` is a sentence for people."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:  # noqa: D102 (how an enum takes two values)
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    UNREADABLE = "unreadable", "the file could not be opened or read"
    DAMAGED = "damaged", "the compressed file or archive is broken or cut short"
    TOO_LARGE = "too_large", "the file, or what it unpacks to, is larger than the limit"
    UNSAFE_NAME = "unsafe_name", "the archive member names a place outside its archive"
    UNSUPPORTED = "unsupported", "the file is of a kind that no reader handles"
    EMPTY = "empty", "the document holds nothing but white space"
    BINARY = "binary", "the document is not text in any known encoding"
    NO_TEXT = "no_text", "the document has text but no paragraph of an article"
    NOT_AN_ARTICLE = "not_an_article", "the page lists, sells or explains, but tells no story"
    PAYWALL = "paywall", "the page asks for money before the story begins"
    CONSENT = "consent", "the page asks for consent instead of showing the story"
    BOT_CHALLENGE = "bot_challenge", "the page asks whether the reader is a person"
    SOFT_404 = "soft_404", "the page says that the story is not there"
    TOO_SLOW = "too_slow", "reading the document took longer than the limit"
    FAILED = "failed", "the reader failed on this document; this is a defect to report"
    # From here on: why the web gave nothing to read.
    ROBOTS = "robots", "the site's robots.txt asks not to fetch this address"
    GONE = "gone", "the site says that nothing is there, or no more (404, 410)"
    REFUSED = "refused", "the site does not give it to us (401, 403, 451 and the like)"
    TOO_MANY_REQUESTS = "too_many_requests", "the site asks for fewer requests (429)"
    SERVER_ERROR = "server_error", "the site failed to answer (5xx)"
    UNREACHABLE = (
        "unreachable",
        "no connection: no such name, no public address, no route, or no valid certificate",
    )
    TIME_OUT = "time_out", "the site took longer than the limit"
    BROKEN_ANSWER = "broken_answer", "the answer breaks off, or is not HTTP"
    WRONG_TYPE = "wrong_type", "the answer is of a type that is not asked for"
    REDIRECTS = "redirects", "too many redirects, or redirects in a circle"
    FORBIDDEN_ADDRESS = (
        "forbidden_address",
        "the URL names an address or a port that is not of the public web",
    )
    BAD_URL = "bad_url", "the address is no http or https URL"
