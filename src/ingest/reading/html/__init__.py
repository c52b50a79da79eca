"""HTML: from a page to its article."""

from ingest.reading.html.by_library import MAX_CHARS, MAX_TAGS, read_html

__all__ = ["MAX_CHARS", "MAX_TAGS", "read_html"]
