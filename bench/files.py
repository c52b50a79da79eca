"""How fast a file run is, next to the floor: the same bytes and rows with nothing done to them.

    python bench/files.py [--quick] [--corpus DIR]

Runs (a) the BBC articles in `1_text/bbc` under DIR (default: ../shared/corpora beside the
repository; skipped where absent) and (b) 50,000 articles that this program makes up, each in
alternation with `floor.py`; then (b) again with nothing new and with 100 new files, and a fifth
and a half of (b), which should not need less memory. Every run is a process of its own in a
fresh home. --quick makes a tenth of the articles and repeats nothing.

Columns: seconds of the call, without starting Python; of its stages, which overlap (reading
runs beside collecting), the seconds of work; the peak of the resident memory of the process and
its workers together, sampled every 20 ms; the process is the seconds with starting Python; cpu
is the seconds of computing of all its processes, which the load of the machine changes little.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from floor import write_floor

from ingest.work.files import find_no_news, ingest_files
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps

REPOSITORY = Path(__file__).parents[1]
SOURCES = ("alder-lantern", "meridian-wire", "northern-post", "saltmere-ledger", "valley-times")
ARTICLES = 50_000
NEW_FILES = 100
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

_TEXT = """
the council agreed on a plan to rebuild old harbour bridge after storm while residents asked who
would pay for it and when work could begin ministers said money had been found in next year budget
but opposition leaders doubted that figures were right because costs rose twice since spring police
closed road near school as engineers looked at damage farmers expect good harvest despite rain
hospital staff want more time to answer new rules company reported higher profit than analysts
thought shares fell later team won its third match of season with late goal by young striker
"""
WORDS = _TEXT.split()


@dataclass
class Measured:
    """What one process told and cost."""

    documents: int
    call_seconds: float
    stages: dict[str, float] = field(default_factory=dict)
    process_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mib: float = 0.0


def make_articles(folder: Path, first: int, count: int) -> None:
    """Write articles number `first` and on: some 2 KB each, of five sources, with dates."""
    draw = random.Random(20260101)
    sentences = [
        " ".join(draw.choices(WORDS, k=draw.randint(8, 24))).capitalize() + "." for _ in range(5000)
    ]
    for number in range(first, first + count):
        draw = random.Random(number)
        day = date(2015, 1, 1) + timedelta(days=number % 4000)
        title = " ".join(draw.choices(WORDS, k=8)).capitalize()
        paragraphs = [" ".join(draw.choices(sentences, k=3)) for _ in range(7)]
        text = "\n\n".join([f"{title} {number}", f"{day:%d %B %Y}", *paragraphs])
        path = folder / SOURCES[number % 5] / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def work(what: str, home: Path, paths: list[str]) -> None:
    """Do one measured thing in this process and print what it told as JSON."""
    stages: dict[str, float] = {}
    started = time.perf_counter()
    if what == "floor":
        documents = write_floor(paths, home)
    elif what == "no news?":
        documents = 0
        assert find_no_news(paths, Home(home)) is not None
    else:
        summary = ingest_files(paths, Home(home), PlainSteps(), lambda: datetime.now(UTC))
        documents = summary.total("documents")
        stages = dict(summary.seconds)
    seconds = time.perf_counter() - started
    print(json.dumps({"documents": documents, "call_seconds": seconds, "stages": stages}))


def measure(what: str, home: Path, paths: list[Path]) -> Measured:
    """Do `what` in a process of its own and return what it told and cost."""
    command = [sys.executable, __file__, "--work", what, str(home), *map(str, paths)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    peak_bytes, ended = 0, 0
    while not ended:
        peak_bytes = max(peak_bytes, _resident_bytes(process.pid))
        time.sleep(0.02)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    with process.stdout or sys.exit("no output") as output:
        told = output.read()
    if process.returncode:
        sys.exit(process.returncode)
    return Measured(
        **json.loads(told),
        process_seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mib=peak_bytes / 2**20,
    )


def _resident_bytes(session: int) -> int:
    """Return the memory that all processes of the session hold together."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if stat[3] == str(session):
            total += int(stat[21]) * _PAGE_BYTES
    return total


def compare(title: str, folder: Path, paths: list[Path], repetitions: int) -> Path:
    """Measure product and floor in turn, print both; return the last home."""
    ours, floors = [], []
    for number in range(repetitions):
        home = folder / f"home-{number}"
        floors.append(measure("floor", folder / "floor", paths))
        shutil.rmtree(folder / "floor")
        ours.append(measure("product", home, paths))
        if number:
            shutil.rmtree(folder / f"home-{number - 1}")
    floor, product = _median(floors), _median(ours)
    _print_row(f"{title}: floor", floor)
    _print_row(f"{title}: product", product)
    seconds = [run.call_seconds for run in ours]
    print(
        f"  {product.call_seconds / floor.call_seconds:.1f} times the floor, "
        f"{product.cpu_seconds / floor.cpu_seconds:.1f} times its cpu; "
        f"product {min(seconds):.2f} to {max(seconds):.2f} s"
    )
    return home


def _median(runs: list[Measured]) -> Measured:
    middle = statistics.median_low(run.call_seconds for run in runs)
    return next(run for run in runs if run.call_seconds == middle)


def _print_row(title: str, run: Measured) -> None:
    rate = run.documents / run.call_seconds
    stages = "".join(f"{run.stages.get(name, 0):9.2f}" for name in ("collect", "read", "publish"))
    print(
        f"{title:<28}{run.documents:9,}{run.call_seconds:9.2f}{rate:9,.0f}{stages}"
        f"{run.peak_mib:10,.0f}{run.process_seconds:9.2f}{run.cpu_seconds:9.2f}",
        flush=True,
    )


def _print_head() -> None:
    names = (
        "documents",
        "seconds",
        "docs/s",
        "collect",
        "read",
        "publish",
        "peak MiB",
        "process",
        "cpu",
    )
    widths = (9, 9, 9, 9, 9, 9, 10, 9, 9)
    columns = "".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
    print(f"{'':<28}{columns}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--corpus", type=Path, default=REPOSITORY.parent / "shared" / "corpora")
    parser.add_argument("--work", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        what, home, *paths = given.work
        work(what, Path(home), paths)
        return
    with tempfile.TemporaryDirectory() as folder:
        run_all(Path(folder), given.corpus / "1_text" / "bbc", quick=given.quick)


def run_all(folder: Path, bbc: Path, *, quick: bool) -> None:
    """Measure everything in `folder`."""
    _print_head()
    if bbc.is_dir():
        compare("bbc", folder, [bbc], 1 if quick else 5)
    else:
        print(f"bbc: skipped, there is no {bbc}")
    articles = ARTICLES // 10 if quick else ARTICLES
    parts = [folder / name for name in ("fifth", "half", "rest")]
    bounds = (0, articles // 5, articles // 2, articles)
    for part, (first, end) in zip(parts, pairwise(bounds), strict=True):
        make_articles(part, first, end - first)
    for number in (1, 2):
        _print_row("made up, in part: product", measure("product", folder / "part", parts[:number]))
        shutil.rmtree(folder / "part")
    home = compare("made up", folder, parts, 1 if quick else 2)
    _print_row("  nothing new, whole run", measure("product", home, parts))
    _print_row("  nothing new, the question", measure("no news?", home, parts))
    make_articles(parts[-1], articles, NEW_FILES)
    _print_row("  with 100 new files", measure("product", home, parts))


if __name__ == "__main__":
    main()
