"""Names of sources as a person gives them: one that there is none of is a slip, not an answer."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.words.errors import WrongUse
from ingest.world.warehouse import Warehouse


def check_source(name: str | None, warehouse: Warehouse, described: Iterable[str]) -> None:
    """Raise WrongUse where `name` is neither a source of a document nor one that is described."""
    if name is None:
        return
    known = {*warehouse.rows("select distinct source from documents")["source"].to_pylist()}
    known.update(described)
    if name not in known:
        there = ", ".join(sorted(known)) or "none yet"
        raise WrongUse(f"{name}: no source of that name (there are: {there})")
