"""The section of a story: the label above its title, or what a date line leaves over."""

from __future__ import annotations

from ingest.reading.dates import find_dates
from ingest.reading.text.labels import LABELS, Label, fold
from ingest.reading.text.lines import Line
from ingest.reading.text.roles import Role

_CRUMB_SIGNS = (" > ", " › ", " » ", " / ", " → ")
# Front page, two or three sections, and maybe the title.
_MAX_TRAIL = 300


def section_of(lines: list[Line], roles: list[Role], title: int | None) -> tuple[int, str] | None:
    """Return the section and its line: what a date line leaves over, or the label on top."""
    if title is None:
        return None
    for index in range(max(0, title - 4), min(title + 4, len(lines))):
        if roles[index] is Role.DATE:
            rest = _beside_date(lines[index].text)
            if rest is not None:
                return index, rest
    above = title - 1
    while (above >= 0 and roles[above] in (Role.DATE, Role.MINUTES)) or (
        above >= 0 and not lines[above].text
    ):
        above -= 1
    if above < 0 or above < title - 3 or roles[above] is not Role.NAVIGATION:
        return None
    line = lines[above]
    crumb = _last_crumb(line.text, lines[title].text)
    if crumb is not None:
        return above, crumb
    # In a run of navigation the line on top of the title is only the last item of it.
    alone = line.blank_before or above == 0
    if alone and line.label is None and _is_section(line.text):
        return above, line.text
    return None


def _beside_date(text: str) -> str | None:
    found = find_dates(text)
    if len(found) != 1:
        return None
    before, after = text[: found[0].start].strip(), text[found[0].end :].strip(" |,·•-–—")
    if LABELS.get(fold(before)) in (Label.PUBLISHED, Label.MODIFIED):
        before = ""
    for rest, other in ((before.strip(" |,·•-–—"), after), (after, before)):
        if rest and not other and rest.isupper() and _is_section(rest):
            return rest
    return None


def _last_crumb(text: str, title: str) -> str | None:
    """Return the last step of the trail `Home > News > World` that is not the story itself."""
    if len(text) > _MAX_TRAIL:
        return None
    for sign in _CRUMB_SIGNS:
        steps = [step.strip() for step in text.split(sign)]
        if len(steps) > 1 and all(steps):
            own = title.casefold()
            while len(steps) > 1 and steps[-1].rstrip(" .…").casefold() in own:
                steps.pop()
            # A trail starts at the front page; what is left of it alone names no section.
            return steps[-1] if len(steps) > 1 and _is_section(steps[-1]) else None
    return None


def _is_section(text: str) -> bool:
    return (
        3 <= len(text) <= 30  # noqa: PLR2004 (a word or three)
        and text.count(" ") <= 2  # noqa: PLR2004 (as above)
        and not any(char.isdigit() for char in text)
        and text[0].isalpha()
        and text[-1].isalpha()
    ) or (2 <= len(text) <= 8 and not text.isascii() and text.isalpha())  # noqa: PLR2004 (社会)
