"""What is asked of the web, and what it answered: values that hold no connection and no clock.

An answer is always a value. That nothing came back is an answer too, with a reason of the closed
list; `PASSING` tells the reasons that may be gone by the next try.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ingest.words.reasons import Reason

# A try later may end otherwise; every other reason is for good.
PASSING = frozenset(
    {
        Reason.UNREACHABLE,
        Reason.TIME_OUT,
        Reason.TOO_MANY_REQUESTS,
        Reason.SERVER_ERROR,
        Reason.BROKEN_ANSWER,
    }
)


class Wanted(StrEnum):
    """What an ask is for: it decides which content types are welcome, and how large they may be."""

    PAGE = "page"
    LIST = "list"
    ROBOTS = "robots"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to ask for, and what it said of itself before: a host may answer "as it was"."""

    url: str
    wanted: Wanted = Wanted.PAGE
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way: the address that gave it, and its status."""

    url: str
    status: int

    @property
    def permanent(self) -> bool:
        """Return whether the address is given up for the next one."""
        return self.status in {301, 308}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a body, word that nothing changed (304), or a reason for nothing."""

    ask: Ask
    final_url: str
    asked_at: datetime
    seconds: float
    status: int | None = None
    # names in lower case, in the order in which they came
    headers: tuple[tuple[str, str], ...] = ()
    hops: tuple[Hop, ...] = ()
    body: bytes | None = None
    reason: Reason | None = None
    detail: str = ""
    # how long the host asks to be left alone
    retry_after_seconds: float | None = None
    # false where nothing was sent, because the host is being left alone
    asked: bool = True

    @property
    def unchanged(self) -> bool:
        """Return whether the host says that nothing changed."""
        return self.body is None and self.reason is None

    def header(self, name: str) -> str | None:
        """Return the first header of that name, given in lower case."""
        return next((value for key, value in self.headers if key == name), None)
