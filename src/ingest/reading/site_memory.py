"""Site memory: which lines recur through the documents of one source.

A line that stands in many files of a source is its furniture, in any language, on better
evidence than a list of words. The result depends on the set of documents and not on their
order; copies of one document count once.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

# Three files make a habit; in a large source a line has to be in 2 % of them, because short
# sentences ("he said.") recur by chance.
MIN_DOCUMENTS = 3
MIN_SHARE = 0.02


def find_repeated_lines(texts: pa.Table) -> Mapping[str, frozenset[str]]:
    """Return, for each source that has any, its lines (stripped) that recur.

    `texts` has the columns `source` and `text` (strings), one row per document.
    """
    texts = texts.group_by(["source", "text"]).aggregate([])
    sizes = texts.group_by("source").aggregate([([], "count_all")])
    sizes = sizes.filter(pc.greater_equal(sizes["count_all"], MIN_DOCUMENTS))
    texts = texts.filter(pc.is_in(texts["source"], value_set=sizes["source"].combine_chunks()))
    if texts.num_rows == 0:
        return {}
    lines = pc.split_pattern(texts["text"].combine_chunks(), "\n")
    # Numbers stand for the lines, because grouping long texts costs four times as much.
    known = pc.utf8_trim_whitespace(lines.flatten()).dictionary_encode()
    table = pa.table({"document": pc.list_parent_indices(lines), "line": known.indices})
    once = table.group_by(["document", "line"]).aggregate([])
    sources = texts["source"].combine_chunks().take(once["document"])
    table = pa.table({"source": sources, "line": once["line"]})
    counted = table.group_by(["source", "line"]).aggregate([([], "count_all")])
    counted = counted.filter(pc.greater_equal(counted["count_all"], MIN_DOCUMENTS))
    needed = {
        source: MIN_SHARE * size
        for source, size in zip(
            sizes["source"].to_pylist(), sizes["count_all"].to_pylist(), strict=True
        )
    }
    counted = counted.set_column(1, "line", known.dictionary.take(counted["line"]))
    repeated: dict[str, set[str]] = {}
    for row in counted.to_pylist():
        if row["line"] and row["count_all"] >= needed[row["source"]]:
            repeated.setdefault(row["source"], set()).add(row["line"])
    return {source: frozenset(lines) for source, lines in repeated.items()}
