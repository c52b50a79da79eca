r"""How well, and how fast, articles are read out of HTML pages, beside the open extractors.

    python bench/html_extraction.py [--sets NAME ...] [--peers NAME ...] [--limit N] [--rounds N]
                                    [--corpus DIR] [--write]
    python bench/html_extraction.py --memory [PAGES]

Reads every set in `2_html` under DIR (default: ../shared/corpora beside the repository; exit code
2 where absent). `html_sets.py` says what each set can be scored on and by which metric.

Peers live in `peers/`: each has an environment of its own (made at the first run, versions
pinned in `peers/<name>.txt`) and runs as its users would run it, metadata and all, in one process
and one thread. Their answers are kept in `peers/.cache`, so quality is computed once for each
version; speed is always measured anew.

Our own body is never scored by the model in the tree: it was trained on these sets. It is scored
on texts that were read by models which had not seen the page: `bench/train_blocks.py folds` writes
them to `.folds/cv.jsonl` (trained without the page's host) and `.folds/loso.jsonl` (trained
without the page's whole set). Metadata, page state and speed are the product's.

Speed: --rounds times, 200 pages spread over the sets go in batches from one extractor to the
next; the figure is pages per second of that process's processor time, for the reading alone.

--limit takes so many pages of each set, evenly spread. --write puts the tables into
docs/benchmarks.md, and asks for the whole: every set, every peer, both folds; it measures memory
as well. --memory reads so many pages (default 10,000) in a row and prints the resident size.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from types import FrameType

from html_sets import CORPUS, FOLDER, SETS, GoldPage, load
from html_tables import (
    Answers,
    Speed,
    Texts,
    against,
    body_table,
    empty_table,
    key_of,
    label_of,
    language_table,
    metadata_table,
    profile_table,
    speed_table,
    state_table,
    table,
    weigh_all,
    zone_sentence,
)
from peers.run_peer import load_adapter
from peers.running import HERE as PEERS
from peers.running import OURS, Answer, Extractor, ask_all, peers, version

BENCH = Path(__file__).resolve().parent
FOLDS = {name: BENCH / ".folds" / f"{name}.jsonl" for name in ("cv", "loso")}
REPORT = BENCH.parent / "docs" / "benchmarks.md"
GOLDEN = BENCH.parent / "tests" / "golden" / "html"
BEGIN, END = "<!-- HTML: written by bench/html_extraction.py -->", "<!-- HTML: end -->"
FLOOR = "lexbor"
# The order of the columns; what is not named comes after.
ORDER = ("trafilatura", "newspaper4k", "news_please", "readability_lxml", "resiliparse", "justext")
SPEED_PAGES = 200
BATCH = 20
WARM_UP = 20
MEMORY_PAGES = 10_000


def main() -> None:
    """Read the pages with every extractor, print the tables, and write them where asked."""
    asked = _arguments()
    if not (asked.corpus / FOLDER).is_dir():
        print(f"{asked.corpus / FOLDER} is absent", file=sys.stderr)
        sys.exit(2)
    pages = [
        page
        for name in asked.sets
        for page in spread(list(load(name, asked.corpus)), asked.limit or sys.maxsize)
    ]
    if asked.memory:
        watch_memory(pages, asked.memory)
        return
    folds, missing = read_folds()
    answers = {name: ask(name, pages) for name in (OURS, *asked.peers)}
    sample = sample_for_speed(pages)
    speeds = measure_speed((OURS, *asked.peers, FLOOR), sample, asked.rounds)
    golden = list(ask_golden())
    report = write_report(pages, folds, answers, speeds, profile_ours(sample), golden)
    if asked.write:
        report += "\n" + memory_section(watch_memory(pages, MEMORY_PAGES))
    print(report)
    print(*missing, sep="\n", file=sys.stderr)
    if asked.write:
        _insert(report)


def write_report(
    pages: Sequence[GoldPage],
    folds: Mapping[str, Texts],
    answers: Mapping[str, Answers],
    speeds: Sequence[Speed],
    profile: Mapping[str, float],
    golden: Sequence[tuple[str, Answer]],
) -> str:
    """Return the section of the report, in Markdown."""
    theirs = {
        name: {key: answer.text for key, answer in of_pages.items()}
        for name, of_pages in answers.items()
        if name != OURS
    }
    columns = {**folds, **theirs}
    weighed = {name: weigh_all(pages, texts) for name, texts in columns.items()}
    versions = {speed.name: version(speed.name) for speed in speeds}
    metadata = {name: of_pages for name, of_pages in answers.items() if name != "justext"}
    compared = [
        f"- {_HELD_OUT[name]}, against trafilatura on the same pages: "
        f"{against(weighed[name], weighed['trafilatura'])}.\n"
        for name in folds
        if "trafilatura" in theirs
    ]
    return "\n".join(
        (
            "## HTML: `python bench/html_extraction.py`\n",
            _ABOUT_SETS,
            "### Body\n",
            _ABOUT_BODY,
            body_table(weighed),
            *(["".join(compared)] if compared else []),
            "The body of `fundus` by the language that the page declares:\n",
            language_table(pages, columns),
            empty_table(pages, columns),
            "### Title, authors, date\n",
            _ABOUT_METADATA,
            metadata_table(pages, metadata),
            zone_sentence(pages, answers[OURS]) + " with its zone.\n",
            "### Page state\n",
            _ABOUT_STATE,
            state_table([*_labelled(pages, answers[OURS]), *golden]),
            "### Speed\n",
            _ABOUT_SPEED,
            speed_table(speeds, versions),
            "Where our own time goes, by the module that is at work, its C libraries included:\n",
            profile_table(profile),
        )
    )


def _labelled(pages: Iterable[GoldPage], ours: Answers) -> Iterator[tuple[str, Answer]]:
    for page in pages:
        if label := label_of(page):
            yield label, ours[key_of(page)]


def memory_section(resident: Mapping[int, float]) -> str:
    """Return how much memory the product needs for many pages in a row."""
    head = ["pages", *(f"{count:,}" for count in resident)]
    sizes = table(head, [["resident MiB", *(f"{size:.0f}" for size in resident.values())]])
    return f"### Memory: `--memory`\n\n{_ABOUT_MEMORY}\n{sizes}"


_HELD_OUT = {"cv": "The page's host held out", "loso": "The page's set held out"}

_ABOUT_SETS = """\
Seven public sets of pages with their truth, each scored by its own metric (`bench/html_sets.py`);
test data only. `wcxb_dev`'s truth was drafted by a language model (some two points of noise),
`readability`'s is the output of Readability.js and `newspaper4k`'s that of newspaper4k, so these
measure likeness to another program. `trafilatura_eval` is the set that trafilatura is developed
with, and `readability` the one of the program that readability-lxml was ported from.
"""

_ABOUT_BODY = """\
Trained on these sets is only our own model, and no figure of it is a training score. *Host held
out*: cross-validated, each page read by a model trained on pages of other hosts. *Set held out*:
each page read by a model trained on the other sets only. The peers have fixed rules; what they
were developed on is not known but for what is said above. news-please reads no Korean here, for
want of word data that is fetched from the network (two pages of `scrapinghub`).
"""

_ABOUT_METADATA = """\
Our figures are of the product. These fields are found by rules, not by a model, but the rules were
written with these sets in view, so no set is held out; and where a byline or a date stands before
the body, the body was found by the model in the tree, which was trained on these pages. Title:
equal but for case and signs. Date: the same day. Authors: exactly the same names, but for case and
space, on pages that have authors. A dash: the extractor has no such field. *States one for
machines*: `datePublished` in JSON-LD or `article:published_time`.
"""

_ABOUT_STATE = """\
What the product makes of pages that are known to be articles; of front pages, a feed and forwarding
pages, which are none; and of the pages of each state in `tests/golden/html`. Its rules, too, were
written with these pages in view.
"""

_ABOUT_SPEED = f"""\
{SPEED_PAGES} pages spread over all sets, in batches of {BATCH} from one extractor to the next in
one run; seconds of the processor, one thread, metadata included; bytes in, answer out. The median
of the rounds.
"""

_ABOUT_MEMORY = """\
The product reads the pages of all sets again and again, one process, bytes to article.
"""


# -- Gathering -----------------------------------------------------------------------------------


def spread(items: Sequence[GoldPage], count: int) -> list[GoldPage]:
    """Return `count` of `items`, evenly spread, or all of them."""
    if count >= len(items):
        return list(items)
    return [items[at * len(items) // count] for at in range(count)]


def read_folds() -> tuple[dict[str, Texts], list[str]]:
    """Return the texts of held-out pages, and what is said where there are none."""
    found: dict[str, Texts] = {}
    missing = []
    for name, path in FOLDS.items():
        if path.exists():
            rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            found[name] = {f"{row['set']}/{row['page_id']}": row["text"] for row in rows}
        else:
            missing.append(f"{path} is absent: `python bench/train_blocks.py folds` writes it")
    return found, missing


def ask(name: str, pages: Sequence[GoldPage]) -> Answers:
    """Return the answer of an extractor to every page."""
    print(f"{name} reads {len(pages):,} pages", file=sys.stderr)
    asked = ((key_of(page), page.html, page.url) for page in pages)
    return dict(zip(map(key_of, pages), ask_all(name, asked), strict=True))


def ask_golden() -> Iterator[tuple[str, Answer]]:
    """Yield our answer to each page written for this project, with the state that it truly has."""
    with Extractor(OURS) as extractor:
        for path in sorted(GOLDEN.glob("*.truth.json")):
            truth = json.loads(path.read_text(encoding="utf-8"))
            page = path.with_name(path.name.replace(".truth.json", ".html"))
            answer = extractor.ask(page.read_bytes(), truth["url"])
            yield f"written for this project: {truth['state']}", answer


def sample_for_speed(pages: Sequence[GoldPage]) -> list[GoldPage]:
    """Return the pages to measure speed on: of every set its share, mixed."""
    chosen = spread(pages, SPEED_PAGES)
    return [page for start in range(7) for page in chosen[start::7]]


def measure_speed(names: Sequence[str], sample: Sequence[GoldPage], rounds: int) -> list[Speed]:
    """Return pages per processor second, the extractors taking turns at every batch."""
    extractors = [Extractor(name) for name in names]
    rates: dict[str, list[float]] = {name: [] for name in names}
    try:
        for extractor in extractors:
            for page in sample[:WARM_UP]:
                extractor.ask(page.html, page.url)
        for number in range(rounds):
            print(f"speed, round {number + 1} of {rounds}", file=sys.stderr)
            seconds = dict.fromkeys(names, 0.0)
            answered = dict.fromkeys(names, 0)
            for start in range(0, len(sample), BATCH):
                for extractor in extractors:
                    for page in sample[start : start + BATCH]:
                        spent = extractor.ask(page.html, page.url).cpu_seconds
                        if spent == spent:  # noqa: PLR0124 (a page that was not borne has none)
                            seconds[extractor.name] += spent
                            answered[extractor.name] += 1
            for name in names:
                rates[name].append(answered[name] / seconds[name])
    finally:
        for extractor in extractors:
            extractor.close()
    return [Speed(name, tuple(of_rounds)) for name, of_rounds in rates.items()]


def profile_ours(sample: Iterable[GoldPage]) -> dict[str, float]:
    """Return the share of our time by module: looked at every millisecond of processor time."""
    extract = load_adapter(PEERS / f"{OURS}.py")
    seen: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        while frame is not None:
            module = frame.f_globals.get("__name__", "")
            if module.startswith("ingest."):
                seen[module] += 1
                return
            frame = frame.f_back

    pages = list(sample)
    for page in pages[:WARM_UP]:
        extract(page.html, page.url)
    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    try:
        for page in pages:
            extract(page.html, page.url)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return {module: count / seen.total() for module, count in seen.items()}


def watch_memory(pages: Sequence[GoldPage], count: int) -> dict[int, float]:
    """Return our resident MiB after every 1,000 of `count` pages in a row, printed as they come."""
    resident = {}
    with Extractor(OURS) as extractor:
        for number, page in enumerate(islice(cycle(pages), count), start=1):
            extractor.ask(page.html, page.url)
            if number % 1000 == 0 or number == count:
                resident[number] = extractor.resident_kib() / 1024
                print(f"{number:,} pages: {resident[number]:.1f} MiB", file=sys.stderr)
    return resident


# -- The command ---------------------------------------------------------------------------------


def _arguments() -> argparse.Namespace:
    known = sorted(set(peers()) - {FLOOR}, key=lambda name: (*ORDER, name).index(name))
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0],
        epilog="The head of this file says what is measured, and how.",
    )
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--peers", nargs="*", choices=known, default=known)
    parser.add_argument("--limit", type=int, help="pages of each set")
    parser.add_argument("--rounds", type=int, default=3, help="of the measurement of speed")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--memory", type=int, nargs="?", const=MEMORY_PAGES, help="pages in a row")
    asked = parser.parse_args()
    whole = asked.sets == list(SETS) and asked.peers == known and not asked.limit
    if asked.write and not (whole and all(path.exists() for path in FOLDS.values())):
        parser.error("--write asks for every set, every peer and both folds")
    return asked


def _insert(report: str) -> None:
    """Put the report between its markers, or at the end where there are none yet."""
    section = f"{BEGIN}\n{report}\n{END}"
    text = REPORT.read_text(encoding="utf-8")
    if BEGIN not in text:
        text = f"{text.rstrip()}\n\n{section}\n"
    else:
        marked = re.escape(BEGIN) + ".*?" + re.escape(END)
        text = re.sub(marked, lambda _: section, text, flags=re.DOTALL)
    REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
