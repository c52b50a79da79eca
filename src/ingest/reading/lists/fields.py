"""Fields: what the children of an element of a feed say, by their short names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.reading.lists.moments import Moment, read_moment
from ingest.reading.lists.names import Names
from ingest.reading.lists.values import content_of, title_of, word_of
from ingest.reading.lists.xml_tree import Element

_TITLES = ("title", "atom:title", "dc:title", "media:title")


class Fields:
    """The children of an element by their short names, in the order in which they stand."""

    __slots__ = ("_by_name",)

    def __init__(self, element: Element, names: Names) -> None:
        self._by_name: dict[str, list[Element]] = {}
        for child in element:
            self._by_name.setdefault(names[child.tag], []).append(child)

    def all(self, wanted: Iterable[str]) -> Iterator[Element]:
        """Yield the children of the `wanted` names, name by name."""
        for name in wanted:
            yield from self._by_name.get(name, ())

    def word(self, *wanted: str) -> str | None:
        """Return the first value that is not empty."""
        return next((word for each in self.all(wanted) if (word := word_of(each))), None)

    def title(self, *, is_atom: bool) -> str | None:
        """Return the first title that is not empty, as plain text."""
        titles = (title_of(each, is_atom=is_atom) for each in self.all(_TITLES))
        return next(filter(None, titles), None)

    def content(self, wanted: Iterable[str]) -> str | None:
        """Return the first content that is not empty, as given."""
        return next(filter(None, map(content_of, self.all(wanted))), None)

    def moment(self, wanted: Iterable[str]) -> tuple[str | None, Moment | None]:
        """Return the first date that can be read, else the first that was written."""
        first = None
        for each in self.all(wanted):
            if written := word_of(each):
                if moment := read_moment(written):
                    return written, moment
                first = first or written
        return first, None
