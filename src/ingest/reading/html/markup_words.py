"""Words of the markup: what the elements around a text are called, by name, class, id and role.

They are found for all tags of a page at once. A word is known by its code, a number made of its
first and its last eight bytes and its length, so that none becomes a string.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.reading.html.markup import Bools, Codes, Ints, Markup, eight_bytes_at

_BYTES = 8
_MAX_TAG_BYTES = 1000
# In the attributes whose names end like this, words say what an element is; of one within a text, in
# its classes only.
_CLASS, *_NAMED = (" class=", " id=", " role=", "itemprop=", "-testid=", "component=")
# What is said in so many words is more than the words that it is made of.
_STORY, _HIDDEN, _UNSPOKEN = "<story", "<hidden", "<unspoken"
_ITEM, _STYLE, _HIDES, _UNTOLD = "itemprop=", " style=", " hidden=", "a-hidden="
_HIDING = re.compile(rb"display: ?none|visibility: ?hidden")
_LOWER, _UPPER = 1, 2
_CASES = np.zeros(256, np.uint8)
_CASES[ord("a") : ord("z") + 1] = _LOWER
_CASES[ord("A") : ord("Z") + 1] = _UPPER
# All bits of the first bytes of eight, by how many they are.
_FIRST = np.array([(1 << 8 * count) - 1 for count in range(_BYTES + 1)], np.uint64)
_FACTORS = np.array((0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA24BAED4963EE407), np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some tags, by their codes, and the place of its tag among them for each."""

    owners: Ints
    codes: Codes


def find_words(markup: Markup, tags: Ints, outer: int) -> Words:
    """Return the words of `tags`, of which the first `outer` are not within a text.

    The name of an element is a word with `<` before it. A word is lower-case letters behind at most
    one capital, or capitals; at least two letters.
    """
    if not len(tags):
        return Words(tags, np.zeros(0, np.uint64))
    starts = markup.starts[tags]
    ends = np.minimum(markup.ends[tags], starts + _MAX_TAG_BYTES)
    names = _code(markup.data, starts, starts + 1 + _lengths(markup.names[tags]))
    values = _find_values(markup.data, starts, ends)
    owners, codes = _cut_words(markup.data, values, outer)
    said, said_codes = _find_said(markup.data, values, outer)
    return Words(
        np.concatenate((np.arange(len(tags)), owners, said)),
        np.concatenate((names, codes, said_codes)),
    )


class Vocabulary:
    """Some words by number, and which of them others are."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        codes = codes_of(words)
        self._order = np.argsort(codes)
        self._codes = codes[self._order]

    def find(self, codes: Codes) -> Ints:
        """Return the number of each word, -1 for one that is not of these."""
        places = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[places] == codes, self._order[places], -1)


def codes_of(words: Sequence[str]) -> Codes:
    """Return the codes of `words`; of an element's name no more than eight bytes count."""
    known = [word.encode()[: _BYTES + 1 if word.startswith("<") else None] for word in words]
    lengths = np.array([len(word) for word in known], np.int64)
    ends = np.cumsum(lengths)
    data = bytes(_BYTES) + b"".join(known) + bytes(_BYTES)
    return _code(data, ends - lengths + _BYTES, ends + _BYTES)


def _lengths(names: Codes) -> Ints:
    """Return how many bytes the code of each name has."""
    return np.searchsorted(_FIRST, names)


def _code(data: bytes, starts: Ints, ends: Ints) -> Codes:
    """Return the codes of the words of `data` that stand between `starts` and `ends`."""
    lengths = ends - starts
    seen = np.minimum(lengths, _BYTES)
    first = eight_bytes_at(data, starts) & _FIRST[seen]
    last = eight_bytes_at(data, ends - _BYTES) & ~_FIRST[_BYTES - seen]
    sizes = lengths.astype(np.uint64)
    codes: Codes = first * _FACTORS[0] ^ last * _FACTORS[1] ^ sizes * _FACTORS[2]
    return codes


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of the attributes of some tags, in order.

    `owners` are the places of their tags, `first` those of the quotation marks before them, `last`
    their ends; `names` the last eight bytes before them.
    """

    owners: Ints
    first: Ints
    last: Ints
    names: Codes

    def of(self, name: str) -> Bools:
        """Return which are of an attribute whose name ends in `name`, or in eight bytes of it."""
        end = name.encode()[-_BYTES:]
        found: Bools = self.names >> np.uint64(64 - 8 * len(end)) == int.from_bytes(end, "little")
        return found


def _find_values(data: bytes, starts: Ints, ends: Ints) -> _Values:
    """Return the values of the attributes of the tags between `starts` and `ends`."""
    quotes = np.flatnonzero(np.frombuffer(data, np.uint8) == ord('"'))
    from_ = np.searchsorted(quotes, starts)
    counts = (np.searchsorted(quotes, ends) - from_ + 1) // 2
    owners = np.repeat(np.arange(len(starts)), counts)
    opening = np.arange(0, 2 * len(owners), 2) + np.repeat(
        from_ - 2 * (np.cumsum(counts) - counts), counts
    )
    first = quotes[opening]
    # A value may go on where no more of the tag is read.
    last = np.minimum(quotes[np.minimum(opening + 1, len(quotes) - 1)], ends[owners])
    return _Values(owners, first, last, eight_bytes_at(data, first - _BYTES))


def _cut_words(data: bytes, values: _Values, outer: int) -> tuple[Ints, Codes]:
    """Return the words in `values` that tell what an element is, and whose they are."""
    named = np.logical_or.reduce([values.of(name) for name in _NAMED]) & (values.owners < outer)
    named |= values.of(_CLASS)
    first, sizes = values.first[named], (values.last - values.first)[named]
    ends = np.cumsum(sizes)
    begins = ends - sizes
    if not len(ends):
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    # A margin, and the values with the quotation marks before them.
    places = np.repeat(first - begins, sizes) + np.arange(ends[-1])
    letters = np.zeros(len(places) + 2 * _BYTES, np.uint8)
    letters[_BYTES:-_BYTES] = np.frombuffer(data, np.uint8)[places]
    cases = _CASES[letters]
    # Rows of letters of one case; the margin makes the first and the last.
    turns = np.flatnonzero(cases[1:] != cases[:-1]) + 1
    if not len(turns):
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    start, size = turns[:-1], turns[1:] - turns[:-1]
    case = cases[start]
    behind_capital = np.zeros(len(case), np.bool_)
    behind_capital[1:] = (case[:-1] == _UPPER) & (size[:-1] == 1) & (case[1:] == _LOWER)
    is_word = (case > 0) & (size > 1)
    starts = (start - behind_capital)[is_word]
    codes = _code((letters | 0x20).tobytes(), starts, (start + size)[is_word])
    owners = values.owners[named]
    return owners[np.searchsorted(begins, starts - _BYTES, "right") - 1], codes


def _find_said(data: bytes, values: _Values, outer: int) -> tuple[Ints, Codes]:
    """Return what elements say in so many words, and which of them do."""
    told = (
        (_STORY, _ITEM, re.compile(rb"articleBody")),
        (_HIDDEN, _HIDES, re.compile(rb"")),
        (_HIDDEN, _STYLE, _HIDING),
        (_UNSPOKEN, _UNTOLD, re.compile(rb"true")),
    )
    owners: list[int] = []
    said: list[str] = []
    for word, name, wanted in told:
        for place in np.flatnonzero(values.of(name) & (values.owners < outer)).tolist():
            if wanted.search(data, values.first[place] + 1, values.last[place]):
                owners.append(int(values.owners[place]))
                said.append(word)
    return np.array(owners, np.int64), codes_of(said)
