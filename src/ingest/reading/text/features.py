"""What can be seen of a line in its place: the features that the model weighs.

Every feature is a short name that is true or absent, so that the table of weights can be read.
Owns the looking; decides nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from ingest.reading.text.labels import Label, is_opener
from ingest.reading.text.lines import CLOCK, DIGIT, INNER_STOP, LOWER_WORD, URL, Line

# A line of this length that ends as a sentence is what bodies are made of; at twice the length
# it need not end so.
_SENTENCE_LENGTH = 60
_LONG_LENGTH = 130
_TINY_LENGTH = 25
# So many words with capitals, and hardly any without: no language writes sentences like that.
_MENU_WORDS = 8
_MENU_SHARE = 0.25

# What a line that is no sentence costs a region of sentences, in hundreds of letters: a region
# survives about a dozen lines of furniture between two ordinary paragraphs.
_FAR_LINES = 40
_DECK_LINES = 4
_COST_OF_OTHER = 0.18
_WORTH_OF_LONGEST = 4.0
# A sentence between lines that are none may be a teaser in a list.
_WORTH_OF_LONE = 0.4
_COST_OF_LABEL: dict[Label | None, float] = {Label.COMMENT: 3.0, Label.RELATED: 0.6}
_MAX_DROP = 4.0
_ENOUGH = 0.4

_LENGTHS = (8, 16, 25, 40, 60, 90, 130, 200, 320)
_LENGTH_NAMES = (*(f"len<{limit}" for limit in _LENGTHS), "len≥320")
_WORD_FEATURES = {
    Label.RELATED: "label:related",
    Label.WIDGET: "label:widget",
    Label.COMMENT: "label:comment",
    Label.FOOTER: "label:footer",
    Label.NAVIGATION: "label:navigation",
    Label.TAGS: "label:tags",
    Label.BYLINE: "label:byline",
    Label.PUBLISHED: "label:date",
    Label.MODIFIED: "label:date",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """What the lines of one text have in common."""

    shapes: tuple[str, ...]
    core_start: int  # index of the first line of the region with the most sentences
    core_end: int  # index of its last line
    body_indent: int  # the indentation of most sentences in it; -1 where indents say nothing
    copies: dict[str, int]  # how often each line stands in the text


def find_layout(lines: list[Line]) -> Layout:
    """Return what `lines` have in common; there must be at least one."""
    shapes = tuple(_shape(line) for line in lines)
    start, end = _find_core(lines, shapes)
    weights: Counter[int] = Counter()
    for line, shape in zip(lines[start : end + 1], shapes[start : end + 1], strict=True):
        if shape == "S":
            weights[line.indent] += min(line.length, 400)
    indents = {line.indent for line in lines}
    tells = len(indents) >= 3 and weights  # noqa: PLR2004 (two: only a first line that is set in)
    return Layout(
        shapes,
        start,
        end,
        weights.most_common(1)[0][0] if tells else -1,
        Counter(line.text for line in lines),
    )


def _shape(line: Line) -> str:
    """Return S sentence, s short sentence, H headline, t tiny, L label, o lone bullet."""
    length = line.length
    if line.label is not None:
        return "L"
    if line.stops:
        return "S" if length >= _SENTENCE_LENGTH else "s" if length >= _TINY_LENGTH else "t"
    if length >= _LONG_LENGTH and not _is_menu(line.text):
        return "S"
    if length >= _TINY_LENGTH:
        return "H"
    return "t" if length else "o"


def _is_menu(text: str) -> bool:
    """Return whether a long line is a menu run together: names in capitals, no sentence."""
    words = [word for word in text[:400].split() if word[0].isalpha()]
    small = sum([word[0].islower() for word in words])
    great = sum([word[0].isupper() for word in words])
    return great >= _MENU_WORDS and small < _MENU_SHARE * great


def _find_core(lines: list[Line], shapes: tuple[str, ...]) -> tuple[int, int]:  # noqa: C901 (one pass over the lines)
    """Return the first and the last index of the story's region of sentences.

    A region ends where it has lost too much since its last good line: the comments below a
    story are a region of their own. Of several, the first that is not much smaller than the
    largest: comments, other stories and small print come after the story.
    """
    regions: list[tuple[float, int, int]] = []
    copies: Counter[str] = Counter([line.text for line in lines])
    best = run = 0.0
    best_start = best_end = start = 0
    sentence_before = False
    for index, line in enumerate(lines):
        shape = shapes[index]
        if shape == "o":
            continue
        if shape == "S" and not line.bullet:
            worth = min(line.length / 100, _WORTH_OF_LONGEST)
            after = shapes[index + 1] if index + 1 < len(shapes) else ""
            if line.phrase or copies[line.text] > 2:  # noqa: PLR2004 (twice: a teaser on top)
                worth = -_COST_OF_OTHER
            elif not sentence_before and after != "S":
                worth *= _WORTH_OF_LONE
            run += worth
            sentence_before = True
        else:
            run -= _COST_OF_LABEL.get(line.label, _COST_OF_OTHER)
            sentence_before = False
        if run > best:
            best, best_start, best_end = run, start, index
        if run <= 0 or run < best - _MAX_DROP:
            if best > 0:
                regions.append((best, best_start, best_end))
            best = run = 0.0
            start = index + 1
    if best > 0:
        regions.append((best, best_start, best_end))
    if not regions:
        return 0, 0
    enough = _ENOUGH * max(region[0] for region in regions)
    return next((first, last) for mass, first, last in regions if mass >= enough)


def describe(lines: list[Line], layout: Layout, title: int | None) -> list[list[str]]:
    """Return the features of each line that are true; `title` is the title's index."""
    described = [
        _describe_line(line, shape, layout)
        for line, shape in zip(lines, layout.shapes, strict=True)
    ]
    _describe_places(lines, layout, described)
    if title is not None:
        _describe_sides(layout, title, described)
    return described


def _describe_sides(layout: Layout, title: int, described: list[list[str]]) -> None:
    """Add on which side of the title each line stands; a title far from the body says little."""
    far = "?" if abs(layout.core_start - title) > _FAR_LINES else ""
    for index, (shape, features) in enumerate(zip(layout.shapes, described, strict=True)):
        if index < title:
            features.append(f"above title{far} {shape}")
        elif index == title:
            features.append("title" + far)
        elif index <= title + _DECK_LINES:
            features.append(f"under title{far} {shape}")


def _describe_line(line: Line, shape: str, layout: Layout) -> list[str]:  # noqa: C901 (one test a feature)
    text, length = line.text, line.length
    features = ["bias", _LENGTH_NAMES[bisect_left(_LENGTHS, length + 1)]]
    add = features.append
    if not text:
        return features
    add("stops" if line.stops else "open")
    if line.bullet:
        add("bullet")
        add("bullet+" + shape)
    if line.label is not None:
        add(_WORD_FEATURES[line.label])
    edge = text if length <= 400 else text[:400]  # noqa: PLR2004 (prose; its beginning will do)
    last = text[-1]
    if last in ":：":
        add("colon")
    elif last == "…" or text.endswith("..."):
        add("ellipsis")
    elif last in "?？":
        add("question")
    first = text[0]
    if first in "\"„“«‘'「『–—-":
        add("opens:quote")
    elif first.islower():
        add("opens:lower")
    elif first.isdigit():
        add("opens:digit")
    elif not first.isalnum():
        add("opens:sign")
    if length >= _TINY_LENGTH:
        _describe_words(line, shape, edge, add)
    _describe_signs(line, edge, add)
    if layout.copies[text] > 1:
        add("copied")
        add("copied+" + shape)
    return features


def _describe_words(line: Line, shape: str, edge: str, add: Callable[[str], None]) -> None:
    if INNER_STOP.search(edge) is not None:
        add("two sentences")
    commas = edge.count(",") + edge.count("、") + edge.count("،") + edge.count("，")
    if commas:
        add("comma" if commas == 1 else "commas")
    if line.phrase:
        add("phrase")
        add("phrase+" + shape)
    if line.credit:
        add("credit")
        add("credit+" + shape)
    if is_opener(line.low):
        add("opener")
        add("opener+" + shape)
    words = edge.count(" ") + 1
    if words > 3:  # noqa: PLR2004 (fewer say nothing)
        lower = len(LOWER_WORD.findall(edge))
        add(
            "lower<40%" if lower < 0.4 * words else "lower<65%" if lower < 0.65 * words else "lower"
        )


def _describe_signs(line: Line, edge: str, add: Callable[[str], None]) -> None:
    length = line.length
    if ("http" in edge or "@" in edge or "." in edge[:-1]) and URL.search(edge) is not None:
        add("url")
    if length < 200 and DIGIT.search(edge) is not None:  # noqa: PLR2004 (as above)
        if CLOCK.search(edge) is not None:
            add("clock")
        if 3 * len(DIGIT.findall(edge)) > length:
            add("mostly digits")
    for sign in "|>•›/":
        if f" {sign} " in edge:
            add("bars")
            break
    if edge.isupper():
        add("capitals")


def _describe_places(lines: list[Line], layout: Layout, described: list[list[str]]) -> None:
    shapes = layout.shapes
    start, end = layout.core_start, layout.core_end
    count = len(lines)
    # Lone bullets are not neighbours: they are what is left of icons.
    solid = [index for index in range(count) if shapes[index] != "o"]
    mass = [0]
    for index in solid:
        mass.append(mass[-1] + (1 if shapes[index] == "S" else 0))
    since_label = 99
    seen_tail = False
    for position, index in enumerate(solid):
        line, shape = lines[index], shapes[index]
        add = described[index].append
        before = shapes[solid[position - 1]] if position else "^"
        after = shapes[solid[position + 1]] if position + 1 < len(solid) else "$"
        before2 = shapes[solid[position - 2]] if position > 1 else "^"
        after2 = shapes[solid[position + 2]] if position + 2 < len(solid) else "$"
        add(f"{before2}{before}.")
        add(f".{after}{after2}")
        add(f"{before}[{shape}]{after}")
        if index < start:
            zone = "before" if start - index > 6 else "just before"  # noqa: PLR2004 (title, deck)
        elif index > end:
            zone = "after" if index - end > 4 else "just after"  # noqa: PLR2004 (credits, source)
        else:
            zone = "in"
        if layout.body_indent < 0:
            indent = "flat"
        else:
            step = line.indent - layout.body_indent
            indent = "=" if step == 0 else "±" if -3 <= step <= 3 else "«" if step < 0 else "»"  # noqa: PLR2004 (one step of nesting)
        add(f"{zone} {shape}{indent}")
        add(f"{zone} {indent}")
        near = mass[min(position + 5, len(solid))] - mass[max(position - 4, 0)]
        add(f"near={min(near, 8)}")
        add(f"near {shape}={min(near, 8) // 2}")
        far = mass[min(position + 16, len(solid))] - mass[max(position - 15, 0)]
        add(f"far={min(far, 24) // 4}")
        gap = ("_" if line.blank_before else "-") + ("_" if line.blank_after else "-")
        add(f"gap{gap}{shape}")
        since_label += 1
        if since_label <= 6:  # noqa: PLR2004 (a list of headlines is seldom known by its label further on)
            add("label-" + ("1" if since_label == 1 else "2" if since_label <= 3 else "6"))  # noqa: PLR2004 (as above)
            add(f"label {shape}")
        if seen_tail and zone != "in":
            add("tail")
        if line.label is Label.RELATED or line.label is Label.COMMENT:
            since_label = 0
            if index > end:
                seen_tail = True
