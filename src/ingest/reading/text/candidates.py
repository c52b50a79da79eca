"""The lines that could be the title, and what can be seen of each: its place, form and words.

Every feature is a short name that is true or absent. Owns the looking; `titles` decides.
"""

from __future__ import annotations

import re
from collections import Counter

from ingest.reading.dates import find_dates
from ingest.reading.text.agencies import find_labelled_agency
from ingest.reading.text.bylines import find_byline, find_reading_minutes, is_name
from ingest.reading.text.captions import read_caption
from ingest.reading.text.features import Layout
from ingest.reading.text.labels import HOME, Label, is_opener
from ingest.reading.text.lines import Line

_WORD = re.compile(r"\w{3,}")
_CJK_PAIR = re.compile(r"(?=([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}))")
_MIN_TITLE = 8
_MAX_TITLE = 260
_HEADLINE = 25
_MAX_METADATA = 140
# Lines before and behind the first sentence of the body where a title may stand.
_REACH_BACK = 70
_REACH_ON = 4
# Letters of a line that another can hold without chance.
_MIN_CONTAINED = 14
# Words agree that agree in so many first letters: endings change with the case.
_STEM = 6
# A word of fewer letters than this one has says little of the story.
_SHORT_WORD = 3
# In so many words some are in lower case, but in menus and in headlines in capitals.
_MANY_WORDS = 5
# The story's first sentences say what its title says.
_LEAD_SENTENCES = 4
# A trail of crumbs has at most so many steps before the title, each of at most so many letters.
_MAX_STEPS = 6
_MAX_STEP = 40
# A deck says more than its headline, in so many times the letters; a headline has two words.
_LONGER = 1.4
_MIN_STEP_TITLE = 14
_LENGTHS = (14, 22, 35, 50, 70, 100, 140, 190)
_DISTANCES = (0, 1, 2, 3, 5, 8, 12, 20, 30)
_TIME = re.compile(
    r"\b\d{1,2}:\d{2}\b|^\W*\d+ ?(?:min|std|h|m|hours?|minutes?|days?)\b.{0,12}$", re.IGNORECASE
)
ORDINAL = re.compile(r"(\d{1,2})[.)] +(?=\S)")
_SPACE = re.compile(r"\W+")
# The kinds of lines that are no title, whatever else speaks for them.
ABOUT = frozenset({"date", "byline"})


def squeeze(text: str) -> str:
    """Return the letters and digits of `text`, folded: two copies of a title compare equal."""
    return _SPACE.sub("", text).casefold()


def describe_candidates(lines: list[Line], layout: Layout) -> list[tuple[int, list[str]]]:
    """Return the lines that could be the title, each with its features that are true."""
    start = _first_sentence(layout)
    low, high = max(0, start - _REACH_BACK), min(len(lines), start + _REACH_ON)
    kinds = {
        index: kind
        for index in range(low, min(high + _REACH_ON, len(lines)))
        if (kind := kind_of(lines[index])) is not None
    }
    squeezed = {
        index: squeeze(lines[index].text)
        for index in range(low, high)
        if _MIN_TITLE <= lines[index].length <= _MAX_TITLE
    }
    counts = Counter(squeezed.values())
    keys = [key for key in counts if len(key) >= _MIN_CONTAINED]
    story = _words_of(lines, layout, start, len(lines))
    lead = _words_of(lines, layout, start, _LEAD_SENTENCES)
    candidates: list[tuple[int, list[str]]] = []
    solid = 0  # candidates so far: the first one that is no navigation is often the title
    for index, key in squeezed.items():
        line = lines[index]
        if line.label is not None or kinds.get(index) in ABOUT:
            continue
        features = _describe(line, index - start, counts[key], layout)
        features += _describe_words(line, story, lead)
        features += _describe_below(lines, index, layout, kinds)
        features += _describe_above(lines, index, layout, kinds)
        if len(key) >= _MIN_CONTAINED:
            features += _describe_parts(key, keys)
        if is_trail_end(lines, index):
            features.append("trail end" if ORDINAL.match(line.text) is None else "numbered end")
        if not line.bullet and line.length >= _HEADLINE:
            solid += 1
            features.append("first" if solid == 1 else "second" if solid == 2 else "later")  # noqa: PLR2004
        candidates.append((index, features))
    return candidates


def _describe_parts(key: str, keys: list[str]) -> list[str]:
    """Return whether the line is part of another: `4. Title` in a trail, `Kicker Title` on top."""
    features = []
    if any(other.endswith(key) and other != key for other in keys):
        features.append("ends another")
    if any(key.endswith(other) and other != key for other in keys):
        features.append("ends with another")
    if any(other.startswith(key) and other != key for other in keys):
        features.append("begins another")
    if any(key.startswith(other) and other != key for other in keys):
        features.append("begins with another")
    return features


def is_trail_end(lines: list[Line], index: int) -> bool:
    """Return whether the line at `index` ends a trail of crumbs that begins at the front page."""
    line = lines[index]
    ordinal = ORDINAL.match(line.text)
    for above in range(index - 1, max(-1, index - 1 - _MAX_STEPS), -1):
        step = lines[above]
        if not step.text:
            continue
        if ordinal is not None:
            own = ORDINAL.match(step.text)
            if own is None or int(own[1]) != int(ordinal[1]) - (index - above):
                return False
            if own[1] == "1":
                return True
        elif step.length > _MAX_STEP or step.bullet != line.bullet:
            return False
        elif is_front_page(step):
            return True
    return False


def is_front_page(line: Line) -> bool:
    """Return whether the line is the first crumb of a trail, or a trail in one line."""
    return line.low.startswith(HOME) and line.length <= 3 * _MAX_STEP


def kind_of(line: Line) -> str | None:  # noqa: PLR0911 (one test a kind)
    """Return what about an article the line says, where it says no more: date, byline and so on."""
    text = line.text
    if not text or len(text) > _MAX_METADATA:  # (a title may name a day; a line about it is short)
        return None
    if line.label in (Label.PUBLISHED, Label.MODIFIED):
        return "date"
    if line.label is Label.BYLINE or find_byline(text):
        return "byline"
    if line.label is not None:
        return None
    if find_labelled_agency(text) or find_reading_minutes(text):
        return "date"
    found = find_dates(text)
    if found and sum(each.end - each.start for each in found) > 0.3 * len(text):
        return "date"
    if any(each.clock for each in found) and not line.stops:  # no headline says the minute
        return "date"
    if len(text) < 40 and _TIME.search(text) is not None:  # noqa: PLR2004 (a time and its label)
        return "date"
    if line.credit or read_caption(text) is not None:
        return "credit"
    return None


def _first_sentence(layout: Layout) -> int:
    for index in range(layout.core_start, layout.core_end + 1):
        if layout.shapes[index] == "S":
            return index
    return layout.core_start


def _words_of(lines: list[Line], layout: Layout, start: int, most: int) -> frozenset[str]:
    """Return the stems of the first `most` sentences of the story."""
    sentences = [
        index for index in range(start, layout.core_end + 1) if layout.shapes[index] == "S"
    ]
    low = " ".join([lines[index].low for index in sentences[:most]])[:30_000]
    words = {word[:_STEM] for word in _WORD.findall(low)}
    if not low.isascii():
        words.update(_CJK_PAIR.findall(low))
    return frozenset(words)


def _describe_words(line: Line, story: frozenset[str], lead: frozenset[str]) -> list[str]:
    """Return how many words the line has, and how much of it the story says too."""
    words = _WORD.findall(line.low)
    own = [(word[:_STEM], len(word) - _SHORT_WORD + 1) for word in words]
    if not line.text.isascii():
        own += [(pair, 2) for pair in _CJK_PAIR.findall(line.text)]
    if not own:
        return []
    load = sum([weight for _, weight in own])
    share = sum([weight for word, weight in own if word in story]) / load
    in_lead = sum([weight for word, weight in own if word in lead]) / load
    features = [f"{min(len(own), 5)} words"]
    features += [f"story≥{step}/5" for step in range(1, round(5 * share) + 1)]
    features += [f"lead≥{step}/5" for step in range(1, round(5 * in_lead) + 1)]
    if len(words) >= _MANY_WORDS:
        lower = sum([word.islower() for word in _WORD.findall(line.text)])
        features.append(
            "no lower" if not lower else "lower" if 2 * lower >= len(words) else "half lower"
        )
    return features


def _describe(line: Line, distance: int, copies: int, layout: Layout) -> list[str]:  # noqa: C901 (one test a feature)
    text, length = line.text, line.length
    features = [f"len>{limit}" for limit in _LENGTHS if length > limit]
    add = features.append
    add("copies 1" if copies == 1 else "copies 2" if copies <= 3 else "copies 4")  # noqa: PLR2004 (more is a ticker)
    if line.stops:
        add("question" if text[-1] in "?？!" else "stops" if text[-1] in ".。।۔" else "quoted")
    if line.bullet:
        add("bullet")
    if ORDINAL.match(text) is not None:
        add("ordinal")
    add(("_" if line.blank_before else "-") + ("_" if line.blank_after else "-"))
    if line.phrase:
        add("phrase")
    if line.credit or read_caption(text) is not None:
        add("credit")
    if is_opener(line.low):
        add("opener")
    if ":" in text or " - " in text or "–" in text:
        add("two parts")
    if layout.body_indent >= 0:
        step = line.indent - layout.body_indent
        add("indent " + ("=" if step == 0 else "-" if step < 0 else "+"))
    if distance > 0:
        add("behind")
    else:
        features += [f"ahead>{limit}" for limit in _DISTANCES if -distance > limit]
    if is_name(text):
        add("name")
    return features


def _is_longer(deck: Line, headline: Line) -> bool:
    """Return whether two lines that follow one another look like a headline and its deck."""
    return (
        headline.label is None
        and not headline.bullet
        and headline.length >= _MIN_STEP_TITLE
        and headline.length * _LONGER < deck.length <= _MAX_TITLE
    )


def _describe_below(
    lines: list[Line], index: int, layout: Layout, kinds: dict[int, str]
) -> list[str]:
    features: list[str] = []
    seen: set[str] = set()
    below = index + 1
    for step in range(4):
        while below < len(lines) and not lines[below].text:
            below += 1
        if below >= len(lines):
            break
        if step == 0:
            features.append("over " + layout.shapes[below])
            if _is_longer(lines[below], lines[index]):
                features.append("over longer")
        kind = kinds.get(below)
        if kind is not None and kind not in seen:
            seen.add(kind)
            features.append(f"just over {kind}" if step == 0 else f"over {kind}")
        below += 1
    return features


def _describe_above(
    lines: list[Line], index: int, layout: Layout, kinds: dict[int, str]
) -> list[str]:
    above = index - 1
    while above >= 0 and not lines[above].text:
        above -= 1
    features = ["under " + (layout.shapes[above] if above >= 0 else "^")]
    if above >= 0:
        if _is_longer(lines[index], lines[above]):
            features.append("under shorter")
        if lines[above].bullet:
            features.append("under bullet")
        if kinds.get(above) is not None:
            features.append("under " + kinds[above])
        if is_front_page(lines[above]):
            features.append("under crumbs")
    return features
