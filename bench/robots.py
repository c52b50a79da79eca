"""How robots.txt is read, against a public set of cases and thousands of real files.

    python bench/robots.py [--corpus DIR]

Reads `5_robots` under DIR (default: ../shared/corpora beside the repository).
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.reading.robots import Robots, read_robots

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpora"
PAGE = "https://ledger.example/news/2026/03/ferry-late?page=2"


@dataclass(frozen=True)
class Case:
    """What a set says that a file means, and what we say."""

    kind: str
    text: str
    expected: Any
    got: Any


def read_cases(folder: Path) -> Iterator[Case]:
    """Yield the cases that ask for what a crawler needs: may it, how slowly, which sitemaps."""
    text = (folder / "allow_deny_cases.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        case = json.loads(line)
        robots = read_robots(200, case["robots_txt"].encode("utf-8", "surrogatepass"))
        if "url" in case:
            got: Any = robots.allows(case["url"], case["user_agent"])
            yield Case("allowed", case["robots_txt"], case["allowed"], got)
        elif case["method"] == "sitemaps":
            got = list(robots.sitemaps)
            yield Case("sitemaps", case["robots_txt"], case["result"], got)
        elif case["method"] == "crawl_delay":
            got = robots.crawl_delay_seconds(*case["args"])
            yield Case("crawl delay", case["robots_txt"], case["result"], got)


def read_real(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each real file."""
    with tarfile.open(folder / "robots_real_dev.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                yield member.name, file.read()
    for path in sorted((folder / "crawler_commons").glob("*.txt")):
        yield path.name, path.read_bytes()


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    folder = parser.parse_args().corpus / "5_robots"
    if not folder.is_dir():
        print(f"{folder}: not there; the public corpora are needed", file=sys.stderr)
        return 2
    cases = list(read_cases(folder))
    for kind in dict.fromkeys(case.kind for case in cases):
        of_kind = [case for case in cases if case.kind == kind]
        wrong = [case for case in of_kind if case.got != case.expected]
        print(f"{kind}: {len(of_kind) - len(wrong)} of {len(of_kind)}")
        for case in wrong:
            print(f"    expected {case.expected}, got {case.got}: {case.text[:200]!r}")
    count = with_agents = allowed = 0
    slowest = (0.0, "")
    started = time.process_time()
    for name, body in read_real(folder):
        before = time.process_time()
        robots: Robots = read_robots(200, body)
        allowed += robots.allows(PAGE, "news-ingest")
        slowest = max(slowest, (time.process_time() - before, name))
        count += 1
        with_agents += bool(robots.agents)
    spent = time.process_time() - started
    print(
        f"real files: {count} read, {with_agents} with rules, {allowed} let us read a page; "
        f"{1000 * spent / count:.2f} ms of CPU each, at most {1000 * slowest[0]:.0f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
