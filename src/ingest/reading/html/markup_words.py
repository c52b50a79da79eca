"""Words of the markup: what the elements around a text are called, by name, class, id and role.

They are found for all tags of a page at once. A word is known by its code, a number made of its
first and its last eight bytes and its length, so that none becomes a string.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.reading.html.markup import Bools, Codes, Ints, Markup, eight_bytes_at

_BYTES = 8
_MAX_TAG_BYTES = 1000
# In the attributes whose names end like this, words say what an element is; of one within a text,
# in its classes only.
_CLASS, *_NAMED = (" class=", " id=", " role=", "itemprop=", "-testid=", "component=")
# What is said in so many words is more than the words that it is made of.
_SAID = _STORY, _HIDDEN, _UNSPOKEN = "<story", "<hidden", "<unspoken"
_IS_STORY, _IS_TRUE, _ANYTHING = re.compile(rb"articleBody"), re.compile(rb"true"), re.compile(rb"")
_HIDES = re.compile(rb"display: ?none|visibility: ?hidden")
_LOWER, _UPPER = 1, 2
_CASES = np.zeros(256, np.uint8)
_CASES[ord("a") : ord("z") + 1] = _LOWER
_CASES[ord("A") : ord("Z") + 1] = _UPPER
# All bits of the first bytes of eight, by how many they are.
_FIRST = np.array([(1 << 8 * count) - 1 for count in range(_BYTES + 1)], np.uint64)
_FACTORS = np.array((0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA24BAED4963EE407), np.uint64)


@dataclass(frozen=True, slots=True)
class _Part:
    """Words where they are written: between `starts` and `ends` of `data`."""

    owners: Ints
    data: bytes
    starts: Ints
    ends: Ints


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some tags: their codes, and for each the place of its tag among them."""

    owners: Ints
    codes: Codes


def find_words(markup: Markup, tags: Ints, outer: int) -> Words:
    """Return the words of `tags`, of which the first `outer` are not within a text.

    The name of an element is a word with `<` before it. A word is lower-case letters behind at most
    one capital, or capitals; at least two letters.
    """
    if not len(tags):
        return Words(tags, np.zeros(0, np.uint64))
    parts, said, told = _find_parts(markup, tags, outer)
    return Words(
        np.concatenate((*(part.owners for part in parts), said)),
        np.concatenate((*(_code(part.data, part.starts, part.ends) for part in parts), told)),
    )


def spell_words(markup: Markup, tags: Ints, outer: int) -> list[tuple[int, str]]:
    """Return the words that `find_words` finds as they are written, with the places of their tags.

    A vocabulary is made of them.
    """
    if not len(tags):
        return []
    parts, said, told = _find_parts(markup, tags, outer)
    known = dict(zip(codes_of(_SAID).tolist(), _SAID, strict=True))
    found = [(owner, known[code]) for owner, code in zip(said.tolist(), told.tolist(), strict=True)]
    for part in parts:
        places = zip(part.owners.tolist(), part.starts.tolist(), part.ends.tolist(), strict=True)
        found += [(owner, part.data[start:end].decode()) for owner, start, end in places]
    return found


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


def _find_parts(markup: Markup, tags: Ints, outer: int) -> tuple[list[_Part], Ints, Codes]:
    """Return the names of `tags` and the words in their values; what is said in so many words."""
    starts = markup.starts[tags]
    ends = np.minimum(markup.ends[tags], starts + _MAX_TAG_BYTES)
    name_ends = starts + 1 + _lengths(markup.names[tags])
    names = _Part(np.arange(len(tags)), markup.data, starts, name_ends)
    values = _find_values(markup.data, starts, ends)
    return [names, _cut_words(markup.data, values, outer)], *_find_said(markup.data, values, outer)


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
    letters = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(letters == ord('"'))
    # Elsewhere than behind `=` a quotation mark begins nothing. It may be the end of a value, and
    # what it begins then has no name that counts.
    opening = np.flatnonzero(letters[quotes - 1] == ord("="))
    values = quotes[opening]
    from_ = np.searchsorted(values, starts)
    counts = np.searchsorted(values, ends) - from_
    owners = np.repeat(np.arange(len(starts)), counts)
    own = np.arange(len(owners)) + np.repeat(from_ - np.cumsum(counts) + counts, counts)
    first = values[own]
    # A value may go on where no more of the tag is read.
    last = np.minimum(quotes[np.minimum(opening[own] + 1, len(quotes) - 1)], ends[owners])
    return _Values(owners, first, last, eight_bytes_at(data, first - _BYTES))


def _cut_words(data: bytes, values: _Values, outer: int) -> _Part:
    """Return the words in `values` that tell what an element is, in lower case."""
    named = np.logical_or.reduce([values.of(name) for name in _NAMED]) & (values.owners < outer)
    named |= values.of(_CLASS)
    first, sizes = values.first[named], (values.last - values.first)[named]
    ends = np.cumsum(sizes)
    begins = ends - sizes
    # A margin, and the values with the quotation marks before them.
    places = np.repeat(first - begins, sizes) + np.arange(sizes.sum())
    letters = np.zeros(len(places) + 2 * _BYTES, np.uint8)
    letters[_BYTES:-_BYTES] = np.frombuffer(data, np.uint8)[places]
    cases = _CASES[letters]
    # Rows of letters of one case; the first and the last are in the margin.
    turns = np.flatnonzero(cases[1:] != cases[:-1]) + 1
    start, size = turns[:-1], turns[1:] - turns[:-1]
    case = cases[start]
    behind_capital = np.zeros(len(case), np.bool_)
    behind_capital[1:] = (case[:-1] == _UPPER) & (size[:-1] == 1) & (case[1:] == _LOWER)
    is_word = (case > 0) & (size > 1)
    starts = (start - behind_capital)[is_word]
    owners = values.owners[named][np.searchsorted(begins, starts - _BYTES, "right") - 1]
    return _Part(owners, (letters | 0x20).tobytes(), starts, (start + size)[is_word])


def _find_said(data: bytes, values: _Values, outer: int) -> tuple[Ints, Codes]:
    """Return which elements say something in so many words, and the code of what they say."""
    told = (
        (_STORY, "itemprop=", _IS_STORY),
        (_HIDDEN, " hidden=", _ANYTHING),
        (_HIDDEN, " style=", _HIDES),
        (_UNSPOKEN, "aria-hidden=", _IS_TRUE),
    )
    owners: list[int] = []
    said: list[str] = []
    for word, name, wanted in told:
        for place in np.flatnonzero(values.of(name) & (values.owners < outer)).tolist():
            if wanted.search(data, values.first[place] + 1, values.last[place]):
                owners.append(int(values.owners[place]))
                said.append(word)
    return np.array(owners, np.int64), codes_of(said)
