"""How addresses are written, against two public sets of cases, and how fast.

    python bench/urls.py [--corpus DIR]

Reads `14_urls` under DIR (default: ../shared/corpora beside the repository). A case that we decide
in another way is listed with the reason for it; one without a reason is a fault, and exit code 1
says that there is one.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.reading.sites import site_of
from ingest.reading.urls import canonicalize, host_of, resolve

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpora"

NO_WEB = "no address of the web: None, as there is nothing to fetch"
RELATIVE = "an address without http:// is one only as seen from a page"
PASSWORD = "names and passwords would be stored: such an address is none"
FRAGMENT = "the fragment names a place in the page: one page, one address"
ESCAPES = "resolving already writes escapes in upper case"
APART = "http and https, www., ports and the case of paths are told apart by some hosts"
COPY = "the copy at an AMP cache is the page's, whose site has no www."
LIST = "a site below a public suffix that our short list does not name"


@dataclass(frozen=True)
class Case:
    """What goes in, what the set expects, and what we give."""

    group: str
    given: str
    expected: str | None
    got: str | None


def read_cases(folder: Path) -> Iterator[Case]:
    """Yield the cases that ask for what we do: writing, resolving, and telling sites."""
    for url, expected in _rows(folder / "crawler_commons_weirdToNormalizedUrls.csv"):
        yield Case("general: canonicalize", url, expected, canonicalize(url))
    for url, base, expected in _rows(folder / "crawler_commons_url-resolve.csv"):
        yield Case("general: resolve", f"{url} at {base}", expected, resolve(url, base))
    text = (folder / "crawler_commons_invalidUrls.csv").read_text(encoding="utf-8")
    for url in text.splitlines():
        if url and not url.startswith("#"):
            yield Case("general: invalid", url, None, canonicalize(url))
    for line in (folder / "mediacloud_url_cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        url = case["inputs"][0]
        if case["suite"] == "TestCanonicalDomain" and url:
            site = site_of(host_of(canonicalize(url) or "") or "")
            yield Case("news: site", url, case["expected"], site)
        elif case["suite"] == "TestNormalizeUrl":
            yield Case("news: canonicalize", url, case["expected"], canonicalize(url))


def why(case: Case) -> str | None:  # noqa: PLR0911 (one line for each reason)
    """Return why we decide a case in another way, None where there is no reason."""
    expected = case.expected or ""
    if "@" in case.given:
        return PASSWORD
    if expected.startswith(("ftp:", "file:")) or re.fullmatch(r"https?:/*", expected):
        return NO_WEB
    if "://" not in case.given and not case.given.startswith("http"):
        return RELATIVE if case.got is None else _apart(case)
    if case.got is not None and expected.partition("#")[0] == case.got:
        return FRAGMENT
    if case.got is not None and case.got.lower() == expected.lower() and "%" in case.got:
        return ESCAPES
    if case.group == "news: site":
        return COPY if ".cdn.ampproject.org" in case.given else LIST
    return _apart(case)


def _apart(case: Case) -> str | None:
    """Return the reason of what some hosts tell apart, if nothing else is different."""
    plain = re.sub(r"^https?://(?:www\.)?([^/:?]+)(?::\d+)?", r"\1", (case.got or "").lower())
    return APART if plain == re.sub(r"^https?://", "", case.expected or "").lower() else None


def _rows(file: Path) -> Iterator[list[str]]:
    for line in file.read_text(encoding="utf-8").split("\n"):
        if line.strip() and not line.startswith("#"):
            row = next(csv.reader([line], skipinitialspace=True))
            yield [*row[:-1], row[-1].strip()]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    folder = parser.parse_args().corpus / "14_urls"
    if not folder.is_dir():
        print(f"{folder}: not there; the public corpora are needed", file=sys.stderr)
        return 2
    cases = list(read_cases(folder))
    print("| cases | as expected | otherwise, with a reason | wrong |\n|---|---|---|---|")
    for group in dict.fromkeys(case.group for case in cases):
        of_group = [case for case in cases if case.group == group]
        differ = [case for case in of_group if case.got != case.expected]
        reasoned = [case for case in differ if why(case)]
        print(
            f"| {group}: {len(of_group)} | {len(of_group) - len(differ)} "
            f"| {len(reasoned)} | {len(differ) - len(reasoned)} |"
        )
    differ = [case for case in cases if case.got != case.expected]
    counts = Counter(why(case) or "WRONG" for case in differ)
    print()
    for reason, count in counts.most_common():
        print(f"{count:3} {reason}")
        for case in differ:
            if (why(case) or "WRONG") == reason:
                print(f"      {case.given} -> {case.got}")
    urls = [case.given for case in cases if "://" in case.given] * 50
    started = time.process_time()
    for url in urls:
        canonicalize(url)
    spent = time.process_time() - started
    print(f"\n{1e6 * spent / len(urls):.1f} µs of CPU an address")
    return 1 if "WRONG" in counts else 0


if __name__ == "__main__":
    sys.exit(main())
