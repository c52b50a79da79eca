"""What each page is taken for: a table of confusion over pages whose kind is known.

    python bench/html_states.py

Rows are what pages are: each page of the public sets whose list says that it is an article (or,
in newspaper4k, that it is none), and each page in `tests/golden/html` by its state. Columns are
what our reader makes of them. Below the table stands every page of a set that is not taken for a
plain article, with the reason, for a person to look at: many are stubs and live blogs indeed.
The rules of `ingest.reading.html.states` were written with these pages in sight.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from html_sets import CORPUS, SETS, GoldPage, load

from ingest.reading.decoding import decode
from ingest.reading.html import read_html
from ingest.words.nouns import Article, DocumentKind, Reading, Rejection

GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden" / "html"
_KNOWN = {True: "article of a set", False: "no article of a set", None: "page of a set"}


def read_page(html: bytes, url: str | None) -> Reading:
    """Return our reading of `html`."""
    decoded = decode(html, DocumentKind.HTML)
    return decoded if isinstance(decoded, Rejection) else read_html(decoded.text, url=url)


def name_of(reading: Reading) -> str:
    """Return what a page was taken for."""
    if isinstance(reading, Article):
        return reading.page_state.value
    return f"refused: {reading.page_state.value if reading.page_state else reading.reason.value}"


def read_sets() -> Iterator[tuple[GoldPage, Reading]]:
    """Yield each page of the public sets and our reading of it."""
    for set_name in SETS:
        for page in load(set_name):
            yield page, read_page(page.html, page.url)


def read_golden() -> Iterator[tuple[str, Reading]]:
    """Yield the true state of each page written for this project, and our reading of it."""
    for path in sorted(GOLDEN.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        html = path.with_name(path.name.replace(".truth.json", ".html")).read_bytes()
        yield f"written: {truth['state']}", read_page(html, truth["url"])


def table(counts: dict[str, Counter[str]]) -> str:
    """Return the table of confusion in Markdown."""
    columns = sorted({name for row in counts.values() for name in row})
    lines = [f"| what it is | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name, row in counts.items():
        lines.append(f"| {name} | {' | '.join(str(row[column] or '·') for column in columns)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and the pages of the sets that are not plain articles."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    unusual = []
    if CORPUS.is_dir():
        for page, reading in read_sets():
            counts[_KNOWN[page.is_article]][name_of(reading)] += 1
            if page.is_article is not False and name_of(reading) != "article":
                detail = "" if isinstance(reading, Article) else reading.detail
                unusual.append(f"{page.set_name} {page.page_id}: {name_of(reading)} {detail}")
    for name, reading in read_golden():
        counts[name][name_of(reading)] += 1
    print(table(counts))
    print("\n" + "\n".join(unusual))


if __name__ == "__main__":
    main()
