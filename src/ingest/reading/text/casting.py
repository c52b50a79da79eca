"""Gives every line of a text its role, from the body mask, the title and the line's own words."""

from __future__ import annotations

import re

from ingest.reading.dates import find_dates
from ingest.reading.text.agencies import find_closing_agency, find_labelled_agency
from ingest.reading.text.bylines import find_byline, find_reading_minutes, split_names
from ingest.reading.text.candidates import squeeze
from ingest.reading.text.captions import read_caption
from ingest.reading.text.features import Layout
from ingest.reading.text.labels import LABELS, Label, fold, is_opener
from ingest.reading.text.lines import Line
from ingest.reading.text.roles import Role

# How far from the title a line about the article stands, in lines.
_HEAD_BEFORE = 10
_HEAD_AFTER = 25
# How far behind the last paragraph its credits stand.
_FOOT = 8
# A line about the article is short.
_MAX_METADATA = 160
# A headline of another story has at least so many letters.
_MIN_HEADLINE = 20
# A recurring line inside the body that is this long and ends with a stop is a wire's sentence.
_MIN_SHARED = 70

# What stops with more letters beside its date is a sentence. A letter of Chinese, Japanese or
# Korean counts for five: a label of them is of four, and a sentence may be of five.
_MAX_STOPPED = 20
_FIRST_DENSE = "\u2e80"
_DENSE = 4  # more than the one that every letter counts for
_STOP = re.compile(r"[.!?。！？।۔።။][\"'”’»)]*$")
# A time of day is often followed by an abbreviation: "Lesezeit: 4 Min.", "updated ... 6:58 a.m.".
_MAX_ABBREVIATED = 30
_STOP_BEHIND_WORD = re.compile(r"[^\W\d_]{4}" + _STOP.pattern)

# Around a plain article so many lines can be about it.
_PLAIN_EDGE = 4
_MAX_PLAIN_METADATA = 110
# What a deck that the body model left out was taken for.
_LOOSE = frozenset({Role.NAVIGATION, Role.BOILERPLATE, Role.WIDGET, Role.RELATED})
_FURNITURE = frozenset({Label.RELATED, Label.WIDGET, Label.COMMENT})

_LABEL_ROLES: dict[Label, Role] = {
    Label.RELATED: Role.RELATED_LABEL,
    Label.WIDGET: Role.WIDGET,
    Label.COMMENT: Role.COMMENT,
    Label.FOOTER: Role.BOILERPLATE,
    Label.NAVIGATION: Role.NAVIGATION,
    Label.TAGS: Role.TAGS,
    Label.BYLINE: Role.BYLINE,
    Label.PUBLISHED: Role.DATE,
    Label.MODIFIED: Role.DATE,
}


def cast(lines: list[Line], body: list[bool], layout: Layout, title: int | None) -> list[Role]:
    """Return the role of each line."""
    last = max((index for index, is_body in enumerate(body) if is_body), default=-1)
    first = next((index for index, is_body in enumerate(body) if is_body), len(lines))
    roles = [
        Role.BODY if is_body else Role.NAVIGATION if index < first else Role.BOILERPLATE
        for index, is_body in enumerate(body)
    ]
    if title is not None:
        first = _cast_title(lines, roles, title, layout)
    _cast_metadata(lines, body, roles, title, first, last)
    _cast_sentences_before_source(lines, layout, roles)
    _cast_sentences_between(lines, layout, roles)
    _cast_signed_sentence(lines, roles, last)
    _cast_furniture(lines, layout, roles, first, last)
    if title is not None:
        _cast_deck(lines, roles, title)
    return roles


def cast_plain(lines: list[Line], title: int | None) -> list[Role]:
    """Return the role of each line of a plain article: body, but for the lines around it."""
    roles = [Role.BODY] * len(lines)
    head = (title if title is not None else 0) + _PLAIN_EDGE
    foot = len(lines) - _PLAIN_EDGE
    for index, line in enumerate(lines):
        if index == title:
            roles[index] = Role.TITLE
        elif not line.text:
            roles[index] = Role.WIDGET
        elif line.label in _FURNITURE:
            roles[index] = _LABEL_ROLES[line.label]
        elif (index <= head or index >= foot) and line.length <= _MAX_PLAIN_METADATA:
            if title is not None and squeeze(line.text) == squeeze(lines[title].text):
                roles[index] = Role.REPEAT
            elif line.label is not None:
                roles[index] = _LABEL_ROLES[line.label]
            else:
                found = _metadata_role(
                    line, in_head=index <= head, in_foot=index >= foot, is_body=True
                )
                if found is Role.CAPTION and index > head:
                    found = None
                roles[index] = found or Role.BODY
    return roles


def _cast_title(lines: list[Line], roles: list[Role], title: int, layout: Layout) -> int:
    """Cast the title and its copies; return the index of the story's first line of body."""
    key, length = squeeze(lines[title].text), lines[title].length
    for index, line in enumerate(lines):
        # A copy may differ in its quotation marks and spaces, so by a few letters at most.
        if -6 <= line.length - length <= 6 and squeeze(line.text) == key:  # noqa: PLR2004 (as above)
            roles[index] = Role.REPEAT
    roles[title] = Role.TITLE
    return next(
        (
            i
            for i in range(title + 1, len(lines))
            if roles[i] is Role.BODY and layout.shapes[i] == "S"
        ),
        title + 1,
    )


def _cast_metadata(
    lines: list[Line], body: list[bool], roles: list[Role], title: int | None, first: int, last: int
) -> None:
    anchor = title if title is not None else first
    for index, line in enumerate(lines):
        role = roles[index]
        if role is Role.TITLE or role is Role.REPEAT or not line.text:
            continue
        in_head = anchor - _HEAD_BEFORE <= index <= max(anchor + _HEAD_AFTER, first)
        in_foot = last - 2 <= index <= last + _FOOT
        inside = anchor <= index <= last
        if not (in_head or in_foot or inside):
            continue
        found = _metadata_role(line, in_head=in_head, in_foot=in_foot, is_body=body[index])
        if found is not None:
            roles[index] = found
    _cast_after_labels(lines, roles, anchor - _HEAD_BEFORE, last + _FOOT)


def _metadata_role(line: Line, *, in_head: bool, in_foot: bool, is_body: bool) -> Role | None:  # noqa: PLR0911 (one test a role)
    text = line.text
    if line.length > _MAX_METADATA:
        caption = read_caption(text) if not line.stops or not is_body else None
        return Role.CAPTION if caption is not None else None
    if find_labelled_agency(text) is not None:
        return Role.AGENCY
    if in_foot and line.length < 40 and find_closing_agency(text) is not None:  # noqa: PLR2004 (an agency alone)
        return Role.AGENCY
    if find_reading_minutes(text) is not None:
        return Role.MINUTES
    if (in_head or not is_body) and is_date_line(text):
        return Role.DATE
    if (in_head or in_foot) and find_byline(text):
        return Role.BYLINE
    if read_caption(text) is not None:
        return Role.CAPTION
    return None


def is_date_line(text: str) -> bool:
    """Return whether `text` is about a date and hardly about anything else."""
    if len(text) > 120:  # noqa: PLR2004 (two dates, two labels, an author)
        return False
    found = find_dates(text)
    if not found:
        return False
    rest = text
    for each in reversed(found):
        rest = rest[: each.start] + rest[each.end :]
    letters = sum(char.isalpha() for char in rest)
    has_clock = any(each.clock for each in found)
    # Labels, a weekday, an author; and beside a time of day the sections of the page, too.
    if letters > (80 if has_clock else 48):
        return False
    said = letters + _DENSE * sum(char.isalpha() for char in rest if char >= _FIRST_DENSE)
    is_abbreviation = has_clock and _STOP_BEHIND_WORD.search(text) is None
    most = _MAX_ABBREVIATED if is_abbreviation else _MAX_STOPPED
    return said <= most or _STOP.search(text) is None


def _cast_after_labels(lines: list[Line], roles: list[Role], low: int, high: int) -> None:
    """Cast what stands under a label "By" or "Tags"."""
    for index in range(max(low, 0), min(high, len(lines))):
        label = lines[index].label
        if label is not Label.BYLINE and label is not Label.TAGS:
            continue
        for below in range(index + 1, min(index + 13, len(lines))):
            line = lines[below]
            if line.label is not None or roles[below] in (Role.TITLE, Role.REPEAT):
                break
            if label is Label.BYLINE:
                if line.length > 60 or not split_names(line.text):  # noqa: PLR2004 (a name)
                    break
                roles[below] = Role.BYLINE
            elif line.length > 45 or line.stops:  # noqa: PLR2004 (a keyword)
                break
            else:
                roles[below] = Role.TAGS


def _cast_sentences_before_source(lines: list[Line], layout: Layout, roles: list[Role]) -> None:
    """Cast as body the sentences between the body and `SOURCE:AA`, which stands under a story."""
    for index, role in enumerate(roles):
        if role is not Role.AGENCY:
            continue
        above = index - 1
        while (
            above >= 0
            and roles[above] is Role.BOILERPLATE
            and _is_sentence(lines[above], layout.shapes[above])
        ):
            above -= 1
        if above >= 0 and roles[above] is Role.BODY:
            roles[above + 1 : index] = [Role.BODY] * (index - above - 1)


def _cast_sentences_between(lines: list[Line], layout: Layout, roles: list[Role]) -> None:
    """Cast as body a sentence that stands right between two paragraphs, indented as they are."""
    for index in range(1, len(lines) - 1):
        if roles[index] is not Role.BOILERPLATE or roles[index - 1] is not Role.BODY:
            continue
        line = lines[index]
        alike = line.indent == lines[index - 1].indent == lines[index + 1].indent
        if alike and roles[index + 1] is Role.BODY and _is_sentence(line, layout.shapes[index]):
            roles[index] = Role.BODY


def _cast_signed_sentence(lines: list[Line], roles: list[Role], last: int) -> None:
    """Cast as body a sentence under the body that ends with its agency: `... said. (dpa)`."""
    for index in range(last + 1, min(last + _FOOT, len(lines))):
        line = lines[index]
        signed = line.length >= _MIN_SHARED and find_closing_agency(line.text) is not None
        if signed and roles[index] is Role.BOILERPLATE and not line.bullet:
            roles[index] = Role.BODY


def _is_sentence(line: Line, shape: str) -> bool:
    return shape in "Ss" and line.stops and not line.bullet and not line.phrase


def _cast_furniture(
    lines: list[Line], layout: Layout, roles: list[Role], first: int, last: int
) -> None:
    under: Role | None = None  # the label that the lines below belong to
    for index, line in enumerate(lines):
        role = roles[index]
        if role not in (Role.NAVIGATION, Role.BOILERPLATE):
            if role is Role.BODY:
                under = None
            continue
        label = line.label
        if label is not None:
            roles[index] = _LABEL_ROLES[label]
            if index < first and label is Label.RELATED:
                roles[index] = Role.NAVIGATION
            if index >= first:
                under = (
                    roles[index] if label in (Label.RELATED, Label.COMMENT, Label.FOOTER) else under
                )
            continue
        if index < first:
            continue
        roles[index] = _furniture_role(line, layout.shapes[index], under, inside=index < last)


def _furniture_role(line: Line, shape: str, under: Role | None, *, inside: bool) -> Role:  # noqa: PLR0911 (one test a role)
    if under is Role.COMMENT:
        return Role.COMMENT
    if not line.text:
        return Role.NAVIGATION
    if LABELS.get(fold(line.low[:24].partition(":")[0])) is Label.TAGS:
        return Role.TAGS
    if line.phrase:
        return Role.BOILERPLATE
    if shape == "t":
        return Role.WIDGET if inside else Role.NAVIGATION
    if under is Role.RELATED_LABEL or is_opener(line.low):
        return Role.RELATED
    if shape == "H" and line.length >= _MIN_HEADLINE and under is not Role.BOILERPLATE:
        return Role.RELATED
    return Role.WIDGET if inside else Role.BOILERPLATE


def _cast_deck(lines: list[Line], roles: list[Role], title: int) -> None:
    """Cast the deck: the first sentence after the title, where something parts it from the body."""
    deck: int | None = None
    for index in range(title + 1, min(title + 9, len(lines))):
        role, line = roles[index], lines[index]
        if deck is None:
            if role is Role.BODY or (
                role in _LOOSE
                and line.label is None
                and (line.length >= 50 or line.stops)  # noqa: PLR2004 (a sentence)
                and not (line.phrase or line.credit or line.bullet)
            ):
                if not 30 <= line.length <= 450:  # noqa: PLR2004 (a deck is a sentence or two)
                    return
                deck = index
        elif role is Role.BODY:
            # Straight on with the body: only another indentation says that it was the deck.
            if index == deck + 1 and lines[deck].indent == line.indent:
                return
            break
    if deck is not None and any(role is Role.BODY for role in roles[deck + 1 :]):
        key = squeeze(lines[deck].text)
        for index in range(len(lines)):
            near = title - _HEAD_BEFORE < index < title + _HEAD_AFTER
            if (
                near
                and index != deck
                and roles[index] is not Role.BODY
                and squeeze(lines[index].text) == key
            ):
                roles[index] = Role.REPEAT
        roles[deck] = Role.DECK


def cut_repeated(lines: list[Line], roles: list[Role], repeated: frozenset[str]) -> None:
    """Cast as boilerplate the lines of the body that recur through the site.

    A sentence between paragraphs of this story stays: wire stories share their paragraphs. So
    does everything where most of the body recurs: these are revisions of one story.
    """
    body = [index for index, role in enumerate(roles) if role is Role.BODY]
    recurring = {index for index in body if lines[index].text in repeated}
    letters = sum(lines[index].length for index in body)
    if 2 * sum(lines[index].length for index in recurring) > letters:
        return
    own = [index for index in body if index not in recurring]
    for index in recurring:
        line = lines[index]
        sentence = line.stops and line.length >= _MIN_SHARED
        if not (sentence and own[0] < index < own[-1]):
            roles[index] = Role.BOILERPLATE
