"""Pages written for this project, one for each layout and state, and what must be read in them.

Beside each page stand two files. The truth is written by hand before the page is read: the
headline, the authors, the day, how the story begins and ends, and what must not be in it. The
golden is the whole reading; a page without one gets it, and the test fails, so that a person reads
it before it counts. A page that is known to be read wrongly has no golden. The pages tell of
invented outlets, people and events.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.golden.test_text_golden import as_json

from ingest.reading.decoding import Decoded, decode
from ingest.reading.html import read_html
from ingest.words.nouns import Article, DocumentKind, PageState, ParagraphKind, Reading

FOLDER = Path(__file__).parent / "html"
PAGES = sorted(FOLDER.glob("*.html"))
KNOWN_ON = date(2026, 11, 1)


def truth_of(page: Path) -> dict[str, Any]:
    return json.loads(page.with_suffix(".truth.json").read_text(encoding="utf-8"))


@cache
def read_page(page: Path) -> Reading:
    decoded = decode(page.read_bytes(), DocumentKind.HTML)
    assert isinstance(decoded, Decoded)
    return read_html(decoded.text, url=truth_of(page)["url"], known_on=KNOWN_ON)


def find_faults(reading: Reading, truth: dict[str, Any]) -> dict[str, Any]:
    """Return what in `reading` is not as `truth` says, by the name of the fact."""
    if reading.page_state != truth["state"] or not isinstance(reading, Article):
        found: dict[str, Any] = {"state": reading.page_state}
        if not isinstance(reading, Article):
            found["reason"] = reading.reason
        return {name: value for name, value in found.items() if value != truth.get(name)}
    texts = [part.text for part in reading.paragraphs]
    told = [p.text for p in reading.paragraphs if p.kind is not ParagraphKind.CORRECTION]
    notes = [p.text for p in reading.paragraphs if p.kind is ParagraphKind.CORRECTION]
    if told and "deck" in truth and told[0].startswith(truth["deck"]):
        # What stands over a story may be told as its beginning, too.
        del told[0]
    whole = "\n".join(texts)
    equal = {
        "title": reading.title,
        "authors": list(reading.authors),
        "published_on": reading.published_on.isoformat() if reading.published_on else None,
        "related": list(reading.related_headlines),
        "captions": [caption.credit for caption in reading.captions],
    }
    begun = {
        "first": told[0] if told else "",
        "last": told[-1] if told else "",
        "correction": notes[0] if notes else "",
    }
    faults: dict[str, Any] = {
        "absent": [text for text in truth["absent"] if text in whole],
        "present": [text for text in truth.get("present", ()) if text not in whole],
    }
    faults = {name: wrong for name, wrong in faults.items() if wrong}
    faults |= {name: value for name, value in equal.items() if value != truth.get(name, value)}
    return faults | {
        name: value
        for name, value in begun.items()
        if name in truth and not value.startswith(truth[name])
    }


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_what_a_person_knows_of_a_page_is_read(page: Path) -> None:
    """But for the faults that the truth names as known: one that is mended is taken out there."""
    truth = truth_of(page)
    faults = find_faults(read_page(page), truth)

    assert sorted(faults) == sorted(truth.get("known_faults", ())), faults


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_page_is_read_as_it_was_when_a_person_read_it(page: Path) -> None:
    if "known_faults" in truth_of(page):
        pytest.skip("read wrongly in part: no golden to keep")
    golden = page.with_suffix(".json")
    reading = as_json(read_page(page))
    if not golden.exists():
        text = json.dumps(reading, ensure_ascii=False, indent=1) + "\n"
        golden.write_text(text, encoding="utf-8")
        pytest.fail(f"wrote {golden.name}: read it, correct the reader or keep it, and run again")

    assert reading == json.loads(golden.read_text(encoding="utf-8"))


def test_there_is_a_page_for_every_state() -> None:
    assert {truth_of(page)["state"] for page in PAGES} == {state.value for state in PageState}
