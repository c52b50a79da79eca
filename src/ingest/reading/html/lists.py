"""Lists and the heads of tables inside stories are kept whole or not at all.

The model judges each point for itself, and short points look like menus.
"""

from __future__ import annotations

from collections import defaultdict

from ingest.reading.html.blocks import Blocks
from ingest.reading.html.markup import code_of

_POINTS = frozenset(map(code_of, ("li", "th")))


def keep_lists_whole(blocks: Blocks, kept: list[bool]) -> None:
    """Mark all points of a list in `kept` where half of them are, or the story goes on around it.

    The heads that share a row of a table are points, too. Points that are links lead elsewhere:
    they are left as they are, and a list that has one is not kept for what stands around it.
    """
    lists: dict[int, list[int]] = defaultdict(list)
    holders = blocks.parents[blocks.elements].tolist()
    for block, (name, holder) in enumerate(zip(blocks.names(), holders, strict=True)):
        if name in _POINTS:
            lists[holder].append(block)
    for points in lists.values():
        told = [
            block for block in points if 2 * blocks.link_chars[block] < len(blocks.texts[block])
        ]
        before, after = points[0] - 1, points[-1] + 1
        is_inside = before >= 0 and after < len(kept) and kept[before] and kept[after]
        known = 2 * sum(kept[block] for block in told)
        if (is_inside and len(told) == len(points)) or (told and known >= len(told)):
            for block in told:
                kept[block] = True
