"""The part that each line plays, and how a part becomes a kind of cut."""

from __future__ import annotations

from enum import Enum, auto

from ingest.words.nouns import CutKind


class Role(Enum):
    """What a line is to the article."""

    TITLE = auto()
    DECK = auto()
    BODY = auto()
    REPEAT = auto()  # a second copy of the title or the deck
    DATE = auto()
    SECTION = auto()
    BYLINE = auto()
    AGENCY = auto()
    MINUTES = auto()
    TAGS = auto()
    CAPTION = auto()
    RELATED = auto()  # a headline of another story
    RELATED_LABEL = auto()
    WIDGET = auto()
    COMMENT = auto()
    NAVIGATION = auto()
    BOILERPLATE = auto()


# The roles whose lines are kept as fields in full; every other line is cut, with this kind.
KEPT = frozenset({Role.TITLE, Role.DECK, Role.BODY})

CUT_KINDS: dict[Role, CutKind] = {
    Role.REPEAT: CutKind.METADATA,
    Role.DATE: CutKind.METADATA,
    Role.SECTION: CutKind.METADATA,
    Role.BYLINE: CutKind.METADATA,
    Role.AGENCY: CutKind.METADATA,
    Role.MINUTES: CutKind.METADATA,
    Role.TAGS: CutKind.METADATA,
    Role.CAPTION: CutKind.CAPTION,
    Role.RELATED: CutKind.RELATED,
    Role.RELATED_LABEL: CutKind.RELATED,
    Role.WIDGET: CutKind.WIDGET,
    Role.COMMENT: CutKind.COMMENT,
    Role.NAVIGATION: CutKind.NAVIGATION,
    Role.BOILERPLATE: CutKind.BOILERPLATE,
}
