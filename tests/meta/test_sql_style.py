"""The SQL reads like prose: a sentence first, lower case, one statement where one is meant.

A rule takes the text of a file and returns its faults. Each is shown a small text that breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

WAREHOUSE = Path(__file__).parents[2] / "warehouse"
FILES = {
    str(file.relative_to(WAREHOUSE)): file.read_text(encoding="utf-8")
    for file in sorted(WAREHOUSE.rglob("*.sql"))
}

Rule = Callable[[str, str], list[str]]

_QUOTED = re.compile(r"e?'(?:[^']|'')*'|--[^\n]*", re.IGNORECASE)
# A query gives rows; `ingest sql`, the reports and the checks read them.
_QUERIES = ("alerts/", "checks/", "collect/", "queries/", "reextract/", "report/")


def without_words(text: str) -> str:
    """Return the SQL without its comments and literals."""
    return _QUOTED.sub("''", text)


def statements(text: str) -> list[duckdb.Statement]:
    return duckdb.extract_statements(text)


def outer(text: str) -> str:
    """Return the SQL without what stands in brackets."""
    flat = without_words(text)
    while (inner := re.sub(r"\([^()]*\)", "", flat)) != flat:
        flat = inner
    return flat


def opening(text: str) -> str:
    """Return the comment that a text begins with, in one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        lines.append(line.removeprefix("-- ").strip())
    return " ".join(lines)


def it_begins_with_a_sentence(_: str, text: str) -> list[str]:
    return [] if re.match(r"[A-Z].*[.:]$", opening(text)) else ["no opening sentence"]


def what_it_gives_has_a_grain(name: str, text: str) -> list[str]:
    if not name.startswith((*_QUERIES, "views/", "macros/", "load/", "stage/")):
        return []
    return [] if re.match(r"One row(?: per |: )", opening(text)) else ["no grain"]


def keywords_are_in_lower_case(_: str, text: str) -> list[str]:
    return re.findall(r"\b[A-Z]{2,}\b", without_words(text))


def lines_are_indented_by_four_spaces(_: str, text: str) -> list[str]:
    return [
        line
        for line in text.splitlines()
        if "\t" in line or line != line.rstrip() or (len(line) - len(line.lstrip(" "))) % 4
    ]


def it_ends_with_one_newline(_: str, text: str) -> list[str]:
    return [] if text.endswith("\n") and not text.endswith("\n\n") else [text[-5:]]


def a_query_is_one_statement_that_gives_rows(name: str, text: str) -> list[str]:
    if not name.startswith(_QUERIES):
        return []
    types = [statement.type for statement in statements(text)]
    return [] if types == [duckdb.StatementType.SELECT] else [str(types)]


def a_definition_defines_what_its_file_is_named_for(name: str, text: str) -> list[str]:
    kind = name.split("/", maxsplit=1)[0]
    if kind not in {"views", "macros"}:
        return []
    defined = re.findall(r"create or replace (?:view|macro) (\w+)", without_words(text))
    return [] if defined == [re.sub(r"^\d\d_", "", Path(name).stem)] else defined or ["nothing"]


def a_definition_ends_with_its_select(name: str, text: str) -> list[str]:
    if name.split("/", maxsplit=1)[0] not in {"views", "macros"}:
        return []
    body = outer(text).split(";")[0]
    selects = re.findall(r"^select\b", body, re.MULTILINE)
    return [] if selects == ["select"] else ["it does not end with its one select"]


def a_definition_tells_its_meaning(name: str, text: str) -> list[str]:
    if name.split("/", maxsplit=1)[0] not in {"views", "macros"}:
        return []
    told = re.search(r"^comment on (?:view|macro table) \w+ is '", text, re.MULTILINE)
    return [] if told else ["no comment on it"]


def columns_are_named(_: str, text: str) -> list[str]:
    """A view that gives a computed column without a name gives it one nobody can type."""
    return re.findall(r"^\s*(?:count|sum|min|max)\([^()]*\),?$", without_words(text), re.MULTILINE)


RULES: list[Rule] = [
    it_begins_with_a_sentence,
    what_it_gives_has_a_grain,
    keywords_are_in_lower_case,
    lines_are_indented_by_four_spaces,
    it_ends_with_one_newline,
    a_query_is_one_statement_that_gives_rows,
    a_definition_defines_what_its_file_is_named_for,
    a_definition_ends_with_its_select,
    a_definition_tells_its_meaning,
    columns_are_named,
]

BROKEN: list[tuple[Rule, str, str]] = [
    (it_begins_with_a_sentence, "load/a.sql", "select 1\n"),
    (it_begins_with_a_sentence, "load/a.sql", "-- everything\nselect 1\n"),
    (what_it_gives_has_a_grain, "queries/a.sql", "-- All the articles.\nfrom articles\n"),
    (keywords_are_in_lower_case, "load/a.sql", "SELECT 'A B' as title -- OR so\n"),
    (lines_are_indented_by_four_spaces, "load/a.sql", "select\n  title\n"),
    (lines_are_indented_by_four_spaces, "load/a.sql", "select \n    title\n"),
    (it_ends_with_one_newline, "load/a.sql", "select 1"),
    (a_query_is_one_statement_that_gives_rows, "queries/a.sql", "select 1; select 2\n"),
    (a_query_is_one_statement_that_gives_rows, "checks/must/a.sql", "drop table articles\n"),
    (
        a_definition_defines_what_its_file_is_named_for,
        "views/10_articles.sql",
        "create or replace view stories as\nselect 1 as one\n",
    ),
    (
        a_definition_ends_with_its_select,
        "views/10_articles.sql",
        "create or replace view articles as\nselect 1 as one\nunion all\nselect 2\n",
    ),
    (
        a_definition_tells_its_meaning,
        "views/10_articles.sql",
        "create or replace view articles as\nselect 1 as one\n",
    ),
    (columns_are_named, "views/a.sql", "select\n    count(*)\nfrom articles\n"),
]


def faults(rule: Rule) -> Iterator[str]:
    for name, text in FILES.items():
        for fault in rule(name, text):
            yield f"{name}: {fault}"


@pytest.mark.parametrize("rule", RULES)
def test_the_sql_keeps_the_rule(rule: Rule) -> None:
    assert list(faults(rule)) == []


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN)
def test_a_rule_sees_what_breaks_it(rule: Rule, name: str, text: str) -> None:
    assert len(rule(name, text)) == 1


def test_every_rule_is_shown_what_breaks_it() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_a_check_is_named_by_the_sentence_that_must_be_true() -> None:
    names = [Path(name).stem for name in FILES if name.startswith("checks/")]

    assert [name for name in names if len(name.split("_")) < 5] == []
