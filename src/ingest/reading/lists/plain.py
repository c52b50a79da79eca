"""Plain text: what a person sees of text that may hold markup, once or twice escaped."""

from __future__ import annotations

import re
from html import unescape

# Only names of HTML are markup in a title: "<3" and "a < b" are what was meant.
_NAMES = (
    "a|abbr|acronym|applet|b|big|blink|blockquote|body|br|button|center|cite|code|del|dfn|div|dl|"
    "dt|dd|em|embed|fieldset|figure|figcaption|font|form|frame|frameset|h[1-6]|head|hr|html|i|"
    "iframe|img|input|ins|kbd|label|legend|li|link|mark|meta|nobr|object|ol|p|param|pre|q|s|samp|"
    "script|select|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|th|thead|"
    "title|tr|tt|u|ul|var|video|audio|source|wbr"
)
_TAG = re.compile(
    # a comment that never ends is over with its first bracket, an attribute at its tag's
    rf"<!--(?:.{{0,500}}?-->|[^>]*(?:>|\Z))|<!\[CDATA\[|\]\]>|<!doctype[^>]*>"
    rf"|</?(?:\w{{1,9}}:)?(?:{_NAMES})"
    rf"(?:>|[\s/](?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>|[\s/][^<>]*>)",
    re.IGNORECASE | re.DOTALL,
)
# Titles and names are read here, never bodies: the patterns below take the square of the length in
# the worst case.
_MAX_CHARS = 8_000
# What stands in these is for machines.
_HIDDEN = re.compile(
    r"<(script|style|applet)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_ELEMENT = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:/?p|br|/?div|/?li|/?tr|/?h[1-6])\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def to_plain(markup: str) -> str:
    """Return `markup` without tags, entities resolved, and with single spaces.

    Text without markup stays as it is.
    """
    markup = markup[:_MAX_CHARS]
    if "<" in markup:
        markup = strip_tags(markup)
    if "&" in markup and _ENTITY.search(markup):
        markup = unescape(markup)
    return collapse(markup)


def strip_tags(markup: str) -> str:
    """Return `markup` without its tags, and without what stands in scripts and styles."""
    return _TAG.sub(_space_for, _HIDDEN.sub(" ", markup))


def strip_elements(markup: str) -> str:
    """Return the text of `markup` that is known to be well formed: each tag in it is one."""
    return unescape(_ELEMENT.sub("", strip_tags(markup[:_MAX_CHARS])))


def collapse(text: str) -> str:
    """Return `text` with single spaces."""
    return " ".join(text.split())


def _space_for(tag: re.Match[str]) -> str:
    return " " if _BREAK.match(tag[0]) else ""
