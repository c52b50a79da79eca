"""Signs about the use of texts, each in the place where sites put it."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.reading.rights import find_rights
from ingest.reading.robots import read_robots

URL = "https://ledger.example/news/ferry-late"


def robots(text: str) -> dict[str, Any]:
    return {"robots": read_robots(200, text.encode())}


def header(name: str, value: str) -> dict[str, Any]:
    return {"headers": [(name, value)]}


CASES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    (robots("User-agent: GPTBot\nDisallow: /"), ("robots_ai_training",)),
    (robots("User-agent: gptbot\nUser-agent: CCBot\nDisallow: /news/"), ("robots_ai_training",)),
    (robots("User-agent: GPTBot\nDisallow: /archive/"), ()),
    (robots("User-agent: GPTBot\nAllow: /"), ()),
    (robots("User-agent: PerplexityBot\nDisallow: /"), ("robots_ai_use",)),
    # nobody may: that says nothing of models
    (robots("User-agent: *\nDisallow: /"), ()),
    (robots("User-agent: *\nContent-Signal: search=yes, ai-train=no"), ("robots_ai_training",)),
    (robots("User-agent: *\nContent-Usage: train-ai=n"), ("robots_ai_training",)),
    (robots("User-agent: *\nContent-Signal: ai-train=yes, ai-input=no"), ("robots_ai_use",)),
    (header("x-robots-tag", "noai, noimageai"), ("header_noai", "header_noimageai")),
    (header("x-robots-tag", "NoArchive"), ("header_noarchive",)),
    (header("x-robots-tag", "none"), ("header_noindex",)),
    (header("x-robots-tag", "otherbot: noindex, noarchive"), ()),
    (header("x-robots-tag", "otherbot: noindex, news-ingest: noai"), ("header_noai",)),
    (header("x-robots-tag", "unavailable_after: 25 Jun 2026, noindex"), ("header_noindex",)),
    (header("tdm-reservation", "1"), ("header_tdm_reserved",)),
    (header("tdm-reservation", "0"), ()),
    (header("content-usage", "train-ai=n"), ("header_ai_training",)),
    ({"page": b'<meta name="robots" content="index, noai">'}, ("meta_noai",)),
    ({"page": b"<META CONTENT='noarchive' NAME=robots>"}, ("meta_noarchive",)),
    ({"page": b'<meta name="tdm-reservation" content="1">'}, ("meta_tdm_reserved",)),
    ({"page": b'<meta name="description" content="noai">'}, ()),
    ({"tdmrep": '[{"location": "/news/*", "tdm-reservation": 1}]'}, ("file_tdm_reserved",)),
    ({"tdmrep": '[{"location": "/sport/", "tdm-reservation": 1}]'}, ()),
    (
        {
            "tdmrep": '[{"location": "/", "tdm-reservation": 1},'
            ' {"location": "/news/", "tdm-reservation": 0}]'
        },
        (),
    ),
    ({"tdmrep": "<html>not there"}, ()),
    ({"tdmrep": "[" * 100_000}, ()),
    ({"tdmrep": '[1, {"location": 5}, {"location": "/"}]'}, ()),
    ({"page": b"<meta " * 100_000}, ()),
]


@pytest.mark.parametrize(("said", "words"), CASES)
def test_each_sign_has_its_word(said: dict[str, Any], words: tuple[str, ...]) -> None:
    assert find_rights(URL, agent="news-ingest", **said) == words
