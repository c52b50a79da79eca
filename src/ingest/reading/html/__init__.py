"""HTML: from a page to its article."""

from ingest.reading.html.article import read_html

__all__ = ["read_html"]
