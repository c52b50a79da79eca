"""Patterns of addresses: what `include` and `exclude` of a source mean.

    /news/*/comments      one path; `*` stands for any letters but a slash
    /news/**/photos       `**`, a whole part of the path, for any number of parts
    /news/                a slash at the end: this and all that is below
    https://*.example.org/news/   a whole address: the host counts, too; also as http
    /story?id=*           with a `?` the query counts; without one it does not

A pattern fits a whole path, never a part of it. Percent-escapes are the letters that they stand
for, on both sides. Whatever the pattern and the address, matching takes a time that grows with
the product of their lengths: each `*` takes the first place that fits and is not tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

# Longer addresses are refused by servers and browsers; a pattern has no need of more.
MAX_PATTERN_CHARS = 2000

_WHOLE = re.compile(r"https?://([^/?#]+)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9*_.-]+(?::\d{1,5})?")


def find_fault(pattern: str) -> str | None:
    """Return what is expected where `pattern` is none, None where it is one. Total."""
    whole = _WHOLE.match(pattern)
    rest = pattern[whole.end() :] if whole is not None else pattern
    path, _, query = rest.partition("?")
    faults = (
        (len(pattern) > MAX_PATTERN_CHARS, f"at most {MAX_PATTERN_CHARS} letters"),
        (
            re.search(r"[\s\x00-\x1f\x7f]", pattern),
            "an address without white space; what is meant may be written as %20",
        ),
        (
            whole is not None and _host_of(whole[1]) is None,
            "a host, such as www.example.org or *.example.org, after the //",
        ),
        (
            not rest.startswith("/") and (rest or whole is None),
            "a path, such as /news/* or /**/live, or a whole address with http:// or https://",
        ),
        ("#" in rest, "an address without #; what follows it is never sent to a server"),
        (
            any("**" in part and part != "**" for part in path.split("/")) or "**" in query,
            "** as a whole part of a path, between slashes, as in /news/**/photos; elsewhere *",
        ),
    )
    return next((expected for is_fault, expected in faults if is_fault), None)


def compile_patterns(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Return the function that tells whether an address fits one of `patterns`, all without fault.

    The function is total: what is no address fits none.
    """
    if not patterns:
        return lambda _: False
    matches = re.compile("|".join(map(_translate, patterns)), re.DOTALL).match

    def fits(url: str) -> bool:
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        host = parts.netloc.rpartition("@")[2]
        host = _host_of(host) or host
        # A line break stands between the three: none of them holds one.
        return matches(f"{host}\n{_plain(parts.path or '/')}\n{_plain(parts.query)}") is not None

    return fits


@lru_cache(maxsize=1024)
def compile_wishes(include: tuple[str, ...], exclude: tuple[str, ...]) -> Callable[[str], bool]:
    """Return the function that tells whether an address is wanted.

    It is where it fits one of `include`, or nothing is named there, and none of `exclude`.
    """
    included, excluded = compile_patterns(include), compile_patterns(exclude)
    if not include:
        return lambda url: not excluded(url)
    return lambda url: included(url) and not excluded(url)


def _translate(pattern: str) -> str:
    """Return `pattern` as a regular expression on host, path and query, one a line."""
    whole = _WHOLE.match(pattern)
    host = r"[^\n]*+\n"
    rest = pattern
    if whole is not None:
        host = _text(_host_of(whole[1]) or "", r"[^\n]", r"\n")
        rest = pattern[whole.end() :] or "/"
    path, asks, query = rest.partition("?")
    asked = _text(query, ".", r"\Z") if asks else ""
    if path in {"", "/"}:
        # After a host it is all of it; as a path it is the front page.
        return host + ("/" if asks or whole is None else r"[^\n]*+") + r"\n" + asked
    parts = path.split("/")[1:]
    if parts[-1] == "":
        parts[-1] = "**"
    return host + _path(parts) + r"\n" + asked


def _path(parts: list[str]) -> str:
    """Return the parts of a path as an expression that ends where the path does."""
    runs: list[str] = [""]
    for part in parts:
        if part == "**":
            runs.append("")
        else:
            runs[-1] += "/" + _text(part, r"[^/\n]", r"(?=[/\n])")
    first, *others = runs
    if not others:
        return first
    *middle, last = others
    # Each is as many parts however it fits: its first place leaves most to what follows.
    between = "".join(rf"(?>(?:/[^/\n]*+)*?{run})" for run in middle if run)
    # Below means below: a slash at least.
    end = rf"(?:/[^/\n]*+)*?{last}(?=\n)" if last else r"/[^\n]*+"
    return first + between + end


def _text(text: str, letter: str, end: str) -> str:
    """Return `text` up to its `end` as an expression; `*` is any number of `letter`.

    What stands between two `*` takes the first place that fits, for good: no later one is better.
    """
    first, *others = (re.escape(_plain(piece)) for piece in text.split("*"))
    if not others:
        return first + end
    *middle, last = others
    return (
        first + "".join(f"(?>{letter}*?{piece})" for piece in middle) + f"(?>{letter}*{last}{end})"
    )


def _plain(text: str) -> str:
    """Return `text` without percent-escapes, in one line."""
    return unquote(text, errors="surrogateescape").replace("\n", " ")


def _host_of(text: str) -> str | None:
    """Return the host of a pattern as servers know it, None for what is none. Total."""
    try:
        labels = [
            label if label.isascii() else label.encode("idna").decode()
            for label in text.casefold().split(".")
        ]
    except UnicodeError:
        return None
    host = ".".join(labels)
    return host if _HOST.fullmatch(host) else None
