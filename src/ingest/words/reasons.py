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
