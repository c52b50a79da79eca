"""When the article was published and changed, chosen among the dates that its text names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.reading.dates import FoundDate, find_dates
from ingest.reading.text.labels import LABELS, Label
from ingest.reading.text.lines import Line
from ingest.reading.text.roles import Role
from ingest.words.nouns import Finding

_PUBLISHED = tuple(
    sorted(name for name, label in LABELS.items() if label is Label.PUBLISHED and len(name) > 1)
)
_MODIFIED = tuple(
    sorted(name for name, label in LABELS.items() if label is Label.MODIFIED and len(name) > 1)
)
_DATES = (Label.PUBLISHED, Label.MODIFIED)
# The roles of lines in which the article's date may stand.
_MAY_DATE = (Role.DATE, Role.BYLINE, Role.SECTION, Role.AGENCY, Role.MINUTES, Role.REPEAT)
_BODY = Role.BODY
# Dates this close to the title belong to it as much as one another does.
_NEAR_LINES = 8
# A date above the title is as often the day of the visit or of another story.
_ABOVE_LINES = 6


@dataclass(frozen=True, slots=True)
class Publication:
    """The days and instants of an article, and how they were found."""

    on: date | None = None
    at: datetime | None = None
    modified_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: FoundDate
    label: Label | None
    distance: int  # lines from the title, or from the last paragraph for the foot


def find_publication(
    lines: list[Line], roles: list[Role], title: int, known_on: date | None
) -> Publication:
    """Return when the article says it was published; a day after `known_on` + 1 is not believed."""
    latest = None if known_on is None else _after(known_on)
    candidates = _collect(lines, roles, title, latest)
    if not candidates:
        return Publication()
    published = [each for each in candidates if each.label is not Label.MODIFIED]
    modified = [each for each in candidates if each.label is Label.MODIFIED]
    pool = published or modified
    chosen = min(pool, key=_rank)
    method = (
        "date-label"
        if chosen.label is Label.PUBLISHED
        else "modified-label"
        if chosen.label is Label.MODIFIED
        else "date-line"
    )
    others = tuple(dict.fromkeys(each.found.on.isoformat() for each in sorted(pool, key=_rank)))
    conflict = chosen.found.ambiguous or any(
        each.found.on != chosen.found.on
        for each in pool
        if each.label == chosen.label and each.distance <= _NEAR_LINES
    )
    findings = [Finding("published_on", method, others[:5], conflict)]
    modified_at = max(
        (each.found.at for each in modified if each.found.at is not None and each is not chosen),
        default=None,
    )
    if modified_at is not None:
        findings.append(Finding("modified_at", "modified-label"))
    at = chosen.found.at if chosen.label is not Label.MODIFIED else None
    return Publication(chosen.found.on, at, modified_at, tuple(findings))


def _after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _rank(candidate: _Candidate) -> tuple[int, int]:
    """Order candidates: near the title before far, a label before none."""
    far = candidate.distance > 30  # noqa: PLR2004 (further than any head is long)
    return (far, candidate.distance - (20 if candidate.label is Label.PUBLISHED else 0))


def _collect(
    lines: list[Line], roles: list[Role], title: int, latest: date | None
) -> list[_Candidate]:
    last = next((i for i in range(len(roles) - 1, -1, -1) if roles[i] is _BODY), title)
    first = roles.index(_BODY) if _BODY in roles else title
    heads = [title, *(i for i in range(title + 1, first) if roles[i] is Role.REPEAT)]
    candidates: list[_Candidate] = []
    for index, role in enumerate(roles):
        if role is _BODY or role not in _MAY_DATE:
            continue
        distance = min(
            head - index + _ABOVE_LINES if index < head else index - head for head in heads
        )
        if index > last:
            distance = min(distance, 12 + index - last)
        candidates += _read(lines[index].text, _label_above(lines, index), distance, latest)
    return candidates


def _label_above(lines: list[Line], index: int) -> Label | None:
    """Return the label of a date that the next line above is, of those that hold text."""
    above = next((lines[i] for i in range(index - 1, -1, -1) if lines[i].text), None)
    return above.label if above is not None and above.label in _DATES else None


def _read(
    text: str, label_above: Label | None, distance: int, latest: date | None
) -> list[_Candidate]:
    found = find_dates(text, latest=latest)
    candidates: list[_Candidate] = []
    folded = text.casefold()
    start = 0
    for position, each in enumerate(found):
        before = folded[start : each.start] if len(folded) == len(text) else ""
        after = folded[each.end : each.end + 24] if position + 1 == len(found) else ""
        start = each.end
        label = _label_in(before, after)
        if label is None and position == 0:
            label = label_above
        candidates.append(_Candidate(each, label, distance))
    return candidates


def _label_in(before: str, after: str) -> Label | None:
    if before.strip(" |,-"):
        if any(name in before for name in _MODIFIED):
            return Label.MODIFIED
        if any(name in before for name in _PUBLISHED):
            return Label.PUBLISHED
    if after.strip() and any(name in after for name in ("更新", "修改", "수정")):
        return Label.MODIFIED
    return None
