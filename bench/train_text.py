r"""Fit the weights of the two line models of the text reader, and say what they are worth.

    python -m venv /tmp/fit && /tmp/fit/bin/pip install numpy
    PYTHONPATH=src /tmp/fit/bin/python bench/train_text.py [--corpus DIR] [--quick] [--write]

Needs numpy, which the project itself does not: hence an environment of its own. Exit code 2
where the corpus is absent. With `--write`, src/ingest/reading/text/weights.py is replaced.

Data: the 200 page dumps of `1_text/noisy_dumps`, each in three forms: as it is (weight 1), without
its indentation and bullets (.5), and without its blank lines as well (.3). A line is body if
the gold paragraphs hold it; it is the title if it equals the gold title but for its signs. Pages
without such a line teach the title model nothing. Titles are learnt from the pages of
`2_html/trafilatura_eval` and `2_html/wcxb_dev` as well, rendered to text (weight .1 each): they
are few of any one outlet.

Fit: logistic regression with a quadratic penalty, for titles among the lines of each page; by
L-BFGS from zero: no chance is in it, so the
same corpus and code give the same numbers. Weights are rounded to two digits; what is smaller
than .02 is left out. Title first: the features of the body know where the title stands.

Folds: eight. All pages of one outlet are in one fold; outlets are dealt in the order of a shuffle
with seed 7. Rendered pages of a fold's hosts are left out with it. A page is then read, from its
text to its article, by weights fitted without its outlet. The figures beside these are of the
weights that are written, on the pages that made them.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from rendered_pages import load_rendered, outlet_at
from text_extraction import CORPUS, WORD, Page, keep_ours, load_pages, score, squeeze, words

from ingest.reading.text import read_text
from ingest.reading.text.candidates import describe_candidates
from ingest.reading.text.features import Layout, describe, find_layout
from ingest.reading.text.lines import Line, mark_words, split_lines
from ingest.reading.text.titles import find_title
from ingest.reading.text.weights import TITLE_WEIGHTS, WEIGHTS
from ingest.words.nouns import Article

TARGET = Path(__file__).resolve().parents[1] / "src" / "ingest" / "reading" / "text" / "weights.py"
FOLDS = 8
SEED = 7
# How freely the weights may grow: the factor of the loss against half their squares.
FREEDOM_BODY = 0.3
FREEDOM_TITLE = 1.0
# How much a rendered page says of the titles of dumps: it is of the web at large.
RENDERED_WEIGHT = 0.1
# A rendered page of more lines is a list.
MAX_LINES = 3_000
# Every page counts as so many lines of average length, however many it has.
LINES_A_PAGE = 60
ICON = re.compile(r"^[*+o#]( +|$)")
HEAD = '''"""The weights of the two line models: how much each feature speaks for a line.

Written by `bench/train_text.py`, which says how they were fitted and what they are worth; a
feature that is not here weighs nothing. The names are given by `features` and `titles`.
"""

from __future__ import annotations

# fmt: off
'''


@dataclass
class Form:
    """One page dump in one of its forms, looked at once."""

    page: Page
    name: str
    weight: float
    lines: list[Line]
    layout: Layout
    is_body: list[bool]
    candidates: list[tuple[int, list[str]]]
    described: dict[int | None, list[list[str]]] = field(default_factory=dict)

    def features(self) -> list[list[str]]:
        """Return the features of every line, with the title that the present weights find."""
        found = find_title(self.lines, self.layout)
        title = found.index if found is not None else None
        if title not in self.described:
            self.described[title] = describe(self.lines, self.layout, title)
        return self.described[title]


def flatten(text: str) -> str:
    """Return `text` without indentation and bullets."""
    flat = "\n".join(ICON.sub("", line.strip()) for line in text.splitlines())
    return re.sub(r"\n{2,}", "\n\n", flat)


def forms_of(page: Page) -> Iterator[tuple[str, float, str]]:
    """Yield the three forms of a page: name, weight, text."""
    flat = flatten(page.text)
    yield "as they are", 1.0, page.text
    yield "without indentation", 0.5, flat
    yield "nor blank lines", 0.3, re.sub(r"\n+", "\n", flat)


def outlet_of(page: Page) -> str:
    """Return the outlet of a page: its name without the day."""
    return page.name.rsplit("_", 3)[0]


def find_gold(lines: list[Line], gold: tuple[str, ...]) -> list[bool]:
    """Return which lines the gold paragraphs hold."""
    whole = {squeeze(each) for each in gold} - {""}
    joined = "\x00".join(squeeze(each) for each in gold)
    running = " ".join(WORD.findall(" ".join(gold).lower()))
    marks = []
    for line in lines:
        key = squeeze(line.text)
        own = WORD.findall(line.text.lower())
        held = bool(key) and (key in whole or (len(key) >= 25 and key in joined))
        if not held and len(key) >= 60:
            # A paragraph cut or joined in another way: most runs of four words are the gold's.
            runs = [" ".join(own[at : at + 4]) in running for at in range(len(own) - 3)]
            held = any(
                len(each) >= 25 and each in key and 2 * len(each) > len(key) for each in whole
            ) or (len(own) > 8 and sum(runs) > 0.6 * len(runs))
        marks.append(held)
    return marks


def look(pages: list[Page]) -> list[Form]:
    """Return every page in its three forms."""
    forms = []
    for page in pages:
        for name, weight, text in forms_of(page):
            lines = split_lines(text)
            mark_words(lines)
            layout = find_layout(lines)
            marks = find_gold(lines, page.gold)
            candidates = describe_candidates(lines, layout)
            forms.append(Form(page, name, weight, lines, layout, marks, candidates))
    return forms


def fit(
    rows: list[list[str]], goal: list[bool], loads: list[float], freedom: float
) -> dict[str, float]:
    """Return the weights of the logistic regression of `goal` on `rows` of features."""
    names = sorted({name for row in rows for name in row})
    number = {name: index for index, name in enumerate(names)}
    unique = [sorted({number[name] for name in row}) for row in rows]
    column = np.array([index for row in unique for index in row])
    row_of = np.repeat(np.arange(len(rows)), [len(row) for row in unique])
    sign = np.where(np.array(goal), 1.0, -1.0)
    load = freedom * np.array(loads)

    def slope(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * np.bincount(row_of, weights[column], len(rows))
        pull = -load * sign * np.exp(-np.logaddexp(0.0, margin))
        loss = 0.5 * weights @ weights + load @ np.logaddexp(0.0, -margin)
        return loss, weights + np.bincount(column, pull[row_of], len(names))

    return rounded(descend(slope, np.zeros(len(names))), number)


def choose_among(
    rows: list[list[str]], pages: list[int], goal: list[float], freedom: float
) -> dict[str, float]:
    """Return the weights that choose among the rows of each page as `goal` shares them out.

    A logistic regression over the lines of a page, of which one is right: what all of them have
    in common says nothing, and a page of many lines weighs as much as one of few.
    """
    names = sorted({name for row in rows for name in row})
    number = {name: index for index, name in enumerate(names)}
    unique = [sorted({number[name] for name in row}) for row in rows]
    column = np.array([index for row in unique for index in row])
    row_of = np.repeat(np.arange(len(rows)), [len(row) for row in unique])
    page = np.array(pages)
    wanted = freedom * np.array(goal)
    load = np.bincount(page, wanted)

    def slope(weights: np.ndarray) -> tuple[float, np.ndarray]:
        sums = np.bincount(row_of, weights[column], len(rows))
        top = np.full(len(load), -np.inf)
        np.maximum.at(top, page, sums)
        total = np.log(np.bincount(page, np.exp(sums - top[page]))) + top
        loss = 0.5 * weights @ weights + load @ total - wanted @ sums
        pull = load[page] * np.exp(sums - total[page]) - wanted
        return loss, weights + np.bincount(column, pull[row_of], len(names))

    return rounded(descend(slope, np.zeros(len(names))), number)


def rounded(weights: np.ndarray, number: dict[str, int]) -> dict[str, float]:
    """Return `weights` by name, with two digits, without those that say next to nothing."""
    table = {name: round(float(weights[index]), 2) for name, index in number.items()}
    return {name: weight for name, weight in table.items() if abs(weight) >= 0.02}


def descend(slope, weights: np.ndarray) -> np.ndarray:  # noqa: ANN001 (a function of weights)
    """Return where the convex function of `slope` is least, by L-BFGS with a memory of ten."""
    steps: list[tuple[np.ndarray, np.ndarray]] = []
    loss, gradient = slope(weights)
    for _ in range(400):
        direction = -gradient
        kept = []
        for moved, turned in reversed(steps):
            share = (moved @ direction) / (moved @ turned)
            kept.append(share)
            direction = direction - share * turned
        if steps:
            moved, turned = steps[-1]
            direction = direction * ((moved @ turned) / (turned @ turned))
        else:
            direction = direction / max(1.0, float(np.abs(gradient).sum()))
        for (moved, turned), share in zip(steps, reversed(kept), strict=True):
            direction = direction + moved * (share - (turned @ direction) / (moved @ turned))
        size = 1.0
        while True:
            tried = weights + size * direction
            new_loss, new_gradient = slope(tried)
            if new_loss <= loss + 1e-4 * size * (gradient @ direction) or size < 1e-10:
                break
            size /= 2
        moved, turned = tried - weights, new_gradient - gradient
        if moved @ turned > 1e-12:
            steps = [*steps[-9:], (moved, turned)]
        weights, loss, gradient = tried, new_loss, new_gradient
        if float(np.abs(gradient).max()) < 1e-3:  # far below what rounding to two digits shows
            break
    return weights


def set_weights(table: dict[str, float], new: dict[str, float]) -> None:
    """Make `new` the weights that the reader uses."""
    table.clear()
    table.update(new)


def look_at_titles(corpus: Path) -> list[tuple[str, Form]]:
    """Return the outlet and the lines of every rendered page whose title is a line of it."""
    looked = []
    for outlet, text, title in load_rendered(corpus):
        lines = split_lines(text)
        key = squeeze(title)
        if not key or len(lines) > MAX_LINES or key not in {squeeze(line.text) for line in lines}:
            continue
        mark_words(lines)
        layout = find_layout(lines)
        page = Page("", "", "", title, None, date.min, ())
        candidates = describe_candidates(lines, layout)
        looked.append(
            (outlet, Form(page, "rendered", RENDERED_WEIGHT, lines, layout, [], candidates))
        )
    return looked


def fit_titles(forms: Iterable[Form]) -> dict[str, float]:
    """Return the weights with which the title's lines stand out of each page's candidates."""
    rows: list[list[str]] = []
    pages: list[int] = []
    goal: list[float] = []
    count = 0
    for form in forms:
        gold = squeeze(form.page.title)
        right = [squeeze(form.lines[index].text) == gold for index, _ in form.candidates]
        if gold and any(right):
            rows += [features for _, features in form.candidates]
            pages += [count] * len(right)
            goal += [form.weight * each / sum(right) for each in right]
            count += 1
    return choose_among(rows, pages, goal, FREEDOM_TITLE)


def fit_both(forms: Iterable[Form], rendered: Iterable[Form]) -> None:
    """Fit both models on `forms`, titles on `rendered` too, and make the reader use them."""
    forms = list(forms)
    set_weights(TITLE_WEIGHTS, fit_titles([*forms, *rendered]))
    rows: list[list[str]] = []
    goal: list[bool] = []
    loads: list[float] = []
    for form in forms:
        lengths = [min(line.length, 300) + 15 for line in form.lines]
        rows += form.features()
        goal += form.is_body
        loads += [form.weight * LINES_A_PAGE * each / sum(lengths) for each in lengths]
    set_weights(WEIGHTS, fit(rows, goal, loads, FREEDOM_BODY))


def measure(pages: Iterable[Page], tally: dict[str, list[tuple[float, bool, bool]]]) -> None:
    """Add, by form, each page's F1, whether its title is right, and whether a line states it."""
    for page in pages:
        for name, _, text in forms_of(page):
            form = replace(page, text=text)
            figure = score(words("\n".join(keep_ours(form))), words("\n".join(page.gold)))[2]
            reading = read_text(text)
            title = reading.title if isinstance(reading, Article) else None
            right = squeeze(title or "") == squeeze(page.title)
            lines = {squeeze(ICON.sub("", line.strip())) for line in text.splitlines()}
            stated = squeeze(page.title) in lines
            tally[name].append((figure, right, stated))


def show(title: str, tally: dict[str, list[tuple[float, bool, bool]]]) -> None:
    """Print one table."""
    print(f"\n{title}\n\n  {'':22} {'F1':>6} {'title':>11} {'stated':>11}")
    for name, rows in tally.items():
        f1 = sum(row[0] for row in rows) / len(rows)
        stated = [row[1] for row in rows if row[2]]
        right = sum(row[1] for row in rows)
        print(
            f"  {name:22} {f1:6.3f} {right:4} of {len(rows):3} {sum(stated):4} of {len(stated):3}"
        )


def table_text(name: str, comment: str, table: dict[str, float]) -> str:
    """Return the source of one table of weights."""
    rows = "".join(f'    "{feature}": {weight},\n' for feature, weight in sorted(table.items()))
    return f"# {comment}\n{name}: dict[str, float] = {{\n{rows}}}\n"


def main() -> int:
    """Fit, measure, and write when asked to; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--write", action="store_true", help="replace weights.py")
    parser.add_argument("--quick", action="store_true", help="leave the folds out")
    arguments = parser.parse_args()
    dumps = arguments.corpus / "1_text" / "noisy_dumps"
    if not (dumps / "expected.jsonl.gz").exists():
        print(f"no corpus at {dumps}; give its folder with --corpus", file=sys.stderr)
        return 2
    pages = load_pages(dumps)
    forms = look(pages)
    rendered = look_at_titles(arguments.corpus)
    outlets = sorted({outlet_of(page) for page in pages})
    random.Random(SEED).shuffle(outlets)
    fold_of = {outlet: index % FOLDS for index, outlet in enumerate(outlets)}
    print(f"{len(pages)} page dumps of {len(outlets)} outlets, {FOLDS} folds, seed {SEED}")
    print(f"{len(rendered)} rendered pages of {len({outlet for outlet, _ in rendered})} outlets")
    if not arguments.quick:
        apart: dict[str, list[tuple[float, bool, bool]]] = defaultdict(list)
        for fold in range(FOLDS):
            hosts = {outlet_at(page.url) for page in pages if fold_of[outlet_of(page)] == fold}
            fit_both(
                [form for form in forms if fold_of[outlet_of(form.page)] != fold],
                [form for outlet, form in rendered if outlet not in hosts],
            )
            measure((page for page in pages if fold_of[outlet_of(page)] == fold), apart)
        show("read by weights fitted on other outlets", apart)
    fit_both(forms, [form for _, form in rendered])
    own: dict[str, list[tuple[float, bool, bool]]] = defaultdict(list)
    measure(pages, own)
    show("read by the weights as written, fitted on these same pages", own)
    text = (
        HEAD
        + table_text("WEIGHTS", "A line is body where the sum of its weights is positive.", WEIGHTS)
        + "\n"
        + table_text("TITLE_WEIGHTS", "The line with the largest sum is the title.", TITLE_WEIGHTS)
        + "# fmt: on\n"
    )
    same = TARGET.read_text(encoding="utf-8") == text
    print(f"\nweights.py {'is what this fit gives' if same else 'differs from this fit'}")
    if arguments.write and not same:
        TARGET.write_text(text, encoding="utf-8")
        print(f"wrote {len(WEIGHTS)} + {len(TITLE_WEIGHTS)} weights")
    return 0


if __name__ == "__main__":
    sys.exit(main())
