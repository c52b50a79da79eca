"""The floor: lexbor parses the page, and nothing is read in it."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser


def extract(html: bytes, url: str | None) -> dict[str, Any]:  # noqa: ARG001 (it asks for none)
    """Parse the page."""
    LexborHTMLParser(html)
    return {}
