"""The parsed page. The only owner of selectolax (lexbor)."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

__all__ = ["LexborHTMLParser", "LexborNode", "Unparsable", "encoded", "is_selector", "parse"]


class Unparsable(Exception):
    """The parser gave the page up: it would have needed too much memory."""


def parse(html: bytes | str) -> LexborHTMLParser:
    """Return the tree of the page `html`, of which bytes are UTF-8, built as browsers build it.

    Raises `Unparsable` where the parser gives up.
    """
    try:
        return LexborHTMLParser(html if isinstance(html, bytes) else encoded(html))
    except SelectolaxError as error:
        raise Unparsable(f"the parser gave up on the page: {error}") from error


def encoded(html: str) -> bytes:
    """Return `html` as the parser takes it: UTF-8, with a sign for what is no letter."""
    return html.encode("utf-8", "replace")


def is_selector(css: str) -> bool:
    """Return whether `css` is a selector that the parser knows."""
    try:
        LexborHTMLParser(b"").css(css)
    except (SelectolaxError, ValueError):
        return False
    return True
