"""What the block model sees of a page: numbers, words of its markup, and who stands with whom.

Nothing here knows a language or a site. Letters are counted by what they are (cased, uncased,
written without spaces), signs by what they do, elements by the words in their names, classes and
roles. All of it is computed a page at a time, in columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.reading.html.blocks import Blocks
from ingest.reading.html.markup import Floats, Ints, code_of
from ingest.reading.html.markup_words import Vocabulary
from ingest.reading.text.labels import LABELS, MAX_LABEL_CHARS, Label, fold, is_opener

# -- Letters and signs -----------------------------------------------------------------------------

_CLASSES = 16
_UNUSED, _SPACE, _UPPER, _LOWER, _UNCASED, _DENSE, _DIGIT, _END = range(8)
_COMMA, _COLON, _QUOTE, _BRACKET, _DIVIDER, _DASH, _SYMBOL, _OTHER = range(8, 16)
_SIGNS = {
    _END: ".!?。！？؟।…।॥።։။៕｡．",
    _COMMA: ",،、，;；፣·",
    _COLON: ":：",
    _QUOTE: "\"'“”„«»‘’‚「」『』‹›",
    _BRACKET: "()[]{}（）【】〔〕",
    _DIVIDER: "|/\\•·►▶▸→←»«>*＞｜／",
    _DASH: "-–—―",
}
# Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer: more is said in fewer letters, and mostly
# without spaces.
_DENSE_RANGES = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0xD7FF))


def _class_of(code: int) -> int:
    letter = chr(code)
    if letter.isspace():
        return _SPACE
    for name, signs in _SIGNS.items():
        if letter in signs:
            return name
    kind = unicodedata.category(letter)
    if kind[0] in "LM":
        if any(first <= code <= last for first, last in _DENSE_RANGES):
            return _DENSE
        return {"Lu": _UPPER, "Lt": _UPPER, "Ll": _LOWER}.get(kind, _UNCASED)
    if kind[0] == "N":
        return _DIGIT
    return _SYMBOL if kind[0] == "S" else _OTHER


@lru_cache(1)
def _class_table() -> npt.NDArray[np.uint8]:
    return np.fromiter((_class_of(code) for code in range(0x10000)), np.uint8, 0x10000)


# -- A page ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Features:
    """A page as the model sees it, in rows of blocks.

    `numbers` are (blocks, NUMBERS). The words of all tags stand one after another in `words`, of
    each tag so many as `word_counts` says: of the elements first, then of what is within texts, of
    nothing last. `own`, `parent`, `grandparent` and `inner` give the tags around each block, `walk`
    those in the order in which they were opened and closed (`~`), `entered` how far it has come at
    each block. `groups` are (3, blocks): which blocks share an element, a parent, a path of tag
    names. `sizes` weigh a block by its words.
    """

    numbers: Floats
    words: Ints
    word_counts: Ints
    own: Ints
    parent: Ints
    grandparent: Ints
    inner: Ints
    walk: Ints
    entered: Ints
    groups: Ints
    sizes: Floats


def read_features(
    blocks: Blocks, vocabulary: Vocabulary, titles: Sequence[str], article_body: str | None
) -> Features:
    """Return what the model sees of `blocks`, at least one, of a page with these `titles`.

    `article_body` is the text that the page states for machines, if it does.
    """
    own, parents = blocks.elements, blocks.parents
    parent = parents[own]
    groups = np.stack([_numbered(own), _numbered(parent), _numbered(blocks.paths[own])])
    numbers, sizes = _numbers(blocks, groups, titles, article_body)
    nothing = len(blocks.tags)
    words = vocabulary.find(blocks.words.codes)
    # Each word once a tag, in the order of the tags.
    keys = np.sort((blocks.words.owners * len(vocabulary.words) + words)[words >= 0])
    keys = keys[np.append(True, keys[1:] > keys[:-1])[: len(keys)]]
    owners, words = np.divmod(keys, len(vocabulary.words))
    return Features(
        numbers=numbers,
        words=words,
        word_counts=np.bincount(owners, minlength=nothing + 1),
        own=own,
        parent=parent,
        grandparent=parents[parent],
        inner=np.where(blocks.inner < 0, nothing, blocks.inner),
        walk=blocks.walk,
        entered=blocks.entered[own],
        groups=groups,
        sizes=sizes,
    )


# What the first and the last letter may be, which signs are counted, and which letters shared.
_EDGES = np.array((_UPPER, _LOWER, _UNCASED, _DENSE, _DIGIT, _END, _COLON, _QUOTE, _BRACKET))
_COUNTED = [_COLON, _QUOTE, _BRACKET, _DIVIDER, _DASH]
_SHARED = [_DIGIT, _SYMBOL, _OTHER, _DENSE, _UNCASED]
_PER_WORD = [_COMMA, _END]
_LABEL_NUMBERS = {label: number for number, label in enumerate(Label, 1)}
_OPENER = len(_LABEL_NUMBERS) + 1


def _numbers(
    blocks: Blocks, groups: Ints, titles: Sequence[str], article_body: str | None
) -> tuple[Floats, Floats]:
    """Return the numbers of each block, and its size in words."""
    texts = blocks.texts
    count = len(texts)
    lengths = np.fromiter(map(len, texts), np.int64, count)
    counts, first, last = _count_letters(texts, lengths)
    chars = lengths.astype(np.float32)
    words = counts[_SPACE] + 1 + counts[_DENSE] / 2
    link_share = np.minimum(np.array(blocks.link_chars, np.float32) / chars, 1)
    place = np.arange(count, dtype=np.float32)
    total = float(words.sum())
    headline, nearness = _headline(texts, titles, blocks)
    has_headline = headline >= 0
    distance = (place - headline) * has_headline
    # Rows of numbers while they are made, so that each lies in one piece.
    numbers = [
        *(np.log1p(words) / 3, link_share),
        *np.log1p(np.array((blocks.link_counts, blocks.breaks), np.float32)),
        counts[_UPPER] / (counts[_UPPER] + counts[_LOWER] + 1),
        *(counts[_SHARED] / chars * 2),
        *np.minimum(counts[_PER_WORD] / words * 4, 2),
        *(np.minimum(counts[_COUNTED], 4) / 2),
        *(np.log1p(counts[_END]), chars / words / 8),
        *(first == _EDGES[:, None]),
        *(last == _EDGES[:, None]),
        *(place / count, (np.cumsum(words) - words) / total),
        *(np.log1p(place) / 4, np.log1p(count - 1 - place) / 4),
        blocks.depths[blocks.elements] / 20,
        *(_in_article_body(texts, article_body), nearness),
        (place >= headline) & has_headline,
        np.sign(distance) * np.log1p(np.abs(distance)) / 3,
        _repeats(texts),
        *(np.full(count, each) for each in (np.log1p(count) / 6, np.log1p(total) / 10)),
        np.full(count, has_headline),
        *(_announcements(texts) == np.arange(1, _OPENER + 1)[:, None]),
        *_group_numbers(groups, words, counts[_END] > 0, link_share),
    ]
    return np.array(numbers, np.float32).T, words


def _count_letters(texts: list[str], lengths: Ints) -> tuple[Floats, Any, Any]:
    """Return how many of each class each text has, and the classes of its first and last."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _class_table()[np.minimum(codes, 0xFFFF)]
    ends = np.cumsum(lengths + 1)
    starts = ends - lengths - 1
    spans = lengths + 1
    spans[-1] -= 1
    rows = np.repeat(np.arange(len(texts)) * _CLASSES, spans)
    counts = np.bincount(rows + classes, minlength=len(texts) * _CLASSES)
    by_class = np.ascontiguousarray(counts.reshape(-1, _CLASSES).T, np.float32)
    # The line end that joins a text to the next one is no letter of it.
    by_class[_SPACE, :-1] -= 1
    return by_class, classes[starts], classes[ends - 2]


def _numbered(values: npt.NDArray[Any]) -> Ints:
    """Return a number from 0 on for each different value."""
    known: dict[int, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values.tolist()], np.int64)


def _group_numbers(groups: Ints, words: Floats, is_prose: Any, link_share: Floats) -> Floats:
    """Return five numbers for each group that a block is in: its share of the page's prose, ..."""
    kinds, count = groups.shape
    rows = (groups + np.arange(kinds)[:, None] * count).ravel()
    size = np.tile(words, kinds)
    own_prose = np.where(is_prose, words * (1 - link_share), 0)
    all_words = np.bincount(rows, size)[rows]
    prose = np.bincount(rows, np.tile(own_prose, kinds))[rows]
    links = np.bincount(rows, size * np.tile(link_share, kinds))[rows]
    numbers = np.array(
        (
            prose / max(float(own_prose.sum()), 1.0),
            prose / all_words,
            np.log1p(np.bincount(rows)[rows]) / 3,
            links / all_words,
            np.log1p(prose) / 6,
        )
    )
    return numbers.reshape(-1, kinds, count).transpose(1, 0, 2).reshape(-1, count)


def _announcements(texts: list[str]) -> Ints:
    """Return what each text announces: the number of its label, `_OPENER`, or 0."""
    found = [0] * len(texts)
    for place, text in enumerate(texts):
        if len(text) <= _MAX_OPENER_CHARS:
            folded = fold(text)
            if len(text) <= MAX_LABEL_CHARS and (label := LABELS.get(folded)):
                found[place] = _LABEL_NUMBERS[label]
            elif is_opener(folded):
                found[place] = _OPENER
    return np.array(found, np.int64)


def _in_article_body(texts: list[str], article_body: str | None) -> Floats:
    """Return 1 for what the page states as its text, -1 for what it does not, 0 for the unknown."""
    stated = np.zeros(len(texts), np.float32)
    squeezed = _squeezed(article_body[:200_000]) if article_body else ""
    if len(squeezed) >= 200:  # noqa: PLR2004 (shorter is a summary)
        for place, text in enumerate(texts):
            if len(text) >= 30:  # noqa: PLR2004 (shorter is there by chance)
                short = _squeezed(text[:200])
                found = (short[:40] in squeezed) + (short[-40:] in squeezed)
                stated[place] = found - 1.0
    return stated


# A longer text that begins like a way to another story is more than that.
_MAX_OPENER_CHARS = 200
# A word of three letters is in a title by chance.
_MIN_TITLE = 4
_HEADING = code_of("h1")
_NO_LETTER = re.compile(r"[\W_]+")


def _squeezed(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold())


def _headline(texts: list[str], titles: Sequence[str], blocks: Blocks) -> tuple[int, Floats]:
    """Return which block is the headline (-1 for none), and how near each is to a title."""
    nearness = np.zeros(len(texts), np.float32)
    wanted = {title.casefold() for title in titles if title}
    joined = "\n".join(wanted)
    longest = 2 * max(map(len, wanted), default=0)
    folded = [text.casefold() if _MIN_TITLE <= len(text) <= longest else "" for text in texts]
    page = "\n".join(folded)
    shown = [title for title in wanted if title in page]
    headline = heading = -1
    for place, (text, name) in enumerate(zip(folded, blocks.names(), strict=True)):
        is_heading = name == _HEADING
        if is_heading and heading < 0:
            heading = place
        if text and text in joined:
            nearness[place] = 0.5
            if text in wanted:
                nearness[place] = 1.0
                if headline < 0 or is_heading:
                    headline = place
        elif text:
            for title in shown:
                if title in text:
                    nearness[place] = 0.5
    return (headline if headline >= 0 else heading), nearness


def _repeats(texts: list[str]) -> Floats:
    seen = Counter(texts)
    if len(seen) == len(texts):
        return np.zeros(len(texts), np.float32)
    return np.minimum(np.array([seen[text] for text in texts], np.float32), 4) - 1
