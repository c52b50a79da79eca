"""Blocks: the runs of text of a page, in order, each with its place in the tree.

A block is what stands between two boundaries that a browser would show as a line of its own. All of
them are found at once, in columns over the tags of the page (`markup.py`); only what people read of
it becomes strings, one by one. What browsers never show (scripts, styles, drawings) is gone before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ingest.reading.html.markup import (
    BREAK,
    ENTER,
    LINK,
    LINK_END,
    OPEN,
    RULE,
    Bools,
    Codes,
    Ints,
    Markup,
    read_markup,
)
from ingest.reading.html.markup_words import Words, find_words
from ingest.reading.html.tree import LexborHTMLParser

# What a page holds and does not show; the first ones would also break the cutting, because their
# text is serialised as it is.
_UNSEEN = ",".join(
    (
        *("script", "style", "noscript", "iframe", "noembed", "noframes", "xmp", "plaintext"),
        *("template", "svg", "math", "object", "select", "canvas", "video", "audio"),
        *("picture", "img", "source", "input", "meta", "link", "map"),
    )
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028\u2029]+")
# The points of a menu are one block: links as short as this that follow one another. In bytes,
# because what takes more of them says more.
_MENU_BYTES = 30
MENU_MARK = " · "
# How a byte begins in UTF-8 that goes on with a letter.
_TOP_BITS, _GOES_ON = 0xC0, 0x80
# In place of tags while the texts of a page are one string: signs that it has only as entities.
_BOUND, _LINE_END = ">", "<"


def _none() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(slots=True)
class Blocks:
    """The blocks of one page, as columns, and the elements that they stand in.

    Short links that follow one another are one block. A text keeps the line breaks that the page
    sets in it. `links` are the tags of the links, `link_blocks` the block that each stands in.
    `elements` gives each block its element, `parents` each element its parent (the first is its
    own), `paths` what is the same for elements under the same names, `entered` its place in `walk`:
    the order in which elements were opened (their number) and closed (`~` their number).

    `tags` are those of the elements, and behind them of the inline ones that texts begin in:
    `inner` is the place of each block's there, -1 for none. `words` are those of all `tags`.
    """

    markup: Markup = field(default_factory=lambda: read_markup(""))
    texts: list[str] = field(default_factory=list)
    link_chars: list[int] = field(default_factory=list)
    link_counts: Ints = field(default_factory=_none)
    breaks: Ints = field(default_factory=_none)
    elements: Ints = field(default_factory=_none)
    inner: Ints = field(default_factory=_none)
    links: Ints = field(default_factory=_none)
    link_blocks: Ints = field(default_factory=_none)
    tags: Ints = field(default_factory=_none)
    parents: Ints = field(default_factory=_none)
    paths: Codes = field(default_factory=lambda: np.zeros(0, np.uint64))
    depths: Ints = field(default_factory=_none)
    entered: Ints = field(default_factory=_none)
    walk: Ints = field(default_factory=_none)
    words: Words = field(default_factory=lambda: Words(_none(), np.zeros(0, np.uint64)))

    def names(self) -> list[int]:
        """Return the code of the name of each block's element."""
        names: list[int] = self.markup.names[self.tags[self.elements]].tolist()
        return names

    def inner_names(self) -> list[int]:
        """Return the code of the name of the inline tag that each block begins in, 0 for none."""
        own = self.markup.names[self.tags[self.inner]]
        names: list[int] = np.where(self.inner >= 0, own, 0).tolist()
        return names

    def tag(self, number: int) -> str:
        """Return the tag `number` without its brackets."""
        markup = self.markup
        return markup.tag(int(markup.starts[number]), int(markup.ends[number]))


def find_blocks(tree: LexborHTMLParser) -> Blocks:
    """Return the blocks of the page `tree`, which loses what is never shown.

    Raises ValueError where the parser does not write the tree as it should.
    """
    body = tree.body
    if body is None:
        return Blocks()
    for node in body.css(_UNSEEN):
        node.decompose()
    return cut_blocks(read_markup(body.html or ""))


def cut_blocks(markup: Markup) -> Blocks:
    """Return the blocks of `markup`."""
    if not len(markup.starts):
        return Blocks()
    kinds = markup.kinds
    is_element = kinds >= ENTER
    bounds, breaks = _find_bounds(markup, is_element)
    pieces = _Pieces(markup, bounds, breaks)
    if not pieces.texts:
        return Blocks()
    blocks = Blocks(markup)
    # The last tag of an element before each text.
    last = (np.cumsum(is_element) - 1)[pieces.first]
    _place(blocks, np.flatnonzero(is_element), last)
    blocks.inner = _find_inner(kinds, pieces)
    blocks.texts = pieces.texts
    _count(blocks, pieces, breaks)
    _join_menus(blocks)
    _add_inner(blocks)
    return blocks


# -- Texts -----------------------------------------------------------------------------------------


def _find_bounds(markup: Markup, is_element: Bools) -> tuple[Bools, Ints]:
    """Return which tags end a block, and the line breaks that are within one.

    A second line break with no text since the first one ends a block.
    """
    kinds = markup.kinds
    bounds = is_element | (kinds == RULE)
    breaks = np.flatnonzero(kinds == BREAK)
    if len(breaks):
        elements = np.cumsum(is_element)[breaks].tolist()
        numbers = breaks.tolist()
        for place in range(1, len(numbers)):
            if elements[place] == elements[place - 1] and not _has_text(
                markup, numbers[place - 1], numbers[place]
            ):
                bounds[numbers[place]] = True
        breaks = breaks[~bounds[breaks]]
    return bounds, breaks


def _has_text(markup: Markup, first: int, last: int) -> bool:
    """Return whether there is text between the tags `first` and `last`."""
    starts = markup.starts[first + 1 : last + 1].tolist()
    ends = markup.ends[first:last].tolist()
    data = markup.data
    return any(
        not data[end + 1 : start].isspace()
        for end, start in zip(ends, starts, strict=True)
        if end + 1 < start
    )


class _Pieces:
    """The texts between bounds, and what of them stands where.

    `texts` are those that say something, `spans` the numbers of the bounds before them, `first` the
    tags after which they begin. `span` gives each tag its own span; `filled` are the tags that text
    follows, `chars` how long that is.
    """

    def __init__(self, markup: Markup, bounds: Bools, breaks: Ints) -> None:
        self.span: Ints = np.cumsum(bounds)
        marked = bounds.copy()
        marked[breaks] = True
        # From behind each tag to the next one; the sign of the tag's end is kept as a mark.
        starts = markup.ends + 1 - marked
        sizes = np.concatenate((markup.starts[1:], [markup.size])) - starts
        ends = np.cumsum(sizes)
        begins = ends - sizes
        places = np.repeat(starts - begins, sizes) + np.arange(ends[-1])
        letters = np.frombuffer(markup.data, np.uint8)[places]
        is_ink = letters > ord(" ")
        is_ink[begins[marked]] = False
        ink = np.flatnonzero(is_ink)
        inked = np.searchsorted(ink, np.concatenate((begins, [len(letters)])))
        self.filled = np.flatnonzero(inked[1:] > inked[:-1])
        own = self.span[self.filled]
        is_first = np.ones(len(own), np.bool_)
        is_first[1:] = own[1:] > own[:-1]
        self.first, self.spans = self.filled[is_first], own[is_first]
        # One space of each row of them, and of all bounds those behind a text.
        kept = is_ink.copy()
        kept[1:] |= is_ink[:-1]
        letters[~is_ink] = ord(" ")
        letters[begins[breaks]] = ord(_LINE_END)
        kept[begins[breaks]] = True
        bound = np.flatnonzero(bounds)
        kept[begins[bound]] = False
        behind = begins[bound[self.spans[self.spans < len(bound)]]]
        letters[behind] = ord(_BOUND)
        kept[behind] = True
        from_, to = ink[inked[self.filled]], ink[inked[self.filled + 1] - 1] + 1
        self.chars = to - from_
        text = letters[kept].tobytes().decode("utf-8", "replace")
        if not text.isascii():
            before = np.cumsum(letters & _TOP_BITS != _GOES_ON)
            self.chars = before[to - 1] - before[from_] + 1
        if not text.isprintable():
            # White space of other kinds, or control characters.
            text = _CONTROL.sub("", " ".join(text.split()))
        self.texts = [_tidy(piece) for piece in text.split(_BOUND)[: len(self.spans)]]
        if not all(self.texts):
            is_real = [bool(text) for text in self.texts]
            self.texts = list(filter(None, self.texts))
            self.first, self.spans = self.first[is_real], self.spans[is_real]


def _tidy(piece: str) -> str:
    """Return `piece` as people read it: its lines without space around them, no entities."""
    if _LINE_END in piece:
        piece = "\n".join(filter(None, map(str.strip, piece.split(_LINE_END))))
    else:
        piece = piece.strip()
    if "&" in piece:
        piece = piece.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return piece


def _find_inner(kinds: npt.NDArray[np.uint8], pieces: _Pieces) -> Ints:
    """Return the inline tag that was opened last before each text in its element, -1 for none."""
    opens = (kinds == OPEN) | (kinds == LINK)
    known = np.flatnonzero(opens | (kinds >= ENTER))
    last = known[np.searchsorted(known, pieces.first, "right") - 1]
    return np.where(opens[last], last, -1)


def _add_inner(blocks: Blocks) -> None:
    """Add the inline tags that texts begin in to the tags of the elements, and read all of them."""
    outer = len(blocks.tags)
    has_inner = blocks.inner >= 0
    blocks.tags = np.concatenate((blocks.tags, blocks.inner[has_inner]))
    blocks.inner = np.where(has_inner, outer + np.cumsum(has_inner) - 1, -1)
    blocks.words = find_words(blocks.markup, blocks.tags, outer)


def _count(blocks: Blocks, pieces: _Pieces, breaks: Ints) -> None:
    """Count the links and the line breaks of each text. A link belongs to the text that follows."""
    kinds, spans = blocks.markup.kinds, pieces.spans
    count = len(spans)
    is_link = kinds == LINK
    links = np.flatnonzero(is_link)
    next_text = np.searchsorted(spans, pieces.span[links])
    blocks.links, blocks.link_blocks = links[next_text < count], next_text[next_text < count]
    blocks.link_counts = np.bincount(blocks.link_blocks, minlength=count)
    # Of each span the place of its text, beyond all texts where it has none.
    places = np.full(int(pieces.span[-1]) + 1, count)
    places[spans] = np.arange(count)
    blocks.breaks = np.bincount(places[pieces.span[breaks]], minlength=count)[:count]
    open_links = np.cumsum(is_link) - np.cumsum(kinds == LINK_END)
    linked = open_links[pieces.filled] > 0
    own = places[pieces.span[pieces.filled[linked]]]
    chars = np.bincount(own, pieces.chars[linked], minlength=count)[:count]
    blocks.link_chars = chars.astype(np.int64).tolist()


# -- Places ----------------------------------------------------------------------------------------

_PATH_FACTOR = 0xD6E8FEB86659FD93


def _place(blocks: Blocks, tags: Ints, last: Ints) -> None:
    """Give the elements around texts numbers in the order of their tags, and place each.

    `tags` are those that open and close elements; `last` gives each text the one before it.
    """
    count = len(tags)
    names, opening = blocks.markup.names[tags], blocks.markup.kinds[tags] == ENTER
    levels = np.cumsum(np.where(opening, 1, -1)) + ~opening
    # At one level, elements are opened and closed in turn.
    order = np.argsort(levels.astype(np.int16), kind="stable")
    opens, closes = order[0::2], order[1::2]
    before = np.concatenate(([0], np.cumsum(np.bincount(last, minlength=count))))
    is_used = before[closes] > before[opens]
    # The parent is what was opened last one level higher.
    keys = levels[opens] * count + opens
    above = np.searchsorted(keys, keys - count, "right") - 1
    parent_of = np.zeros(count, np.int64)
    parent_of[opens] = opens[np.where(above < 0, np.arange(len(opens)), above)]
    holder = np.arange(count)
    holder[closes] = parent_of[opens]

    used = np.zeros(count, np.bool_)
    used[opens[is_used]] = True
    numbers = np.cumsum(used) - 1
    elements = np.flatnonzero(used)
    blocks.tags = tags[elements]
    blocks.parents = numbers[parent_of[elements]]
    blocks.depths = levels[elements]
    blocks.elements = numbers[holder[last]]
    steps = numbers.copy()
    steps[closes] = ~numbers[opens]
    used[closes[is_used]] = True
    blocks.walk = steps[used]
    blocks.entered = (np.cumsum(used) - 1)[elements]
    factors = np.cumprod(np.full(int(levels.max()) + 1, _PATH_FACTOR, np.uint64))
    parts = names * factors[levels]
    blocks.paths = np.cumsum(np.where(opening, parts, np.uint64(0) - parts))[elements]


def _join_menus(blocks: Blocks) -> None:
    """Make one block of the points of a menu: short links whose elements stand together."""
    texts, chars = blocks.texts, blocks.link_chars
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    points = np.flatnonzero((lengths <= _MENU_BYTES) & (np.array(chars) >= lengths)).tolist()
    elements, parents = blocks.elements.tolist(), blocks.parents.tolist()
    joined: list[int] = []
    head = last = -2
    for place in points:
        if len(texts[place].encode()) > _MENU_BYTES:
            continue
        if last == place - 1 and _are_near(parents, elements[head], elements[place]):
            texts[head] += MENU_MARK + texts[place]
            chars[head] += chars[place]
            joined.append(place)
        else:
            head = place
        last = place
    if not joined:
        return
    kept = np.ones(len(texts), np.bool_)
    kept[joined] = False
    heads = np.flatnonzero(kept)
    blocks.texts = [texts[place] for place in heads.tolist()]
    blocks.link_chars = [chars[place] for place in heads.tolist()]
    blocks.link_counts = np.add.reduceat(blocks.link_counts, heads)
    blocks.link_blocks = np.searchsorted(heads, blocks.link_blocks, "right") - 1
    blocks.breaks = blocks.breaks[heads]
    blocks.elements = blocks.elements[heads]
    blocks.inner = blocks.inner[heads]


def _are_near(parents: list[int], one: int, other: int) -> bool:
    """Return whether two elements share a parent, as the points of a list do, or a grandparent."""
    one, other = parents[one], parents[other]
    return one == other or parents[one] == parents[other]
