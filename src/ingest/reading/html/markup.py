"""Markup in columns: where each tag of a page is, and what it does to the text around it.

The tree is serialised once, in C. Of well-formed markup the signs `<` and `>` alone tell where all
tags are, so they are found for the whole page at once, and their names eight bytes at a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint64]

# What a tag does: it ends a block of text and opens or closes an element, or else it is inline.
NOTHING, OPEN, LINK, LINK_END, BREAK, RULE, ENTER, LEAVE = range(8)
_INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "meter", "nobr", "output", "progress", "q", "rb",
    "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var",
)  # fmt: skip
_VOID = (
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
)  # fmt: skip

# -- Names -----------------------------------------------------------------------------------------

# So many bytes of a name tell it from all others that are asked for.
_NAME_BYTES: Final = 8
_ONES, _TOPS = (np.uint64(int(byte * _NAME_BYTES, 16)) for byte in ("01", "80"))
_SPACES, _ENDS = (np.uint64(int(byte * _NAME_BYTES, 16)) for byte in ("20", "3e"))


def code_of(name: str) -> int:
    """Return the number that stands for the element `name`: its first eight bytes."""
    return int.from_bytes(name.encode()[:_NAME_BYTES], "little")


def eight_bytes_at(data: bytes, places: Ints) -> Codes:
    """Return the eight bytes of `data` from each of `places` on as a number, the first lowest."""
    words = np.ndarray((len(data) - _NAME_BYTES + 1,), "<u8", data, strides=(1,))
    found: Codes = words[places]
    return found


def _names_at(data: bytes, places: Ints) -> Codes:
    """Return the codes of the names that begin at `places` and end before a space or `>`."""
    words = eight_bytes_at(data, places)
    # A byte that is the sign wanted becomes zero; of a zero byte, and of none before the first one,
    # this sets the highest bit.
    spaces, ends = words ^ _SPACES, words ^ _ENDS
    stops = ((spaces - _ONES) & ~spaces | (ends - _ONES) & ~ends) & _TOPS
    first = stops & (~stops + np.uint64(1))
    # All bits below the first stop; all there are where there is none.
    return words & ((first >> np.uint64(7)) - np.uint64(1))


_SLOTS = 12
_SCATTER = 0x9E3779B97F4A7C15


def _slot(codes: Codes) -> Codes:
    return (codes * np.uint64(_SCATTER)) >> np.uint64(64 - _SLOTS)


def _table() -> tuple[Codes, npt.NDArray[np.uint8]]:
    """Return the known codes and what their tags do, each in its slot."""
    does = {
        **dict.fromkeys(map(code_of, _INLINE), OPEN),
        **dict.fromkeys(map(code_of, _VOID), NOTHING),
        code_of("a"): LINK,
        code_of("br"): BREAK,
        code_of("hr"): RULE,
    }
    codes = np.fromiter(does, np.uint64, len(does))
    slots = _slot(codes)
    if len(set(slots.tolist())) < len(slots):
        raise AssertionError("two names share a slot: take another factor")
    known = np.zeros(1 << _SLOTS, np.uint64)
    kinds = np.full(1 << _SLOTS, ENTER, np.uint8)
    known[slots] = codes
    kinds[slots] = list(does.values())
    return known, kinds


_KNOWN, _KINDS = _table()
# What the tag that closes an element does, by what the one does that opens it.
_CLOSING = np.arange(LEAVE + 1, dtype=np.uint8)
_CLOSING[[OPEN, LINK, ENTER]] = NOTHING, LINK_END, LEAVE

# How much deeper a tag leads.
_STEPS = np.zeros(LEAVE + 1, np.int8)
_STEPS[[ENTER, LEAVE]] = 1, -1

# -- Tags ------------------------------------------------------------------------------------------

# What stands around the markup, so that eight bytes can be taken anywhere in it.
_PADDING = bytes(_NAME_BYTES)
_MARGIN = b" " * _NAME_BYTES
_UNSEEN_SIGNS = tuple(sign.encode() for sign in ("\u00ad", "\u200b", "\u2060", "\ufeff"))
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
# A comment, an instruction, or a tag: its name, in which any sign may be, and its attributes. In
# these a quotation mark begins a value after `=` alone; elsewhere it is part of a name, as in
# `<a href="/x"">`.
_TAG = re.compile(
    rb'<(?:!--.*?--|\?[^>]*|([^ >]*+[^>=]*+(?:=(?:"[^"]*+")?+[^>=]*+)*+))>', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Markup:
    """The tags of a page, in order.

    `data` is the markup with eight spaces before it and eight zeros behind it. A tag begins at its
    `start` with `<` and ends at its `end` with `>`; `kinds` says what it does, `names` the code of
    its element.
    """

    data: bytes
    starts: Ints
    ends: Ints
    kinds: npt.NDArray[np.uint8]
    names: Codes

    @property
    def size(self) -> int:
        """The bytes of the page."""
        return len(self.data) - len(_PADDING)

    def tag(self, start: int, end: int) -> str:
        """Return what stands between the `<` at `start` and the `>` at `end`."""
        return self.data[start + 1 : end].decode()


def read_markup(html: str) -> Markup:
    """Return the tags of `html`, the serialised tree of a page.

    Raises ValueError where they do not open and close elements in turn, as those of a tree do.
    """
    data = _MARGIN + html.encode("utf-8", "replace") + _PADDING
    if b"&nbsp;" in data:
        data = data.replace(b"&nbsp;", b" ")
    markup = _find_tags(_without_unseen(_COMMENT.sub(b"", data) if b"<!--" in data else data))
    if markup is None:
        # One page in two hundred has such a sign in a name or a value.
        markup = _find_tags(_without_unseen(_TAG.sub(_quoted, data)))
    if markup is None:
        raise ValueError("the tags of the serialised page do not open and close in turn")
    return markup


def _find_tags(data: bytes) -> Markup | None:
    """Return the tags of `data`, None where its signs are not those of tags alone."""
    letters = np.frombuffer(data, np.uint8)
    starts, ends = np.flatnonzero(letters == ord("<")), np.flatnonzero(letters == ord(">"))
    if len(starts) != len(ends):
        return None
    if (starts > ends).any() or (ends[:-1] > starts[1:]).any():
        return None
    after = letters[starts + 1]
    closing = after == ord("/")
    names = _names_at(data, starts + 1 + closing)
    slots = _slot(names)
    kinds = np.where(_KNOWN[slots] == names, _KINDS[slots], np.uint8(ENTER))
    kinds = np.where(closing, _CLOSING[kinds], kinds)
    kinds[after == ord("?")] = NOTHING
    depths = np.cumsum(_STEPS[kinds])
    if len(depths) and (depths[-1] != 0 or depths.min() < 0):
        return None
    return Markup(data, starts, ends, kinds, names)


def _without_unseen(data: bytes) -> bytes:
    """Return `data`, which has no comments left, without the signs that nobody sees.

    Between `--` and `>` such a sign keeps a comment open.
    """
    if not data.isascii():
        for sign in _UNSEEN_SIGNS:
            if sign in data:
                data = data.replace(sign, b"")
    return data


def _quoted(tag: re.Match[bytes]) -> bytes:
    """Return `tag` with the signs in its values written as entities; nothing of a comment."""
    inner = tag[1]
    if inner is None:
        return b""
    return b"<%b>" % inner.replace(b"<", b"&lt;").replace(b">", b"&gt;")
