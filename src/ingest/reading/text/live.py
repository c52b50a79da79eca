"""Live blogs: entries under their times of day, the newest on top, and what pages call them."""

# ruff: noqa: E501 (a pattern is read by its languages, one line each)
from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.reading.text.features import Layout
from ingest.reading.text.lines import Line

# So many times of day, each earlier than the one before, are no chance.
_MIN_ENTRIES = 5
# Lines from one entry's time to the next one's.
_MAX_ENTRY = 14
# Below the last time that many lines may still be of its entry.
_MAX_LAST = 4
_NOON = 12 * 60

_CLOCK = re.compile(
    r"(?P<h>[01]?\d|2[0-4])[:.h時시](?P<m>[0-5]\d)(?!\d|[.,]\d| ?[%€$])"
    r"(?: ?(?P<half>[ap]\.?m\b\.?))?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:live ?blog|live[- ]?updates?|latest updates|live ?ticker|news-?ticker|as it happened|"
    r"en direct|direct live|en vivo|ao vivo|minuto a minuto|in diretta|la diretta|"
    r"liveblogg?|direkterapport|livesenter|direkte dækning|na żywo|relacja na żywo|online přenos|"
    r"živě|naživo|élő közvetítés|percről percre|uživo|в прямом эфире|наживо|на живо|"
    r"canlı (?:anlatım|blog|yayın)|son dakika gelişmeleri|siaran langsung|trực tiếp|cập nhật liên tục)\b"
    r"|онлайн-?трансляц|текстовая трансляция|онлайн-?трансляці|\bLIVE[:：]|ζωντανά|بث مباشر|تغطية مباشرة|"
    r"لحظة بلحظة|لحظه به لحظه|लाइव अपडेट|লাইভ আপডেট|สดๆ|速報ライブ|ライブ更新|文字直播|实时更新|即時更新|실시간 중계",
    re.IGNORECASE,
)
# A part of everything that the pattern finds: looking for these is ten times as fast.
_NAMED_PARTS = (
    "live", "updates", "ticker", "happened", "direct", "direk", "vivo", "minuto", "diretta", "żywo",
    "přenos", "živ", "élő", "percr", "ужив", "прям", "нажив", "на жив", "трансл", "canlı", "canli",
    "gelişme", "siaran", "trực", "cập nhật", "ζωντ", "مباشر", "بلحظة", "به لحظه", "लाइव", "লাইভ",
    "สดๆ", "ライブ", "直播", "更新", "실시간",
)  # fmt: skip


def is_named_live(title: str) -> bool:
    """Return whether `title` says, in one of many languages, that the page is a live blog."""
    low = title.casefold().replace("i\u0307", "i")
    return any(part in low for part in _NAMED_PARTS) and _NAMED.search(title) is not None


def read_clock(text: str) -> int | None:
    """Return the minutes since midnight of the time of day that `text` begins with."""
    match = _CLOCK.match(text)
    if match is None:
        return None
    hours, half = int(match["h"]), (match["half"] or "")[:1].lower()
    minutes = hours * 60 + int(match["m"])
    if half and hours <= 12:  # noqa: PLR2004 (the clock's face)
        minutes = minutes % _NOON + (_NOON if half == "p" else 0)
    return minutes


def runs_backwards(texts: Sequence[str]) -> bool:
    """Return whether `texts` hold a live blog's times: many, each earlier than the one before."""
    return any(len(run) >= _MIN_ENTRIES for run in _runs(texts, len(texts)))


def find_entries(lines: list[Line], layout: Layout) -> tuple[int, int] | None:
    """Return where a live blog's entries begin and end, the end not included; None without any."""
    for run in _runs([line.text for line in lines], _MAX_ENTRY):
        if len(run) < _MIN_ENTRIES:
            continue
        end = run[-1] + 1
        while end < min(len(lines), run[-1] + 1 + _MAX_LAST) and lines[end].label is None:
            end += 1
        told = sum(
            any(layout.shapes[index] in "Ss" for index in range(at, below))
            for at, below in zip(run, [*run[1:], end], strict=True)
        )
        if 2 * told >= len(run):  # else a timetable, a list of other stories
            return run[0], end
    return None


def _runs(texts: Sequence[str], reach: int) -> list[list[int]]:
    """Return the runs of indexes whose times go back, each within `reach` of the one before."""
    runs: list[list[int]] = []
    last: int | None = None
    for index, text in enumerate(texts):
        if not text[:1].isdigit():
            continue
        clock = read_clock(text)
        if clock is None:
            continue
        if last is not None and clock <= last and index - runs[-1][-1] <= reach:
            runs[-1].append(index)
        else:
            runs.append([index])
        last = clock
    return runs
