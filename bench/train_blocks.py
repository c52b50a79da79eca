"""Train the block model of the HTML reader, and say what it is worth on pages it has not seen.

    python bench/train_blocks.py folds    texts of pages read by models that have not seen their
                                          host (cv) or their set (loso), into bench/.folds, where
                                          the models stay too: without them, all are trained anew
    python bench/train_blocks.py write    the model that the package carries, trained on all pages

Runs in an environment of its own (`bench/train_blocks.txt`) with the package on its path; reads
the public sets of `html_sets`. One thread and fixed seeds: the same machine gives the same model.

The network is evaluated in `ingest.reading.html.model`; here is the same in terms that can be
trained. The loss of a page is the cross entropy of its blocks, weighted by their words, and the
F1 of their words that it would give. What a set's truth leaves out that others count (lists,
quotations and tables inside a story) or counts that others leave out (captions) is not held
against the model: such blocks have no label there.

Nearly all pages of the sets are in Latin letters. So that the model knows others too, a share of
them is seen as if written in letters without case, or in signs that mean words and stand without
spaces: what is counted of a text changes with that, and nothing else does.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from block_labels import align, label_by_segments
from html_sets import SETS, GoldPage, load, set_score
from torch import nn
from torch.nn import functional

from ingest.reading.decoding import Decoded, decode
from ingest.reading.html.blocks import Blocks, find_blocks
from ingest.reading.html.body import build_body, take_stated
from ingest.reading.html.edges import clear_closing, clear_opening
from ingest.reading.html.features import Features, read_features
from ingest.reading.html.markup_words import Vocabulary, spell_words
from ingest.reading.html.metadata import read_metadata
from ingest.reading.html.model import BlockModel, unpack
from ingest.reading.html.tree import parse
from ingest.reading.text.labels import LABELS, MAX_LABEL_CHARS, fold
from ingest.words.nouns import DocumentKind

FOLDS = Path(__file__).parent / ".folds"
MODEL = Path(__file__).parents[1] / "src/ingest/reading/html/block_model.npz"
TRAINED_SETS = [name for name, gold in SETS.items() if gold.body]
HOST_FOLDS = 5
SEED = 20261124
EPOCHS = 6
BATCH = 8
WIDTH = 32
WORD_WIDTH = 6
DILATIONS = (1, 2, 4, 8)
RATE = 3e-3
DROPOUT = 0.2
# A word of the markup is worth knowing where so many hosts use it; some are hidden in training,
# so that the model does not lean on one.
MIN_HOSTS = 60
WORD_DROPOUT = 0.3
NUMBER_DROPOUT = 0.03
# How many of the pages are seen in other letters.
OTHER_LETTERS = 0.2
# The longest pages teach nothing that shorter ones do not, and cost most.
MAX_BLOCKS = 1200


@dataclass
class Page:
    """A page with its blocks and what is known of them."""

    gold: GoldPage
    blocks: Blocks
    titles: tuple[str, ...]
    article_body: str | None
    authors: tuple[str, ...]
    labels: torch.Tensor
    weights: torch.Tensor  # 1 where the label is known, 0 where not, between where it is guessed
    words: torch.Tensor
    whole: bool  # whether the truth is the whole text
    features: Features | None = None
    in_other_letters: Features | None = None

    @property
    def fold(self) -> int:
        """Return the fold of the page's host."""
        return zlib.crc32((self.gold.host or self.gold.page_id).encode()) % HOST_FOLDS


def read_pages() -> Iterator[Page]:
    """Yield the pages of all sets that have a truth of their body."""
    for name in TRAINED_SETS:
        for gold in load(name):
            decoded = decode(gold.html, DocumentKind.HTML)
            if not gold.has_body_truth or not isinstance(decoded, Decoded):
                continue
            tree = parse(decoded.text)
            metadata = read_metadata(tree, url=gold.url, known_on=None)
            blocks = find_blocks(tree)
            if not blocks.texts:
                continue
            if gold.body is not None:
                labels = align(blocks.texts, gold.body)
                known = ~_is_unsettled(gold.set_name, blocks, labels)
            else:
                labels, known = label_by_segments(blocks.texts, gold.must, gold.must_not)
            words = [max(len(text.split()), len(text) / 8) for text in blocks.texts]
            yield Page(
                gold,
                blocks,
                metadata.titles,
                metadata.article_body,
                metadata.authors,
                torch.tensor(labels),
                torch.tensor(known.astype(np.float32)),
                torch.tensor(words, dtype=torch.float32),
                gold.body is not None,
            )


# What a truth is silent about, by its set: inside a story, these elements have no label there.
# A name counts to its eighth letter.
_LEFT_OUT = {"<li", "<dl", "<blockquo", "<table"}
_COUNTED = {"<figcapti", "caption"}


def _is_unsettled(set_name: str, blocks: Blocks, labels: np.ndarray) -> np.ndarray:
    unsettled = np.zeros(len(labels), np.bool_)
    inside = np.flatnonzero(labels > 0.5)
    words = _words_of_elements(blocks)
    for block in range(inside[0], inside[-1] + 1) if len(inside) else ():
        around = words[blocks.elements[block]]
        if set_name in {"fundus", "newspaper4k"}:
            unsettled[block] = labels[block] <= 0.5 and bool(around & _LEFT_OUT)
        elif set_name == "readability":
            unsettled[block] = bool(around & _COUNTED)
    return unsettled


def _words_of_elements(blocks: Blocks) -> list[set[str]]:
    """Return the words of each element of `blocks` and of all that it stands in."""
    found: list[set[str]] = [set() for _ in blocks.parents]
    for tag, word in spell_words(blocks.markup, blocks.tags, len(found)):
        if tag < len(found):
            found[tag].add(word)
    for element, parent in enumerate(blocks.parents.tolist()):
        found[element] |= found[parent]
    return found


def vocabulary_of(pages: Sequence[Page]) -> Vocabulary:
    """Return the words of the markup that at least `MIN_HOSTS` hosts of `pages` use."""
    hosts = defaultdict(set)
    for page in pages:
        blocks = page.blocks
        for word in {
            word for _, word in spell_words(blocks.markup, blocks.tags, len(blocks.parents))
        }:
            hosts[word].add(page.gold.host or page.gold.page_id)
    return Vocabulary(sorted(word for word, seen in hosts.items() if len(seen) >= MIN_HOSTS))


_CASELESS = {ord("a") + at: chr(0x0905 + at) for at in range(26)}
_LETTERS = re.compile(r"[a-z]{1,2}")


def in_caseless(text: str) -> str:
    """Return `text` in letters without case, as of Hindi or Arabic; a label stays as it is."""
    return text if is_label(text) else text.lower().translate(_CASELESS)


def in_dense(text: str) -> str:
    """Return `text` in signs that stand for two letters each, without spaces, as of Chinese."""
    if is_label(text):
        return text
    text = _LETTERS.sub(
        lambda pair: chr(0x4E00 + 32 * (ord(pair[0][0]) - 97) + ord(pair[0][-1]) - 97),
        text.lower(),
    )
    for sign, dense in ((", ", "、"), (". ", "。"), (" ", "")):
        text = text.replace(sign, dense)
    return text.removesuffix(".") + "。" * text.endswith(".")


def is_label(text: str) -> bool:
    """Return whether `text` announces something by the table of labels."""
    return len(text) <= MAX_LABEL_CHARS and fold(text) in LABELS


def read_in_other_letters(page: Page, vocabulary: Vocabulary) -> Features:
    """Return what the model would see of `page` in other letters; which, its address decides."""
    letters = (in_caseless, in_dense)[zlib.crc32(page.gold.page_id.encode()) % 2]
    texts = [letters(text) or "。" for text in page.blocks.texts]
    blocks = replace(
        page.blocks,
        texts=texts,
        link_chars=[
            chars * len(new) // len(old)
            for chars, new, old in zip(
                page.blocks.link_chars, texts, page.blocks.texts, strict=True
            )
        ],
    )
    titles = [letters(title) for title in page.titles]
    stated = letters(page.article_body) if page.article_body else None
    return read_features(blocks, vocabulary, titles, stated)


class Network(nn.Module):
    """The network of `ingest.reading.html.model`, over batches of pages."""

    def __init__(self, words: int, numbers: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", numbers.mean(0))
        self.register_buffer("deviation", numbers.std(0).clamp(min=0.05))
        self.words = nn.Embedding(words, WORD_WIDTH)
        nn.init.normal_(self.words.weight, std=0.1)
        self.input = nn.Linear(numbers.shape[1] + 5 * WORD_WIDTH, WIDTH)
        self.mix = nn.Linear(4 * WIDTH, WIDTH)
        self.mix_page = nn.Linear(2 * WIDTH, WIDTH, bias=False)
        self.near = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in DILATIONS)
        self.output = nn.Linear(WIDTH, 1)
        # What is peculiar to a set's truth, so that the rest of the network need not learn it.
        self.manner = nn.Embedding(len(TRAINED_SETS), WIDTH)
        nn.init.zeros_(self.manner.weight)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, pages: Sequence[Page]) -> list[torch.Tensor]:
        """Return the logits of the blocks of each of `pages`."""
        seen = [page.features for page in pages]
        counts = [len(page.numbers) for page in seen]
        sizes = _joined(page.sizes for page in seen)
        hidden = self.drop(functional.relu(self.input(self._see(seen))))
        sized = hidden * sizes[:, None]
        pooled = [hidden]
        for kind in range(3):
            own = [page.groups[kind] for page in seen]
            groups = _offset(own, [group.max() + 1 for group in own])
            total = int(groups.max()) + 1
            sums = torch.zeros(total, WIDTH).index_add(0, groups, sized)
            pooled.append((sums / torch.zeros(total).index_add(0, groups, sizes)[:, None])[groups])
        of_page = torch.stack(
            [
                torch.cat([part.sum(0) / weight.sum(), own.max(0).values])
                for part, weight, own in zip(
                    sized.split(counts), sizes.split(counts), hidden.split(counts), strict=True
                )
            ]
        )
        numbers = torch.repeat_interleave(torch.arange(len(pages)), torch.tensor(counts))
        state = functional.relu(self.mix(torch.cat(pooled, 1)) + self.mix_page(of_page)[numbers])
        for layer, dilation in zip(self.near, DILATIONS, strict=True):
            around = torch.cat(_with_near(state, numbers, dilation), 1)
            state = state + self.drop(functional.relu(layer(around)))
        if self.training:
            sets = torch.tensor([TRAINED_SETS.index(page.gold.set_name) for page in pages])
            state = state + self.manner(sets)[numbers]
        return list(self.output(state)[:, 0].split(counts))

    def _see(self, pages: Sequence[Features]) -> torch.Tensor:
        numbers = _joined(page.numbers for page in pages)
        numbers = ((numbers - self.mean) / self.deviation).clamp(-4, 4)
        words = torch.cat([torch.from_numpy(page.words) for page in pages])
        table = torch.cat([self.words.weight, torch.zeros(1, WORD_WIDTH)])
        if self.training:
            numbers = numbers * (torch.rand(1, numbers.shape[1]) > NUMBER_DROPOUT)
            hidden = torch.rand(words.shape) < WORD_DROPOUT
            words = torch.where(hidden, len(table) - 1, words)
        ends = torch.cat([torch.from_numpy(page.word_counts) for page in pages]).cumsum(0)
        starts = torch.cat([torch.zeros(1, dtype=torch.int64), ends[:-1]])
        vectors = functional.embedding_bag(words, table, starts, mode="sum")
        elements = [len(page.word_counts) for page in pages]
        walk = _offset([np.where(page.walk < 0, ~page.walk, page.walk) for page in pages], elements)
        signs = _joined(np.where(page.walk < 0, -1.0, 1.0) for page in pages)
        entered = _offset([page.entered for page in pages], [len(page.walk) for page in pages])
        # Whatever is opened is closed, so each page begins from zero.
        path = torch.tanh(0.5 * torch.cumsum(vectors[walk] * signs[:, None], 0)[entered])
        places = [
            _offset([getattr(page, place) for page in pages], elements)
            for place in ("own", "parent", "grandparent", "inner")
        ]
        return torch.cat([numbers, *(vectors[place] for place in places), path], 1)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the weights as `ingest.reading.html.model` names and lays them out."""
        named = {
            "mean": self.mean,
            "deviation": self.deviation,
            "words": self.words.weight,
            "input": self.input.weight.T,
            "input_bias": self.input.bias,
            "mix": self.mix.weight.T,
            "mix_bias": self.mix.bias,
            "mix_page": self.mix_page.weight.T,
            "output": self.output.weight.T,
            "output_bias": self.output.bias,
        }
        for number, layer in enumerate(self.near):
            named[f"near_{number}"] = layer.weight.T
            named[f"near_{number}_bias"] = layer.bias
        return {name: value.detach().numpy().astype(np.float16) for name, value in named.items()}


def _with_near(state: torch.Tensor, numbers: torch.Tensor, dilation: int) -> list[torch.Tensor]:
    """Return each row between those `dilation` before and after it; zeros beyond its page."""
    near = (numbers[dilation:] == numbers[:-dilation])[:, None]
    none = torch.zeros(min(dilation, len(state)), state.shape[1])
    return [
        torch.cat([none, state[:-dilation] * near]),
        state,
        torch.cat([state[dilation:] * near, none]),
    ]


def _joined(arrays: Iterator[np.ndarray]) -> torch.Tensor:
    return torch.from_numpy(np.concatenate([np.asarray(each, np.float32) for each in arrays]))


def _offset(arrays: Sequence[np.ndarray], sizes: Sequence[int]) -> torch.Tensor:
    offsets = np.cumsum([0, *sizes[:-1]])
    joined = [array + offset for array, offset in zip(arrays, offsets, strict=True)]
    return torch.from_numpy(np.concatenate(joined))


def loss_of(network: Network, pages: Sequence[Page]) -> torch.Tensor:
    """Return the mean loss of `pages`."""
    losses = []
    for page, logits in zip(pages, network(pages), strict=True):
        weights = page.weights * (page.words.clamp(max=400) + 2)
        if not weights.any():
            continue
        entropy = functional.binary_cross_entropy_with_logits(logits, page.labels, reduction="none")
        loss = (entropy * weights).sum() / weights.sum()
        words = page.words * page.weights
        wanted = (words * page.labels).sum()
        if page.whole and wanted > 0:
            chosen = torch.sigmoid(logits) * words
            loss = loss + 1 - 2 * (chosen * page.labels).sum() / (chosen.sum() + wanted)
        losses.append(loss)
    return torch.stack(losses).mean()


def train(pages: Sequence[Page], vocabulary: Vocabulary, seed: int) -> Network:
    """Return a network trained on `pages`, which have their features."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    pages = [page for page in pages if len(page.labels) <= MAX_BLOCKS and page.weights.any()]
    network = Network(len(vocabulary.words), _joined(page.features.numbers for page in pages))
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.01)
    steps = EPOCHS * (len(pages) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=steps + 1, pct_start=0.15
    )
    step = 0
    for _ in range(EPOCHS):
        for batch in _batches(pages, chance):
            if step == steps:
                break
            seen = [
                replace(page, features=page.in_other_letters)
                if chance.random() < OTHER_LETTERS
                else page
                for page in batch
            ]
            loss = loss_of(network, seen)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
    return network.eval()


def _batches(pages: Sequence[Page], chance: random.Random) -> Iterator[list[Page]]:
    """Yield batches of pages of about the same length, in no order."""
    shuffled = list(pages)
    chance.shuffle(shuffled)
    batches = []
    for start in range(0, len(shuffled), 16 * BATCH):
        alike = sorted(shuffled[start : start + 16 * BATCH], key=lambda page: len(page.labels))
        batches += [alike[at : at + BATCH] for at in range(0, len(alike), BATCH)]
    chance.shuffle(batches)
    yield from batches


def fit(pages: Sequence[Page], seed: int = SEED) -> tuple[Network, Vocabulary]:
    """Return the network trained on `pages`, and its vocabulary."""
    vocabulary = vocabulary_of(pages)
    for page in pages:
        page.features = read_features(page.blocks, vocabulary, page.titles, page.article_body)
        page.in_other_letters = read_in_other_letters(page, vocabulary)
    return train(pages, vocabulary, seed), vocabulary


def answers(model: BlockModel, pages: Sequence[Page]) -> Iterator[tuple[Page, str]]:
    """Yield `pages` with the text that the reader makes of them with `model`."""
    for page in pages:
        features = read_features(page.blocks, model.vocabulary, page.titles, page.article_body)
        body = build_body(page.blocks, model.score(features), page.titles)
        if not take_stated(body, page.article_body):
            clear_opening(body, page.blocks, page.authors)
            clear_closing(body, page.blocks)
        yield page, "\n".join(part.text for part in body.paragraphs)


def write_folds(pages: Sequence[Page]) -> None:
    """Write the texts of all pages, each read by models that have not seen its host, its set."""
    FOLDS.mkdir(exist_ok=True)
    folds = {
        "loso": [
            (name, lambda page, name=name: page.gold.set_name == name) for name in TRAINED_SETS
        ],
        "cv": [(f"fold {n}", lambda page, n=n: page.fold == n) for n in range(HOST_FOLDS)],
    }
    for kind, parts in folds.items():
        read: dict[str, list[tuple[GoldPage, str]]] = defaultdict(list)
        with (FOLDS / f"{kind}.jsonl").open("w", encoding="utf-8") as out:
            for name, is_out in parts:
                stored = FOLDS / f"{kind}-{name.replace(' ', '-')}.npz"
                if not stored.exists():
                    stored.write_bytes(packed(*fit([page for page in pages if not is_out(page)])))
                model = unpack(stored.read_bytes())
                for page, text in answers(model, [page for page in pages if is_out(page)]):
                    gold = page.gold
                    read[gold.set_name].append((gold, text))
                    row = {"set": gold.set_name, "page_id": gold.page_id, "text": text}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
                print(kind, name, "done", file=sys.stderr, flush=True)
        scores = {name: set_score(name, texts) for name, texts in read.items()}
        for name, score in scores.items():
            print(f"{kind:5} {name:17} {score:.4f}  {len(read[name])} pages")
        print(f"{kind:5} {'mean':17} {fmean(scores.values()):.4f}", flush=True)


def packed(network: Network, vocabulary: Vocabulary) -> bytes:
    """Return the model as the package stores it: an npz archive of plain arrays."""
    words = np.frombuffer("\n".join(vocabulary.words).encode(), np.uint8)
    stored = io.BytesIO()
    np.savez_compressed(stored, vocabulary=words, **network.arrays())
    return stored.getvalue()


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=("folds", "write"))
    what = parser.parse_args().what
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    pages = list(read_pages())
    print(f"{len(pages)} pages, {sum(len(page.labels) for page in pages)} blocks", file=sys.stderr)
    if what == "folds":
        write_folds(pages)
    else:
        MODEL.write_bytes(packed(*fit(pages)))
        print(f"{MODEL.name}: {MODEL.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
