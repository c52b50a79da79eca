"""The parsed page. The only owner of selectolax (lexbor)."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["LexborHTMLParser", "LexborNode", "parse"]


def parse(html: str) -> LexborHTMLParser:
    """Return the tree of the page `html`, built as browsers build it. Total for any text."""
    return LexborHTMLParser(html)
