r"""How well, and how fast, articles are read out of plain-text page dumps.

    python bench/text_extraction.py [--corpus DIR] [--worst N]

Reads `1_text/noisy_dumps` and `1_text/bbc` under DIR (default: ../shared/corpora beside the
repository) and prints our figures next to two baselines: every line kept, and only the lines of
80 and more characters kept. Exit code 2 where the corpus is absent.

The weights of the line models were fitted on these same page dumps, so the figures flatter. With
each outlet's pages read by weights fitted on the other outlets only (eight folds), the body's
mean F1 was .959, of the dumps without their indentation .942, and 142 of 200 titles were right.

What is counted:
- F1: multisets of words (`\\w+`, lower case) of deck + paragraphs against the joined gold
  paragraphs, which include the summary; the mean over pages. A rejected page scores 0.
- leak: words kept that are not in the gold, of lines that hold no gold at all and are shorter
  than 160 characters (headlines of other stories, lists, labels, credits), per 100 gold words.
- title: equal but for non-word characters, over all pages and over those where a line of the
  dump equals the gold title; and, whatever we read, in how many pages the gold title can be made
  from the lines at all: from one, from its beginning or end, from two or three in a row.
- date: the same day, over pages that have a gold date and whose text names that day somewhere
  with its year.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ingest.reading.dates import find_dates
from ingest.reading.text import read_text
from ingest.words.nouns import Article

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpora"
WORD = re.compile(r"\w+")
BULLET = re.compile(r"^\s*(?:[*+#o] +)?")


@dataclass(frozen=True)
class Page:
    """One page dump and what a person says it holds."""

    name: str
    language: str
    text: str
    title: str
    day: date | None
    taken_on: date  # the day of the dump, which its name ends in
    gold: tuple[str, ...]
    url: str = ""


def words(text: str) -> Counter[str]:
    """Return the multiset of words in `text`."""
    return Counter(WORD.findall(text.lower()))


def squeeze(text: str) -> str:
    """Return `text` without case and without what is no letter or digit."""
    return re.sub(r"\W+", "", text).lower()


def score(kept: Counter[str], gold: Counter[str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of `kept` against `gold`."""
    both = sum((kept & gold).values())
    if not both:
        return 0.0, 0.0, 0.0
    precision, recall = both / sum(kept.values()), both / sum(gold.values())
    return precision, recall, 2 * precision * recall / (precision + recall)


def leaked(kept: Iterable[str], gold: Iterable[str]) -> int:
    """Return how many words stand in short kept lines that hold nothing of the gold."""
    gold_text = squeeze(" ".join(gold))
    return sum(
        len(WORD.findall(line))
        for line in kept
        if len(line) < 160 and squeeze(line) and squeeze(line) not in gold_text
    )


def keep_all(page: Page) -> list[str]:
    """Return every line."""
    return [BULLET.sub("", line).strip() for line in page.text.splitlines() if line.strip()]


def keep_long(page: Page) -> list[str]:
    """Return the lines of 80 and more characters."""
    return [line for line in keep_all(page) if len(line) >= 80]


def keep_ours(page: Page) -> list[str]:
    """Return the deck and the paragraphs of our reading."""
    reading = read_text(page.text)
    if not isinstance(reading, Article):
        return []
    return [*filter(None, [reading.deck]), *(each.text for each in reading.paragraphs)]


def load_pages(folder: Path) -> list[Page]:
    """Return the page dumps under `folder`, by name."""
    pages = []
    with gzip.open(folder / "expected.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            written = row["publishing_date"]
            pages.append(
                Page(
                    row["file"],
                    (row["lang_attr"] or "?")[:2],
                    (folder / row["file"]).read_text(encoding="utf-8"),
                    row["title"] or "",
                    datetime.fromisoformat(written).date() if written else None,
                    date(*map(int, row["file"].removesuffix(".txt").split("_")[-3:])),
                    tuple(text for _, text in row["gold_body_paragraphs"]),
                    row["url"],
                )
            )
    return sorted(pages, key=lambda page: page.name)


def print_bodies(pages: list[Page], worst: int) -> None:
    """Print how well each way of reading finds the body, as a whole and by language."""
    ways: dict[str, Callable[[Page], list[str]]] = {
        "keep all": keep_all,
        "keep 80+": keep_long,
        "ingest": keep_ours,
    }
    print(f"body, {len(pages)} page dumps\n")
    print(f"  {'':12} {'precision':>9} {'recall':>9} {'F1':>9} {'leak/100':>9}")
    by_language: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    ours: list[tuple[float, float, float, str]] = []
    for way, read in ways.items():
        figures, leak, gold_count = [], 0, 0
        for page in pages:
            kept = read(page)
            gold = words("\n".join(page.gold))
            figures.append(score(words("\n".join(kept)), gold))
            leak += leaked(kept, page.gold)
            gold_count += sum(gold.values())
            by_language[page.language][way].append(figures[-1][2])
            if way == "ingest":
                ours.append((figures[-1][2], *figures[-1][:2], page.name))
        means = [sum(column) / len(column) for column in zip(*figures, strict=True)]
        shown = " ".join(f"{mean:9.3f}" for mean in means)
        print(f"  {way:12} {shown} {100 * leak / gold_count:9.2f}")
    print(f"\n  {'language':12} {'pages':>9} {'keep all':>9} {'keep 80+':>9} {'ingest':>9}")
    for language, columns in sorted(by_language.items(), key=lambda item: -len(item[1]["ingest"])):
        shown = " ".join(f"{sum(column) / len(column):9.3f}" for column in columns.values())
        print(f"  {language:12} {len(columns['ingest']):9} {shown}")
    if worst:
        print("\n  the worst pages (F1, precision, recall)")
        for figure in sorted(ours)[:worst]:
            print(f"  {figure[0]:.3f} {figure[1]:.3f} {figure[2]:.3f} {figure[3]}")


def names_day(page: Page) -> bool:
    """Return whether some line of the page names the gold day, in whatever order it is written."""
    if page.day is None:
        return False
    swapped = None
    if page.day.day <= 12:
        swapped = date(page.day.year, page.day.day, page.day.month)
    return any(
        each.on in (page.day, swapped)
        for line in page.text.splitlines()
        for each in find_dates(line.strip())
    )


def _parts(line: str) -> Iterable[tuple[str, bool]]:
    """Yield every beginning and end of `line`, and whether it is cut at a sign."""
    for match in re.finditer(r"\W+", line):
        at_sign = bool(match[0].strip())
        yield squeeze(line[: match.start()]), at_sign
        yield squeeze(line[match.end() :]), at_sign


def find_source(page: Page) -> str:
    """Return the simplest way in which the gold title can be made from the page's lines."""
    gold, lines = squeeze(page.title), keep_all(page)
    keys = [squeeze(line) for line in lines]
    if gold in keys:
        return "one line is it"
    parts = {
        at_sign
        for line, key in zip(lines, keys, strict=True)
        if gold in key
        for part, at_sign in _parts(line)
        if part == gold
    }
    if True in parts:
        return "a line's beginning or end, at a sign"
    if any("".join(keys[at : at + size]) == gold for size in (2, 3) for at in range(len(keys))):
        return "two or three lines joined"
    return "a line's beginning or end, at a space" if parts else "not from any of its lines"


def print_ceiling(pages: list[Page], right: set[str]) -> None:
    """Print from what the gold titles can be made at all, and how many we have of each kind."""
    sources = {page.name: find_source(page) for page in pages}
    print("\n  the gold title as a part of the page       ours    of")
    for source, count in Counter(sources.values()).most_common():
        ours = sum(sources[name] == source for name in right)
        print(f"    {source:40} {ours:4} {count:5}")
    makeable = sum(not source.startswith("not") for source in sources.values())
    print(f"    {'all that can be made from the page':40} {len(right):4} {makeable:5}")


def print_fields(pages: list[Page], worst: int) -> None:
    """Print how often the title and the date are right."""
    titles = stated_titles = stated_right = days = days_right = found_wrong = 0
    missed: list[str] = []
    right_titles: set[str] = set()
    for page in pages:
        lines = {squeeze(line) for line in keep_all(page)}
        reading = read_text(page.text, known_on=page.taken_on)
        title = reading.title if isinstance(reading, Article) else None
        day = reading.published_on if isinstance(reading, Article) else None
        right = squeeze(title or "") == squeeze(page.title)
        titles += right
        if right:
            right_titles.add(page.name)
        if squeeze(page.title) in lines:
            stated_titles += 1
            stated_right += right
            if not right:
                missed.append(f"title {page.name}: {title!r} for {page.title!r}")
        if names_day(page):
            days += 1
            days_right += day == page.day
            if day != page.day:
                missed.append(f"date  {page.name}: {day} for {page.day}")
        elif day is not None and day != page.day:
            found_wrong += 1
    print("\nfields\n")
    print(f"  title exact, all pages                     {titles:4} of {len(pages)}")
    print(f"  title exact, where a line is the title     {stated_right:4} of {stated_titles}")
    print(f"  date right, where the text names that day  {days_right:4} of {days}")
    print(f"  date given, where the text names another   {found_wrong:4} of {len(pages) - days}")
    print_ceiling(pages, right_titles)
    for each in missed[: 4 * worst]:
        print(f"    {each}")


def print_plain(folder: Path) -> None:
    """Print whether clean articles keep their title and every paragraph."""
    files = sorted(folder.rglob("*.txt"))
    texts = [path.read_bytes().decode("utf-8", "replace") for path in files]
    started = time.perf_counter()
    readings = [read_text(text) for text in texts]
    seconds = time.perf_counter() - started
    titles = whole = 0
    for text, reading in zip(texts, readings, strict=True):
        lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        if isinstance(reading, Article):
            titles += reading.title == lines[0]
            whole += [each.text for each in reading.paragraphs] == lines[1:]
    print("\nclean articles (bbc)\n")
    print(f"  title is the first line   {titles:5} of {len(files)}")
    print(f"  every paragraph kept      {whole:5} of {len(files)}")
    print(
        f"  {len(files) / seconds:,.0f} articles a second, {1e6 * seconds / len(files):.0f} µs each"
    )


def print_speed(pages: list[Page]) -> None:
    """Print how many page dumps are read in a second, on one core."""
    started = time.perf_counter()
    for page in pages:
        read_text(page.text)
    seconds = time.perf_counter() - started
    print("\nspeed\n")
    characters = sum(len(page.text) for page in pages) / len(pages)
    each = 1e3 * seconds / len(pages)
    print(f"  {len(pages) / seconds:.0f} page dumps a second, {each:.1f} ms each")
    print(f"  ({characters:,.0f} characters each on average, one core)")


def main() -> int:
    """Print all figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--worst", type=int, default=0, help="show the N worst pages")
    arguments = parser.parse_args()
    dumps = arguments.corpus / "1_text" / "noisy_dumps"
    if not (dumps / "expected.jsonl.gz").exists():
        print(f"no corpus at {dumps}; give its folder with --corpus", file=sys.stderr)
        return 2
    pages = load_pages(dumps)
    print_bodies(pages, arguments.worst)
    print_fields(pages, arguments.worst)
    if (arguments.corpus / "1_text" / "bbc").exists():
        print_plain(arguments.corpus / "1_text" / "bbc")
    print_speed(pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
