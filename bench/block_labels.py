"""Which blocks of a page belong to its body, read off the truth that came with the page.

The words of the page's blocks are aligned with those of the gold text, in order: a teaser that
repeats a sentence of the story is not the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"\w+")
# Runs of letters written without spaces are cut into single ones, or nothing could be aligned.
_DENSE = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\ud7ff]|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\ud7ff]+"
)
_CANDIDATES = 12


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case."""
    return _DENSE.findall(text.lower())


def align(texts: Sequence[str], gold: str) -> npt.NDArray[np.float32]:  # noqa: C901 (one chain)
    """Return for each of `texts` the share of its words that is part of `gold`, in order."""
    wanted = words(gold)
    starts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in range(len(wanted)):
        for size in (1, 2, 3):
            if place + size <= len(wanted):
                starts[tuple(wanted[place : place + size])].append(place)
    shares = np.zeros(len(texts), np.float32)
    # The best chain of matches that ends at or before each place of the gold: (ends, scores).
    ends: list[int] = [0]
    best: list[tuple[float, tuple | None]] = [(0.0, None)]
    for block, text in enumerate(texts):
        own = words(text)
        if not own:
            continue
        candidates = _candidates(own, wanted, starts)
        steps = []
        for start, matched in candidates:
            at = bisect_right(ends, start) - 1
            score, chain = best[at]
            steps.append(
                (
                    start + max(matched, 1),
                    score + _worth(matched),
                    (block, matched / len(own), chain),
                )
            )
        for end, score, chain in sorted(steps, key=lambda step: step[:2]):
            at = bisect_right(ends, end) - 1
            if best[at][0] >= score:
                continue
            if ends[at] == end:
                best[at] = (score, chain)
            else:
                at += 1
                ends.insert(at, end)
                best.insert(at, (score, chain))
            while at + 1 < len(ends) and best[at + 1][0] <= score:
                del ends[at + 1], best[at + 1]
    chain = best[-1][1]
    while chain is not None:
        block, share, chain = chain
        shares[block] = share
    return shares


def _worth(matched: int) -> float:
    # A long match is worth more than as many words in single ones, which are found anywhere.
    return matched * min(1.0, 0.1 + matched / 8)


def _candidates(own: list[str], wanted: list[str], starts: dict) -> list[tuple[int, int]]:
    """Return where in `wanted` the words could stand, and how many of them do."""
    size = min(3, len(own))
    found: dict[int, int] = {}
    for offset in sorted(
        {0, max(0, len(own) // 2 - size), max(0, len(own) - size), min(4, len(own) - size)}
    ):
        for place in starts.get(tuple(own[offset : offset + size]), ())[:200]:
            start = max(place - offset, 0)
            if start not in found:
                span = wanted[start : start + len(own)]
                matched = sum(one == other for one, other in zip(own, span, strict=False))
                if matched < 0.5 * len(own):
                    matched = _overlap(
                        own, wanted[max(place - offset - 5, 0) : place - offset + len(own) + 5]
                    )
                if matched >= 0.5 * len(own):
                    found[start] = matched
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return ranked[: _CANDIDATES if len(own) > 2 else 100]


def _overlap(own: list[str], span: list[str]) -> int:
    left: dict[str, int] = defaultdict(int)
    for word in span:
        left[word] += 1
    count = 0
    for word in own:
        if left[word] > 0:
            left[word] -= 1
            count += 1
    return count


def label_by_segments(
    texts: Sequence[str], must: Sequence[str], must_not: Sequence[str]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Return labels, and which of them are known, from pieces that must (not) be in the body."""
    labels = np.zeros(len(texts), np.float32)
    known = np.zeros(len(texts), np.bool_)
    squeezed = ["".join(words(text)) for text in texts]
    for pieces, label in ((must_not, 0.0), (must, 1.0)):
        for piece in pieces:
            short = "".join(words(piece))
            if len(short) < 4:
                continue
            hits = [
                place
                for place, text in enumerate(squeezed)
                if short in text or (len(text) > 20 and text in short)
            ]
            if label and len(hits) > 3:
                continue
            for place in hits:
                labels[place], known[place] = label, True
    return labels, known
