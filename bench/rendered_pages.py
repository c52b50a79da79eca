"""Web pages of the public test data as a text browser would show them, with their titles.

More pages than there are dumps, of more outlets, to learn from what titles look like: nested
boxes are set in, lists have bullets, headings and paragraphs have blank lines around them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

FOLDERS = ("trafilatura_eval", "wcxb_dev")
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "select"})
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "pre"})
_BLOCKS = _SPACED | frozenset(
    [
        "div",
        "li",
        "ul",
        "ol",
        "tr",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "nav",
        "main",
        "aside",
        "form",
        "dl",
        "dt",
        "dd",
        "figcaption",
        "address",
        "fieldset",
        "details",
        "summary",
        "hr",
    ]
)
_BULLETS = ("* ", "+ ", "o ", "- ")
# Parts of a host's name that name no outlet.
_SHORT_LABEL = 3


class _Screen(HTMLParser):
    """What is on the screen while a page's tags go by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.words: list[str] = []
        self.unseen = 0
        self.boxes = 0
        self.lists: list[int | None] = []  # the number of the last item; None where bullets stand
        self.prefix = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the parser's signature)
        if tag in _UNSEEN:
            self.unseen += 1
        if self.unseen:
            return
        if tag in _BLOCKS or tag == "br":
            self.end_line(blank=tag in _SPACED)
        if tag == "div":
            self.boxes += 1
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li" and self.lists:
            number = self.lists[-1]
            if number is None:
                self.prefix = _BULLETS[min(len(self.lists), len(_BULLETS)) - 1]
            else:
                self.lists[-1] = number + 1
                self.prefix = f"{number + 1}. "
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
            return
        if self.unseen:
            return
        if tag in _BLOCKS:
            self.end_line(blank=tag in _SPACED)
        if tag == "div":
            self.boxes = max(0, self.boxes - 1)
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)

    def end_line(self, *, blank: bool) -> None:
        text = " ".join("".join(self.words).split())
        self.words = []
        if text or (self.prefix and not blank):
            indent = " " * min(2 * self.boxes + 4 * len(self.lists), 60)
            self.lines.append((indent + self.prefix + text).rstrip())
            self.prefix = ""
        if blank and self.lines and self.lines[-1]:
            self.lines.append("")


def render(html: str) -> str:
    """Return the text of a page, line by line as a text browser would show it."""
    screen = _Screen()
    screen.feed(html)
    screen.end_line(blank=False)
    return "\n".join(screen.lines) + "\n"


def outlet_at(url: str) -> str:
    """Return the name in the host of `url` that stands for its outlet: its longest label."""
    labels = (urlsplit(url).hostname or "").split(".")
    named = [each for each in labels[:-1] if len(each) > _SHORT_LABEL] or labels
    return max(named, key=len)


def load_rendered(corpus: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the outlet, the text and the title of every page that has a title."""
    for name in FOLDERS:
        folder = corpus / "2_html" / name
        if not (folder / "expected.jsonl.gz").exists():
            continue
        with gzip.open(folder / "expected.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                if row["title"]:
                    body = gzip.decompress((folder / row["file"]).read_bytes())
                    html = body.decode("utf-8", "replace")
                    yield outlet_at(row["url"]), render(html), row["title"]
