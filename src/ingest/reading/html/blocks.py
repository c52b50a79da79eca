"""Blocks: the runs of text of a page, in order, each with its place in the tree.

A block is what stands between two boundaries that a browser would show as a line of its own. The
tree is serialised once, in C, and its markup is cut into tokens by one expression: several times
cheaper than asking for each node. What browsers never show (scripts, styles, drawings) is gone
before that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.reading.html.tree import LexborHTMLParser

# What a page holds and does not show; the first ones would also break the cutting, because their
# text is serialised as it is.
_UNSEEN_TAGS = [
    *("script", "style", "noscript", "iframe", "noembed", "noframes", "xmp", "plaintext"),
    *("template", "svg", "math", "object", "select", "canvas", "video", "audio", "head"),
    *("picture", "img", "source", "input", "meta", "link", "map"),
]
_UNSEEN_SIGNS = ("\u00ad", "\u200b", "\u2060", "\ufeff")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028\u2029]+")
# The name of a tag and the rest of it; both are nothing in a comment. A quotation mark begins a
# value after `=` alone: elsewhere it is part of a name, as in `<a href="/x"">`.
_TOKEN = re.compile(r'<(?:!--.*?--|([^ >"]*+)([^>=]*+(?:=(?:"[^"]*+")?+[^>=]*+)*+))>', re.DOTALL)
_INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del",
        "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "meter", "nobr", "output",
        "progress", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var",
    )
)  # fmt: skip
_VOID = frozenset(
    (
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img",
        "input", "keygen", "link", "meta", "param", "source", "track", "wbr",
    )
)  # fmt: skip
# The points of a menu are one block: links as short as this that follow one another. In bytes,
# because what takes more of them says more.
_MENU_BYTES = 30
_MENU_MARK = " · "
# Stands for a line break while a block's text is put together: of private use.
_LINE_END = "\ue000"
# What a tag does that is no boundary of a block.
_NOTHING, _OPEN, _LINK, _LINK_END, _BREAK, _RULE = range(6)
_WITHIN = {
    **dict.fromkeys(_VOID, _NOTHING),
    **{"/" + name: _NOTHING for name in _INLINE},
    **dict.fromkeys(_INLINE, _OPEN),
    "a": _LINK,
    "/a": _LINK_END,
    "br": _BREAK,
    "hr": _RULE,
}


@dataclass(slots=True)
class Blocks:
    """The blocks of one page, as columns, and the elements that they stand in.

    Short links that follow one another are one block. A text keeps the line breaks that the page
    sets in it. `links` are the markup of the links, each with the number of the block that it
    begins in. `parents` gives each element's parent (the first is its own), `entered` its place
    in `walk`: the order in which elements were opened (their number) and closed (`~` their number).
    """

    texts: list[str] = field(default_factory=list)
    link_chars: list[int] = field(default_factory=list)
    link_counts: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    elements: list[int] = field(default_factory=list)
    inner_tags: list[str] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    paths: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    entered: list[int] = field(default_factory=list)
    walk: list[int] = field(default_factory=list)


def find_blocks(tree: LexborHTMLParser) -> Blocks:
    """Return the blocks of the page `tree`, which loses what is never shown. Total."""
    tree.strip_tags(_UNSEEN_TAGS, recursive=True)
    body = tree.body
    markup = (body.html if body is not None else None) or ""
    for sign in _UNSEEN_SIGNS:
        if sign in markup:
            markup = markup.replace(sign, "")
    blocks = cut_blocks(markup)
    shown = "".join(blocks.texts)
    # Nearly all pages pass the first test, which is the faster one.
    if not shown.replace("\n", "").isprintable() and _CONTROL.search(shown):
        blocks.texts = [_CONTROL.sub("", text) or "\ufffd" for text in blocks.texts]
    return blocks


def _are_near(parents: list[int], one: int, other: int) -> bool:
    """Return whether two elements share a parent, as the points of a list do, or a grandparent."""
    one, other = parents[one], parents[other]
    return one == other or parents[one] == parents[other]


def cut_blocks(markup: str) -> Blocks:  # noqa: C901, PLR0912, PLR0915 (one loop, kept flat for its speed)
    """Return the blocks of well-formed `markup`."""
    found = Blocks()
    texts, elements, parents = found.texts, found.elements, found.parents
    tags, paths, walk = found.tags, found.paths, found.walk
    depths, entered, links = found.depths, found.entered, found.links
    # The names and the attributes of all open elements; the numbers of the first `known` of them,
    # which are those that a block stood in, and of some that are closed by now.
    names: list[str] = []
    attributes: list[str] = []
    numbers: list[int] = []
    known = 0
    parts: list[str] = []
    in_link = link_chars = link_count = breaks = 0
    inner = first_inner = ""
    after_break = in_menu = False

    def end() -> None:
        nonlocal link_chars, link_count, breaks, first_inner, in_menu, known
        text = "".join(parts)
        parts.clear()
        if "&" in text:
            text = (
                text.replace("&nbsp;", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
            )
        if breaks and _LINE_END in text:
            lines = (" ".join(line.split()) for line in text.split(_LINE_END))
            text = "\n".join(filter(None, lines))
        elif text.isprintable() and "  " not in text:  # so it has no other white space
            text = text.strip()
        else:
            text = " ".join(text.split())
        if text:
            if not names and not tags:  # no element around it: markup that is not well-formed
                names.append("body")
                attributes.append("")
            if known < len(names):
                walk.extend([~number for number in numbers[: known - 1 if known else None : -1]])
                del numbers[known:]
                parent = numbers[-1] if numbers else 0
                path = paths[parent] if tags else 0
                for known in range(known, len(names)):  # noqa: B020
                    name = names[known]
                    number = len(tags)
                    numbers.append(number)
                    parents.append(parent)
                    tags.append(name + attributes[known])
                    path = hash((path, name))
                    paths.append(path)
                    depths.append(known + 1)
                    entered.append(len(walk))
                    walk.append(number)
                    parent = number
                known = len(names)
            element = numbers[known - 1] if known else 0
            is_menu_link = (
                link_chars >= len(text) <= _MENU_BYTES and len(text.encode()) <= _MENU_BYTES
            )
            if is_menu_link and in_menu and _are_near(parents, elements[-1], element):
                texts[-1] += _MENU_MARK + text
                found.link_chars[-1] += link_chars
                found.link_counts[-1] += link_count
            else:
                in_menu = is_menu_link
                texts.append(text)
                found.link_chars.append(link_chars)
                found.link_counts.append(link_count)
                found.breaks.append(breaks)
                elements.append(element)
                found.inner_tags.append(first_inner)
        link_chars = link_count = breaks = 0
        first_inner = ""

    within = _WITHIN.get
    pieces = _TOKEN.split(markup)
    for name, rest, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if name:  # a comment has none
            operation = within(name)
            if operation is None:
                if parts:
                    end()
                if name[0] != "/":
                    names.append(name)
                    attributes.append(rest)
                elif names:
                    names.pop()
                    attributes.pop()
                    if len(names) < known:
                        known -= 1
                inner = ""
                after_break = False
            elif operation == _NOTHING:
                pass
            elif operation == _LINK:
                in_link += 1
                link_count += 1
                inner = name + rest
                links.append((len(texts), inner))
            elif operation == _LINK_END:
                in_link -= 1
            elif operation == _OPEN:
                inner = name + rest
            elif operation == _RULE or after_break:
                if parts:
                    end()
            else:
                parts.append(_LINE_END)
                breaks += 1
                after_break = True
        if text:
            if text.isspace():
                if parts:
                    parts.append(" ")
            else:
                after_break = False
                if not first_inner and not parts:
                    first_inner = inner
                parts.append(text)
                if in_link:
                    link_chars += len(text.strip())
    walk += [~number for number in reversed(numbers)]
    return found
