"""The block model: how likely each block of a page is to be of its article. The owner of numpy.

A small network, trained by `bench/train_blocks.py` and described in `docs/block-model.md`: each
block sees itself, the words of the elements around it, the mean of those that share its element,
its parent element or its path, the whole page, and its neighbours up to fifteen blocks away.
Evaluated here with a dozen matrix products.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import numpy as np

from ingest.reading.html.features import Features
from ingest.reading.html.markup import Floats, Ints
from ingest.reading.html.markup_words import Vocabulary

_DILATIONS = (1, 2, 4, 8)
_EXTREME = 4.0


class BlockModel:
    """The weights of the network, by name, and the words that it knows."""

    def __init__(self, weights: Mapping[str, Floats], words: list[str]) -> None:
        self.vocabulary = Vocabulary(words)
        self._weights = {
            name: np.ascontiguousarray(value, np.float32) for name, value in weights.items()
        }
        # What stands beside a row is asked of all rows at once, and moved to where it counts.
        for layer in range(len(_DILATIONS)):
            parts = np.split(self._weights[f"near_{layer}"], 3)
            self._weights[f"near_{layer}"] = np.concatenate(parts, axis=1)

    def score(self, page: Features) -> Floats:
        """Return how likely each block of `page` is to be of its article, from 0 to 1."""
        weights = self._weights
        size = page.sizes[:, None]
        seen = self._see(page)
        hidden = _rectified(seen @ weights["input"] + weights["input_bias"])
        weighted = hidden * size
        whole = weighted.sum(0) / page.sizes.sum()
        of_page = np.concatenate([whole, hidden.max(0)]) @ weights["mix_page"]
        pooled = np.concatenate([hidden, _means(page.groups, weighted, page.sizes)], axis=1)
        state = _rectified(pooled @ weights["mix"] + (of_page + weights["mix_bias"]))
        for layer, dilation in enumerate(_DILATIONS):
            around = _around(state @ weights[f"near_{layer}"], dilation)
            state = state + _rectified(around + weights[f"near_{layer}_bias"])
        logit = state @ weights["output"] + weights["output_bias"]
        scores: Floats = 1 / (1 + np.exp(-np.clip(logit[:, 0], -30, 30)))
        return scores

    def _see(self, page: Features) -> Floats:
        """Return the input of each block: its numbers, and the words around it."""
        weights = self._weights
        numbers = (page.numbers - weights["mean"]) / weights["deviation"]
        numbers = np.clip(numbers, -_EXTREME, _EXTREME)
        vectors = _sum_of_words(weights["words"], page)
        closing = page.walk < 0
        steps = vectors[np.where(closing, ~page.walk, page.walk)]
        steps[closing] *= -1
        path = np.tanh(0.5 * np.cumsum(steps, axis=0)[page.entered])
        places = (page.own, page.parent, page.grandparent, page.inner)
        return np.concatenate([numbers, *(vectors[place] for place in places), path], axis=1)


def _sum_of_words(words: Floats, page: Features) -> Floats:
    """Return the sum of the vectors of each element's words."""
    sums = np.zeros((len(page.word_counts), words.shape[1]), np.float32)
    filled = page.word_counts > 0
    if filled.any():
        ends = np.cumsum(page.word_counts)
        starts = (ends - page.word_counts)[filled]
        sums[filled] = np.add.reduceat(words[page.words], starts, axis=0)
    return sums


def _means(groups: Ints, weighted: Floats, sizes: Floats) -> Floats:
    """Return for each row the means of the rows of its groups, one beside the other."""
    kinds, count = groups.shape
    rows = (groups + np.arange(kinds)[:, None] * count).ravel()
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    is_first = np.ones(len(rows), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(is_first)
    members = order % count
    sums = np.add.reduceat(weighted[members], starts, axis=0)
    sums /= np.add.reduceat(sizes[members], starts)[:, None]
    means = np.empty((len(rows), weighted.shape[1]), np.float32)
    means[order] = sums[np.cumsum(is_first) - 1]
    side_by_side: Floats = means.reshape(kinds, count, -1).transpose(1, 0, 2).reshape(count, -1)
    return side_by_side


def _around(seen: Floats, dilation: int) -> Floats:
    """Return for each row what it is to others: the sum of what its neighbours and it are to it.

    `seen` are three parts, side by side: what each row is to the one `dilation` rows below it, to
    itself, and to the one so far above it. Beyond the page is nothing.
    """
    width = seen.shape[1] // 3
    around = seen[:, width : 2 * width].copy()
    around[dilation:] += seen[:-dilation, :width]
    around[:-dilation] += seen[dilation:, 2 * width :]
    return around


def _rectified(values: Floats) -> Floats:
    np.maximum(values, 0, out=values)
    return values


def unpack(stored: bytes) -> BlockModel:
    """Return the model in `stored`, an npz archive of plain arrays.

    Raises ValueError if it holds anything else than arrays.
    """
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        weights = {name: arrays[name] for name in arrays.files if name != "vocabulary"}
        words = bytes(arrays["vocabulary"]).decode("utf-8").split("\n")
    return BlockModel(weights, words)


@lru_cache(1)
def block_model() -> BlockModel:
    """Return the model that comes with the package."""
    return unpack(files("ingest.reading.html").joinpath("block_model.npz").read_bytes())
