"""How well, and how fast, feeds and sitemaps are read.

    python bench/feeds.py [--corpus DIR] [--rounds N] [--write] [--wrong N]

Reads `3_feeds` and `4_sitemaps` under DIR (default: ../shared/corpora beside the repository),
compares what we read with what other programs and their tests say (`bench/feed_sets.py` says how),
and measures the speed on the real feeds next to feedparser and fastfeedparser, each in a process
and an environment of its own, taking turns feed by feed. `--wrong` lists answers that are wrong,
`--write` puts the report into docs/benchmarks.md. Exit code 2 where the corpus is absent.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

from feed_sets import (
    DECIDED,
    MET,
    UNMAPPED,
    WRONG,
    Verdict,
    ask_feedparser,
    ask_gofeed,
    ask_real,
    ask_sitemaps,
    read_bytes,
)
from html_tables import table
from peers.running import LIST_PEERS, OUR_LISTS, Extractor, version

from ingest.reading.lists import read_listing
from ingest.words.links import Listing

REPOSITORY = Path(__file__).resolve().parents[1]
CORPUS = REPOSITORY.parent / "shared" / "corpora"
REPORT = REPOSITORY / "docs" / "benchmarks.md"
ASKED: tuple[Callable[[Path], Iterator[Verdict]], ...] = (
    *(ask_feedparser, ask_gofeed, ask_real, ask_sitemaps),
)
# Fields that are asked for only once or twice are counted together.
_RARE = 3
_BEGIN = "<!-- lists: written by bench/feeds.py -->\n"
_END = "<!-- end of lists -->\n"


def main() -> int:
    """Print the report."""
    asked = _parse_arguments()
    if not (asked.corpus / "3_feeds").is_dir():
        print(f"{asked.corpus}: expected the public test data with 3_feeds", file=sys.stderr)
        return 2
    verdicts = [verdict for ask in ASKED for verdict in ask(asked.corpus)]
    for verdict in [each for each in verdicts if each.outcome == WRONG][: asked.wrong]:
        print(verdict, file=sys.stderr)
    speeds = measure_speed(_real_feeds(asked.corpus), asked.rounds)
    report = write_report(verdicts, asked.corpus, speeds)
    print(report)
    if asked.write:
        _insert(report)
    return 0


def write_report(verdicts: Sequence[Verdict], corpus: Path, speeds: dict[str, list[float]]) -> str:
    """Return the section of the report, in Markdown."""
    return "\n".join(
        (
            "## Feeds and sitemaps: `python bench/feeds.py`\n",
            _ABOUT,
            outcome_table(verdicts),
            "Question by question, of `feedparser`:\n",
            field_table([each for each in verdicts if each.set_name == "feedparser"]),
            "What we decide otherwise, and why:\n",
            decided_table(verdicts),
            "Every file of every set, read without an error:\n",
            file_table(corpus),
            "### Speed\n",
            _ABOUT_SPEED,
            speed_table(speeds),
        )
    )


def outcome_table(verdicts: Iterable[Verdict]) -> str:
    """Return how the questions of each set ended; well-formedness is asked apart."""
    counted: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        label = verdict.set_name
        if label == "feedparser":
            label += ": is it well formed" if verdict.field == "bozo" else ": all else"
        counted.setdefault(label, Counter())[verdict.outcome] += 1
    rows = []
    for label, outcomes in counted.items():
        mapped = outcomes.total() - outcomes[UNMAPPED]
        share = f"{100 * outcomes[MET] / mapped:.2f} %"
        told = [f"{outcomes[each]:,}" for each in (MET, DECIDED, WRONG, UNMAPPED)]
        rows.append([label, f"{mapped:,}", *told, share])
    return table(["set", "questions", MET, DECIDED, WRONG, UNMAPPED, "met"], rows)


def field_table(verdicts: Sequence[Verdict]) -> str:
    """Return how the questions about each field ended, those we have first."""
    counted: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        counted.setdefault(verdict.field, Counter())[verdict.outcome] += 1
    rows = []
    rare: Counter[str] = Counter()
    for field, outcomes in sorted(counted.items(), key=lambda item: -item[1].total()):
        if outcomes[UNMAPPED] == outcomes.total() or outcomes.total() <= _RARE:
            rare += outcomes
            continue
        told = [outcomes[each] or "" for each in (MET, DECIDED, WRONG, UNMAPPED)]
        rows.append([f"`{field}`", *told])
    rows.append(["all others", *(rare[each] or "" for each in (MET, DECIDED, WRONG, UNMAPPED))])
    return table(["field", MET, DECIDED, WRONG, UNMAPPED], rows)


def decided_table(verdicts: Iterable[Verdict]) -> str:
    """Return each decision with the number of questions that it is about."""
    reasons = Counter(each.detail for each in verdicts if each.outcome == DECIDED)
    return table(["decision", "questions"], [[*each] for each in reasons.most_common()])


def file_table(corpus: Path) -> str:
    """Return what each file of each set was taken for; an error would end the program."""
    rows = []
    for folder in (*sorted((corpus / "3_feeds").iterdir()), corpus / "4_sitemaps"):
        outcomes: Counter[str] = Counter()
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "jsonl" not in path.name and path.name != "LICENSE":
                reading = read_listing(path.read_bytes(), "https://lantern.example/feed")
                is_list = isinstance(reading, Listing)
                outcomes["list" if is_list else f"{reading.reason}"] += 1
        told = ", ".join(f"{count:,} {name}" for name, count in outcomes.most_common())
        rows.append([folder.name, f"{outcomes.total():,}", told])
    return table(["set", "files", "taken for"], rows)


def _real_feeds(corpus: Path) -> list[tuple[bytes, str]]:
    paths = sorted((corpus / "3_feeds" / "real").glob("*.gz"))
    return [(read_bytes(path), "") for path in paths if "jsonl" not in path.name]


def measure_speed(feeds: Sequence[tuple[bytes, str]], rounds: int) -> dict[str, list[float]]:
    """Return the processor seconds for all feeds, by program and round, taking turns."""
    programs = [Extractor(name) for name in (OUR_LISTS, *LIST_PEERS)]
    seconds: dict[str, list[float]] = {program.name: [] for program in programs}
    try:
        for program in programs:
            for body, url in feeds:
                program.ask(body, url)
        for number in range(rounds):
            print(f"speed, round {number + 1} of {rounds}", file=sys.stderr)
            spent = dict.fromkeys(seconds, 0.0)
            for body, url in feeds:
                for program in programs:
                    spent[program.name] += program.ask(body, url).cpu_seconds
            for name, total in spent.items():
                seconds[name].append(total)
    finally:
        for program in programs:
            program.close()
    return seconds


def speed_table(seconds: dict[str, list[float]]) -> str:
    """Return the seconds for all real feeds, and how many times ours they are."""
    ours = seconds[OUR_LISTS]
    rows = []
    for name, spent in sorted(seconds.items(), key=lambda item: median(item[1])):
        ratio = median(theirs / mine for theirs, mine in zip(spent, ours, strict=True))
        lowest = f"{min(spent):.2f}–{max(spent):.2f}"
        label = "ingest" if name == OUR_LISTS else f"{name} {version(name)}"
        rows.append([label, f"{median(spent):.3f}", lowest, f"{ratio:.1f}"])
    return table(["", "CPU seconds", "lowest and highest round", "times ours"], rows)


def _insert(report: str) -> None:
    text = REPORT.read_text(encoding="utf-8")
    before, begin, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2] if begin else ""
    section = f"{_BEGIN}{report}{_END}"
    REPORT.write_text(f"{before.rstrip()}\n\n{section}{after}", encoding="utf-8")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--rounds", type=int, default=5, help="of the measurement of speed")
    parser.add_argument("--wrong", type=int, default=0, help="how many wrong answers to list")
    parser.add_argument("--write", action="store_true", help="put the report into the docs")
    return parser.parse_args()


_ABOUT = """\
Four public sets, test data only. `feedparser` and `gofeed` are the tests of those programs,
`real` are 93 feeds of the field with the values that feedparser and fastfeedparser agree on,
`sitemaps` are 30 sitemaps and feeds used as such. A question is one condition or one value. Markup
is compared as the text that a person sees, because we keep it as it was given and clean nothing; a
date without a zone is a day for us, and is compared as one. A relative link that the reference
left alone must be the end of ours.
"""
_ABOUT_SPEED = """\
The 93 real feeds, unpacked, in processes that take turns feed by feed, after a round to warm up.
Each gives its own whole result: feedparser cleans HTML and resolves the addresses in it,
fastfeedparser and ingest do not; fastfeedparser has a compiled core of its own.
"""

if __name__ == "__main__":
    sys.exit(main())
