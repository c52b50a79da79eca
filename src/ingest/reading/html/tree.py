"""The parsed page. The only owner of selectolax (lexbor)."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

__all__ = ["LexborHTMLParser", "LexborNode", "Unparsable", "is_selector", "parse"]


class Unparsable(Exception):
    """The parser gave the page up: it would have needed too much memory."""


def parse(html: str) -> LexborHTMLParser:
    """Return the tree of the page `html`, built as browsers build it.

    Raises `Unparsable` where the parser gives up.
    """
    try:
        return LexborHTMLParser(html.encode("utf-8", "replace"))
    except SelectolaxError as error:
        raise Unparsable(f"the parser gave up on the page: {error}") from error


def is_selector(css: str) -> bool:
    """Return whether `css` is a selector that the parser knows."""
    try:
        LexborHTMLParser(b"").css(css)
    except (SelectolaxError, ValueError):
        return False
    return True
