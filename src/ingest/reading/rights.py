"""What a site says about the use of what it gives: a word for each sign, with where it stood.

A word is `WHERE_WHAT`. Where: `robots` (robots.txt), `header` (of the answer), `meta` (of the
page), `file` (/.well-known/tdmrep.json). What: `noai`, `noimageai`, `noindex`, `noarchive`,
`nosnippet`; `ai_training` and `ai_use` (not for training models, not for answering with them);
`tdm_reserved` (mining of text and data is reserved). The words are stable: rights are counted by
them. Nothing is decided here; whoever uses the texts has to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from ingest.reading.robots import Robots
from ingest.reading.urls import is_inside

# A page says such things in its head.
_MAX_HEAD_BYTES = 256 * 1024
_MAX_METAS = 300
# A file of rules for a site's paths; the real ones have a dozen lines.
_MAX_FILE_CHARACTERS = 256 * 1024
_MAX_FILE_RULES = 1_000

# Robots whose operators say that they gather for the training of models, by their product tokens.
_TRAINERS = frozenset(
    {
        *("ai2bot", "amazonbot", "anthropic-ai", "applebot-extended", "bytespider", "ccbot"),
        *("claude-web", "claudebot", "cohere-ai", "cohere-training-data-crawler", "diffbot"),
        *("facebookbot", "google-extended", "gptbot", "icc-crawler", "imagesiftbot"),
        *("kangaroo bot", "meta-externalagent", "omgili", "omgilibot", "pangubot", "timpibot"),
        *("velenpublicwebcrawler", "webzio-extended"),
    }
)
# Robots that fetch for an answer that a model gives to somebody.
_ANSWERERS = frozenset(
    {
        *("andibot", "chatgpt-user", "claude-searchbot", "claude-user", "duckassistbot"),
        *("google-cloudvertexbot", "meta-externalfetcher", "mistralai-user", "oai-searchbot"),
        *("perplexity-user", "perplexitybot", "phindbot", "youbot"),
    }
)
_SIGNALS = {
    "ai-train=no": "ai_training",
    "train-ai=n": "ai_training",
    "train-genai=n": "ai_training",
    "ai-input=no": "ai_use",
    "bots=n": "ai_use",
}
_DIRECTIVES = frozenset({"noai", "noimageai", "noindex", "noarchive", "nosnippet"})
_VALUED = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview", "notranslate"}
)
# "none" is short for the two that search engines know.
_NONE = "none"

_META = re.compile(rb"<meta\s([^>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""(name|http-equiv|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)


def find_rights(
    url: str,
    *,
    agent: str,
    headers: Iterable[tuple[str, str]] = (),
    robots: Robots | None = None,
    page: bytes = b"",
    tdmrep: str = "",
) -> tuple[str, ...]:
    """Return what is said about the use of the page at `url`, each word once, in their order.

    `agent` is our own product token: what a header says to another robot alone is not for us.
    Total: it never raises, whatever it is given.
    """
    found = {
        *_of_robots(robots, url),
        *(f"header_{word}" for word in _of_headers(headers, agent)),
        *(f"meta_{word}" for word in _of_page(page)),
    }
    if tdmrep and _is_reserved(tdmrep, url):
        found.add("file_tdm_reserved")
    return tuple(sorted(found))


def _of_robots(robots: Robots | None, url: str) -> Iterator[str]:
    if robots is None:
        return
    # a rule for everybody is no word about models
    for word, agents in (("ai_training", _TRAINERS), ("ai_use", _ANSWERERS)):
        if any(not robots.allows(url, agent) for agent in agents & robots.agents):
            yield f"robots_{word}"
    yield from (f"robots_{_SIGNALS[signal]}" for signal in robots.signals if signal in _SIGNALS)


def _of_headers(headers: Iterable[tuple[str, str]], agent: str) -> Iterator[str]:
    for name, value in headers:
        if name == "x-robots-tag":
            yield from _directives(value, agent)
        elif name == "tdm-reservation" and value.strip() == "1":
            yield "tdm_reserved"
        elif name in {"content-usage", "content-signal"}:
            for signal in value.lower().split(","):
                word = _SIGNALS.get(re.sub(r"\s", "", signal))
                if word:
                    yield word


def _of_page(page: bytes) -> Iterator[str]:
    for count, meta in enumerate(_META.finditer(page[:_MAX_HEAD_BYTES])):
        if count >= _MAX_METAS:
            return
        said = {
            name.lower(): (double or single or bare).decode("utf-8", "replace")
            for name, double, single, bare in _ATTRIBUTE.findall(meta[1])
        }
        name = (said.get(b"name") or said.get(b"http-equiv") or "").strip().lower()
        content = said.get(b"content", "")
        if name in {"robots", "x-robots-tag"}:
            yield from _directives(content, "")
        elif name == "tdm-reservation" and content.strip() == "1":
            yield "tdm_reserved"


def _directives(value: str, agent: str) -> Iterator[str]:
    """Yield the directives of `value` that are for everybody or for `agent`."""
    is_ours = True
    for piece in value.lower()[:2000].split(","):
        name, colon, rest = piece.partition(":")
        name = name.strip()
        if colon and name not in _VALUED:
            is_ours = name in {"*", agent}
            name = rest.strip()
        if not is_ours:
            continue
        if name in _DIRECTIVES:
            yield name
        elif name == _NONE:
            yield "noindex"


def _is_reserved(tdmrep: str, url: str) -> bool:
    """Return whether the most exact of the file's rules for `url` reserves its mining."""
    try:
        rules = json.loads(tdmrep[:_MAX_FILE_CHARACTERS])
    except (ValueError, RecursionError):
        return False
    fitting = [
        (len(rule["location"]), rule.get("tdm-reservation"))
        for rule in (rules if isinstance(rules, list) else [])[:_MAX_FILE_RULES]
        if isinstance(rule, dict)
        and isinstance(rule.get("location"), str)
        and rule["location"].startswith("/")
        and is_inside(url, [rule["location"]])
    ]
    return max(fitting, key=lambda rule: rule[0])[1] in {1, "1"} if fitting else False
