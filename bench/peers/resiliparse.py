"""resiliparse: its main content and its title; comments and texts of pictures are no body.

It knows no authors and dates.
"""

from __future__ import annotations

from typing import Any

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree


def extract(html: bytes, url: str | None) -> dict[str, Any]:  # noqa: ARG001 (it asks for none)
    """Return what resiliparse reads in the page."""
    tree = HTMLTree.parse_from_bytes(html, detect_encoding(html))
    text = extract_plain_text(tree, main_content=True, alt_texts=False, comments=False)
    return {"title": tree.title, "text": text}
