r"""The public sets of HTML pages with their truth, and how each of them is scored.

Test data only: nothing here copies a page into the project. `SETS` says for each set what can be
scored and how; `load` gives its pages, `score_body` and `set_score` its own metric.

What a word is: `\w+` in lower case, in every language. Where words are written without spaces
(Japanese, Chinese, Thai, Burmese) one such "word" is a run of text between signs, so a small
difference costs more there than elsewhere; the sets' own metrics are kept as they are.

- word F1: multisets of words of the text against those of the gold; the mean over pages.
- shingle F1: multisets of four words in a row (case kept); mean precision over the pages with an
  answer, mean recall over the pages with a gold, and the harmonic mean of the two means.
- segment F1: gold segments that must and must not be in the text, found as substrings with white
  space made one space; true and false positives and false negatives added up over all pages.
- title: equal in lower case without what is no letter, digit or underscore.
- date: the same calendar day, each in its own zone as it is written.
- authors: the same set of names, without regard to case and white space. Where the gold is one
  string ("A, B and C"), gold and answer are both cut at its separators before.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpora"
FOLDER = "2_html"


@dataclass(frozen=True)
class GoldPage:
    """One page and what is known of it; a field is None where the set does not tell."""

    set_name: str
    page_id: str
    url: str | None
    host: str | None
    html: bytes
    body: str | None = None
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] | None = None
    published_on: date | None = None
    published: str | None = None
    language: str | None = None
    is_article: bool | None = None

    @property
    def has_body_truth(self) -> bool:
        """Whether a text read from this page can be scored."""
        return self.body is not None or (SETS[self.set_name].body == "segment F1" and self.has_must)

    @property
    def has_must(self) -> bool:
        """Whether there are segments that must, or must not, be in the text."""
        return bool(self.must or self.must_not)


@dataclass(frozen=True)
class GoldSet:
    """What a set of pages can be scored on."""

    licence: str
    body: str | None  # the name of its metric
    fields: tuple[str, ...]  # of the metadata: title, authors, date, language
    reference: str | None = None  # a figure of trafilatura 2.3.1 that came with the corpora
    note: str = ""
    joined_authors: bool = False  # the gold gives all authors as one string


SETS: dict[str, GoldSet] = {
    "fundus": GoldSet(
        "MIT",
        "word F1",
        ("title", "authors", "date", "language"),
        reference="F1 .944, title 177 and date 248 of 258 (202 of the pages are here)",
        note="the gold includes summary and subheads; language is the one that the page declares",
    ),
    "scrapinghub": GoldSet("MIT", "shingle F1", (), reference=".958"),
    "trafilatura_eval": GoldSet(
        "Apache-2.0",
        "segment F1",
        ("title", "authors", "date"),
        reference="F1 .926, title .612, date .868, authors .567",
        note="blogs, shops and clubs beside news",
        joined_authors=True,
    ),
    "wcxb_dev": GoldSet(
        "CC-BY-4.0",
        "word F1",
        ("title", "authors", "date"),
        reference="F1 .938, title .552, date .848, authors .659",
        note="truth drafted by a language model: some two points of noise; two pages have no text",
        joined_authors=True,
    ),
    "readability": GoldSet(
        "Apache-2.0",
        "word F1",
        ("title", "authors", "date", "language"),
        reference="F1 .933",
        note="truth is the output of Readability.js, not of a person; bylines are as they stand",
        joined_authors=True,
    ),
    "newspaper4k": GoldSet(
        "MIT and Apache-2.0",
        "word F1",
        ("title", "authors", "date", "language"),
        note="truth is the output of newspaper4k, text of 23 pages, metadata of 20",
    ),
    "mediacloud": GoldSet("Apache-2.0", None, ("title", "date", "language")),
}

WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
_NO_WORD = re.compile(r"[^\w]+")
_AUTHOR_BREAKS = re.compile(
    r"(?:\s*[,;|&\n])+\s*(?:(?:and|und|et|y)\s+)?|\s+(?:and|und|et|y|och|og|en|with|mit)\s+"
)
_AUTHOR_OPENING = re.compile(r"^(?:by|von|par|por|written by)\s+", re.IGNORECASE)


def load(set_name: str, corpus: Path = CORPUS) -> Iterator[GoldPage]:
    """Yield the pages of the set `set_name` in the order of its list of truths."""
    folder = corpus / FOLDER / set_name
    read = _READERS[set_name]
    for row in _rows(folder):
        html = gzip.decompress((folder / row["file"]).read_bytes())
        known = read(row)
        url = known.pop("url", row.get("url")) or None
        if url and not url.startswith(("http://", "https://")):
            url = None  # a name that the set made up
        yield GoldPage(
            set_name,
            row["file"].removesuffix(".gz").removesuffix(".html"),
            url,
            (host_of(url) if url else None) or guess_host(html),
            html,
            **known,
        )


# What a page contributes to the figure of its set: an F1; or precision and recall and whether
# there was an answer and a gold; or three counts of segments.
Evidence = tuple[float, ...]


def score_body(page: GoldPage, text: str) -> float:
    """Return what `text` scores as the body of `page`, from 0 to 1, by the metric of its set."""
    found = weigh(page, text)
    if SETS[page.set_name].body == "shingle F1":
        return _harmonic(*found[:2])
    return combine(page.set_name, [found])


def set_score(set_name: str, answers: Iterable[tuple[GoldPage, str]]) -> float:
    """Return the figure of a set, by its own metric, over the pages with a body truth."""
    return combine(set_name, [weigh(*answer) for answer in answers if answer[0].has_body_truth])


def weigh(page: GoldPage, text: str) -> Evidence:
    """Return what `text`, as the body of `page`, contributes to the figure of the set."""
    metric = SETS[page.set_name].body
    if metric == "segment F1":
        return count_segments(page, text)
    if page.body is None:
        raise ValueError(f"{page.set_name}/{page.page_id}: no body to score against")
    if metric == "shingle F1":
        kept, gold = _shingles(text), _shingles(page.body)
        return *_shares(kept, gold), bool(kept), bool(gold)
    return (word_f1(text, page.body),)


def combine(set_name: str, evidence: Sequence[Evidence]) -> float:
    """Return the figure of a set from what its pages contribute; no number where there is none."""
    metric = SETS[set_name].body
    if not evidence or metric is None:
        return float("nan")
    if metric == "segment F1":
        found, unwanted, missed = map(sum, zip(*evidence, strict=True))
        whole = 2 * found + unwanted + missed
        return 2 * found / whole if whole else 1.0
    if metric == "shingle F1":
        precisions = [precision for precision, _, answered, _ in evidence if answered]
        recalls = [recall for _, recall, _, wanted in evidence if wanted]
        return _harmonic(fmean(precisions or [0.0]), fmean(recalls or [0.0]))
    return fmean(f1 for (f1,) in evidence)


def word_f1(text: str, gold: str) -> float:
    """Return the F1 of the multisets of words of `text` against `gold`."""
    return _harmonic(*_shares(Counter(_words(text)), Counter(_words(gold))))


def count_segments(page: GoldPage, text: str) -> tuple[int, int, int]:
    """Return how many segments are found, found but unwanted, and wanted but not found."""
    spaced = _one_space(text)
    found = sum(_one_space(segment) in spaced for segment in page.must)
    unwanted = sum(_one_space(segment) in spaced for segment in page.must_not)
    return found, unwanted, len(page.must) - found


def is_title(page: GoldPage, title: str | None) -> bool:
    """Whether `title` is the page's, but for case and signs."""
    return squeeze(title or "") == squeeze(page.title or "")


def is_day(page: GoldPage, day: date | None) -> bool:
    """Whether `day` is the day of the page's publication."""
    return day == page.published_on


def are_authors(page: GoldPage, authors: Iterable[str]) -> bool:
    """Whether `authors` are exactly the page's, in any order."""
    names = tuple(authors)
    if SETS[page.set_name].joined_authors:
        names = tuple(name for joined in names for name in split_authors(joined))
    return _folded(names) == _folded(page.authors or ())


def squeeze(text: str) -> str:
    """Return `text` in lower case without what is no letter, digit or underscore."""
    return _NO_WORD.sub("", text.lower())


def split_authors(joined: str) -> tuple[str, ...]:
    """Return the names in a string like "By A, B and C"."""
    parts = _AUTHOR_BREAKS.split(_AUTHOR_OPENING.sub("", joined.strip()))
    return tuple(part for part in (part.strip() for part in parts) if part)


def day_in(text: str | None) -> date | None:
    """Return the day that an ISO date or time opens with."""
    if not text or not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


# -- Hosts ---------------------------------------------------------------------------------------

# Second labels under which a country's names are given out: `example.co.uk` is one owner's.
_SECOND = frozenset(("ac", "co", "com", "edu", "gob", "gov", "go", "ne", "net", "or", "org"))
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/(?:\w+/)?(?=https?:)")
_STATED = (
    re.compile(
        rb"<link\b(?=[^>]*\brel=[\"']?canonical)[^>]*\bhref=[\"']?(https?://[^\"'\s>]+)",
        re.IGNORECASE,
    ),
    re.compile(
        rb"<meta\b(?=[^>]*\b(?:property|name)=[\"']?(?:og:url|twitter:url|al:web:url))"
        rb"[^>]*\bcontent=[\"']?(https?://[^\"'\s>]+)",
        re.IGNORECASE,
    ),
)
_LINK = re.compile(rb"<a\b[^>]*\bhref=[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)
_OF_NOBODY = frozenset(("fakehost", "localhost", "example.com"))
# Linked from everywhere, and so no sign of where a page is from.
_LINKED_BY_ALL = frozenset(
    (
        *("facebook.com", "twitter.com", "x.com", "instagram.com", "linkedin.com", "pinterest.com"),
        *("youtube.com", "google.com", "whatsapp.com", "t.me", "reddit.com", "tumblr.com"),
        *("amazon.com", "apple.com"),
    )
)


def host_of(url: str) -> str | None:
    """Return the registered domain of `url`, near enough: its last two labels, or three."""
    try:
        host = (urlsplit(_ARCHIVED.sub("", url)).hostname or "").removesuffix(".")
    except ValueError:
        return None
    labels = host.split(".")
    if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:]) or None


def guess_host(html: bytes) -> str | None:
    """Return the domain that a page states as its own, or else links to most."""
    for pattern in _STATED:
        for match in pattern.finditer(html):
            host = host_of(match[1].decode("ascii", "replace"))
            if host and host not in _OF_NOBODY:
                return host
    linked = Counter(host_of(link.decode("ascii", "replace")) for link in _LINK.findall(html))
    ranked = sorted((-count, host) for host, count in linked.items() if host)
    return next((host for _, host in ranked if host not in _OF_NOBODY | _LINKED_BY_ALL), None)


# -- Reading the truths --------------------------------------------------------------------------


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    packed = folder / "expected.jsonl.gz"
    lines = (
        gzip.decompress(packed.read_bytes())
        if packed.exists()
        else (folder / "expected.jsonl").read_bytes()
    )
    for line in lines.splitlines():
        yield json.loads(line)


def _read_fundus(row: dict[str, Any]) -> dict[str, Any]:
    declared = row["html_lang_attr"] or row["languages_of_country"].split("/")[0]
    return {
        "body": "\n".join(text for _, text in row["paragraphs"]),
        "title": row["title"],
        "authors": tuple(row["authors"] or ()) or None,
        "published": row["publishing_date"],
        "published_on": day_in(row["publishing_date"]),
        "language": _language(declared),
        "is_article": True,
    }


def _read_scrapinghub(row: dict[str, Any]) -> dict[str, Any]:
    return {"body": row["article_body"], "is_article": True}


def _read_segments(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "must": tuple(row["with"]),
        "must_not": tuple(row["without"]),
        "title": row.get("title") or None,
        "authors": _gold_authors(row.get("authors")),
        "published": row.get("date") or None,
        "published_on": day_in(row.get("date")),
    }


def _gold_authors(stated: str | list[str] | None) -> tuple[str, ...] | None:
    """Return the names of a gold that is one string, or several."""
    strings = [stated] if isinstance(stated, str) else stated or []
    return tuple(name for string in strings for name in split_authors(string)) or None


def _read_wcxb(row: dict[str, Any]) -> dict[str, Any]:
    return _read_segments(row) | {"body": row["text"] or None, "is_article": True}


def _read_readability(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "body": row["expected_text"],
        "title": row.get("title") or None,
        "authors": _gold_authors(row.get("byline")),
        "published": row.get("publishedTime"),
        "published_on": day_in(row.get("publishedTime")),
        "language": _language(row.get("lang")),
    }


# What the names of these files say: front pages, a feed, and pages that only lead elsewhere.
_NO_ARTICLES = re.compile(r"main_site|sample_rss|meta_refresh")


def _read_newspaper4k(row: dict[str, Any]) -> dict[str, Any]:
    metadata = row.get("expected_metadata") or {}
    body = row.get("expected_text") or None
    is_article = False if _NO_ARTICLES.search(row["file"]) else (True if body else None)
    return {
        "url": metadata.get("url"),
        "body": body,
        "title": metadata.get("title") or None,
        "authors": tuple(metadata.get("authors") or ()) or None,
        "published": metadata.get("publish_date"),
        "published_on": day_in(metadata.get("publish_date")),
        "language": _language(metadata.get("language")),
        "is_article": is_article,
    }


_DATETIME = re.compile(r"datetime\((\d+), (\d+), (\d+)")


def _read_mediacloud(row: dict[str, Any]) -> dict[str, Any]:
    """Read the facts; what the set's own test programs assert of a page counts too."""
    asserted = {what: value for what, value in row.get("asserts") or () if value is not None}
    published = row.get("publication_date") or asserted.get("dates:date.date()")
    for what, value in asserted.items():
        if "date" in what and (match := _DATETIME.search(str(value))):
            published = date(*map(int, match.groups())).isoformat()
    return {
        "title": _literal(asserted.get("extract:results['article_title']")),
        "published": published,
        "published_on": day_in(published),
        "language": _language(_literal(asserted.get("extract:results['language']"))),
    }


def _literal(value: str | None) -> str | None:
    """Return the value but where it is a piece of a program."""
    return None if not value or re.search(r"\w\[|\w\.\w+\(", value) else value


def _language(tag: str | None) -> str | None:
    """Return the language of a tag; the two written forms of Norwegian are one."""
    code = re.split(r"[-_]", tag.strip())[0].lower() if tag else None
    return "no" if code in {"nb", "nn"} else code


_READERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "fundus": _read_fundus,
    "scrapinghub": _read_scrapinghub,
    "trafilatura_eval": _read_segments,
    "wcxb_dev": _read_wcxb,
    "readability": _read_readability,
    "newspaper4k": _read_newspaper4k,
    "mediacloud": _read_mediacloud,
}


# -- Counting ------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count four words in a row; a shorter text is one shingle."""
    words = WORD.findall(text)
    if not words:
        return Counter()
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def _shares(kept: Counter[Any], gold: Counter[Any]) -> tuple[float, float]:
    """Return precision and recall; of two empty ones both are 1."""
    if not kept and not gold:
        return 1.0, 1.0
    both = (kept & gold).total()
    return both / max(1, kept.total()), both / max(1, gold.total())


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _one_space(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_one_space(name).casefold() for name in names)
