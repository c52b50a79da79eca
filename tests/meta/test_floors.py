"""The floors of the package: imports go down, each library has one owner, pure parts are pure.

A rule takes the name of a module and its source and returns the faults it finds. Each is shown a
small source that breaks it, so that a rule that has gone blind is noticed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

FLOORS = ("words", "reading", "world", "work", "doors")
# Beside the floors: the package itself, its entry, and the flows, which are doors.
ALSO_DOORS = {"ingest", "ingest.__main__", "ingest.flows"}

# Outside things do not know each other. These may be known on their floor, and why:
SHARED = {
    "ingest.world.disk": "putting what was written on the disk is the same for every store",
    "ingest.world.limits": "one budget bounds a file whatever it is packed in",
    "ingest.world.names": "what a name says does not depend on what it names",
    "ingest.world.patterns": "a pattern is a way to name files",
}
PAIRS = {
    ("ingest.world.files", "ingest.world.archives"): "an archive is a file that holds files",
    ("ingest.world.settings", "ingest.world.web.settings"): "what is settled is the web's own",
    ("ingest.world.settings.web", "ingest.world.web.settings"): "its keys are the web's own",
    ("ingest.world.source_files", "ingest.world.sources"): "what is written is read once before",
}

# pyarrow is the language of the tables, and anyone may speak it.
OWNERS = {
    "backports": ("ingest.world.web.bodies",),
    "brotli": ("ingest.world.web.bodies",),
    "chardet": ("ingest.reading.decoding",),
    "deltalake": ("ingest.world.lake",),
    "duckdb": ("ingest.world.warehouse",),
    "httpcore": ("ingest.world.web",),
    "httpx": ("ingest.flows",),
    "idna": ("ingest.reading.urls",),
    "lxml": ("ingest.reading.lists.xml_tree",),
    "numpy": ("ingest.reading.html",),
    "prefect": ("ingest.flows",),
    "protego": ("ingest.reading.robots",),
    "pyarrow": ("ingest",),
    "pycld2": ("ingest.reading.language",),
    "pydantic": ("ingest.flows",),
    "rich": ("ingest.doors",),
    "selectolax": ("ingest.reading.html.tree",),
    "typer": ("ingest.doors",),
    "yaml": ("ingest.flows.deployments",),
}

# What the words and the readers must not touch: disk, clock, chance, network, processes.
IMPURE = {
    *("asyncio", "glob", "http", "multiprocessing", "os", "pathlib", "random", "secrets", "select"),
    *("shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time"),
    *("urllib.request", "uuid"),
}
IMPURE_CALLS = {"open", "input", "print", "now", "today", "utcnow"}
SQL_CALLS = {"run", "rows", "execute", "executemany", "sql", "query"}


def read_modules() -> dict[str, str]:
    """Return the source of every module, by its name; the flows are the package `ingest.flows`."""
    folders = {"ingest": REPOSITORY / "src" / "ingest", "ingest.flows": REPOSITORY / "flows"}
    modules = {}
    for package, folder in folders.items():
        for file in sorted(folder.rglob("*.py")):
            parts = file.relative_to(folder).with_suffix("").parts
            name = ".".join((package, *parts)).removesuffix(".__init__")
            modules[name] = file.read_text(encoding="utf-8")
    return modules


MODULES = read_modules()


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def floor_of(name: str) -> int:
    if name in ALSO_DOORS or is_in(name, "ingest.flows"):
        return FLOORS.index("doors")
    return FLOORS.index(name.split(".")[1])


def imports_of(source: str) -> Iterator[str]:
    """Yield the full name of each module that is imported, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield full if full in MODULES else base


def called_names(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name):
                yield function.id
            elif isinstance(function, ast.Attribute):
                yield function.attr


def imports_go_down(name: str, source: str) -> list[str]:
    return [
        f"{name} imports {other}, which is on a higher floor"
        for other in imports_of(source)
        if is_in(other, "ingest") and floor_of(other) > floor_of(name)
    ]


def imports_are_absolute(name: str, source: str) -> list[str]:
    return [f"{name} imports {other}" for other in imports_of(source) if other.startswith(".")]


def thing_of(name: str) -> str:
    """Return the outside thing a module is of: a module of the floor, or a folder of them."""
    return ".".join(name.split(".")[:3])


def outside_things_do_not_know_each_other(name: str, source: str) -> list[str]:
    if not is_in(name, "ingest.world"):
        return []
    return [
        f"{name} imports {other}, another outside thing"
        for other in imports_of(source)
        if is_in(other, "ingest.world")
        and thing_of(other) != thing_of(name)
        and other not in SHARED
        and (name, other) not in PAIRS
    ]


def each_library_has_one_owner(name: str, source: str) -> list[str]:
    faults = []
    for other in imports_of(source):
        library = other.split(".")[0]
        if library in sys.stdlib_module_names or library in {"ingest", ""}:
            continue
        if not any(is_in(name, owner) for owner in OWNERS.get(library, ())):
            faults.append(f"{name} imports {library}, which is not its own")
    return faults


def words_and_readers_are_pure(name: str, source: str) -> list[str]:
    if floor_of(name) > FLOORS.index("reading"):
        return []
    touched = [other for other in imports_of(source) if any(is_in(other, one) for one in IMPURE)]
    called = [call for call in called_names(source) if call in IMPURE_CALLS]
    return [f"{name} uses {what}" for what in touched + called]


def the_package_asserts_nothing(name: str, source: str) -> list[str]:
    """An assertion vanishes under `python -O`; what must hold is an error with a name."""
    return [
        f"{name}, line {node.lineno}: assert"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert)
    ]


def each_module_says_what_it_is(name: str, source: str) -> list[str]:
    words = ast.get_docstring(ast.parse(source)) or ""
    return [] if words.partition("\n")[0].endswith(".") else [f"{name} has no opening sentence"]


def no_sql_is_built_by_formatting(name: str, source: str) -> list[str]:
    return [
        f"{name}, line {node.lineno}: SQL is formatted"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SQL_CALLS
        and node.args
        and is_formatted(node.args[0])
    ]


def is_formatted(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Attribute) and value.func.attr == "format"
    return isinstance(value, (ast.JoinedStr, ast.BinOp))


RULES: list[Callable[[str, str], list[str]]] = [
    imports_go_down,
    imports_are_absolute,
    outside_things_do_not_know_each_other,
    each_library_has_one_owner,
    words_and_readers_are_pure,
    the_package_asserts_nothing,
    each_module_says_what_it_is,
    no_sql_is_built_by_formatting,
]

BROKEN = [
    (imports_go_down, "ingest.words.nouns", "from ingest.reading.identity import identify"),
    (imports_go_down, "ingest.reading.dates", "import ingest.world.disk"),
    (imports_go_down, "ingest.world.lake", "from ingest.work import load"),
    (imports_go_down, "ingest.work.load", "def late():\n    from ingest.doors.show import SHOWN"),
    (imports_go_down, "ingest.work.files", "from ingest.flows.ingest_files import name_run"),
    (imports_are_absolute, "ingest.world.lake", "from .disk import sync"),
    (
        outside_things_do_not_know_each_other,
        "ingest.world.lake",
        "from ingest.world.warehouse import Warehouse",
    ),
    (
        outside_things_do_not_know_each_other,
        "ingest.world.web.client",
        "from ingest.world.lake import Lake",
    ),
    (
        outside_things_do_not_know_each_other,
        "ingest.world.archives",
        "from ingest.world import files",
    ),
    (each_library_has_one_owner, "ingest.work.load", "import duckdb"),
    (each_library_has_one_owner, "ingest.doors.cli", "from prefect import flow"),
    (each_library_has_one_owner, "ingest.world.lake", "import requests"),
    (
        each_library_has_one_owner,
        "ingest.world.lock",
        "import deltalake.exceptions",
    ),
    (words_and_readers_are_pure, "ingest.reading.dates", "import time"),
    (words_and_readers_are_pure, "ingest.reading.dates", "from os.path import join"),
    (words_and_readers_are_pure, "ingest.reading.html.article", "day = date.today()"),
    (words_and_readers_are_pure, "ingest.words.nouns", "text = open('a').read()"),
    (the_package_asserts_nothing, "ingest.work.load", "assert rows"),
    (each_module_says_what_it_is, "ingest.work.load", "import json"),
    (each_module_says_what_it_is, "ingest.work.load", '"""Loading\n\nand so on."""'),
    (no_sql_is_built_by_formatting, "ingest.work.load", "warehouse.rows(f'from {table}')"),
    (no_sql_is_built_by_formatting, "ingest.work.load", "warehouse.run('drop table ' + table)"),
    (no_sql_is_built_by_formatting, "ingest.work.load", "con.execute('from %s' % table)"),
    (no_sql_is_built_by_formatting, "ingest.work.load", "con.sql('from {}'.format(table))"),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_package_keeps_the_rule(rule: Callable[[str, str], list[str]]) -> None:
    faults = [fault for name, source in MODULES.items() for fault in rule(name, source)]

    assert faults == []


@pytest.mark.parametrize(("rule", "name", "source"), BROKEN)
def test_a_rule_sees_what_breaks_it(
    rule: Callable[[str, str], list[str]], name: str, source: str
) -> None:
    assert len(rule(name, source)) == 1


def test_every_rule_is_shown_what_breaks_it() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_every_owner_owns_and_every_exception_is_needed() -> None:
    """A line above that nothing needs any more would let in what nobody meant."""
    edges = {(name, other) for name, source in MODULES.items() for other in imports_of(source)}
    libraries = {other.split(".")[0] for _, other in edges}
    shared = {
        other
        for name, other in edges
        if is_in(name, "ingest.world") and thing_of(name) != thing_of(other)
    }

    assert (
        OWNERS.keys() - libraries,
        SHARED.keys() - shared,
        PAIRS.keys() - edges,
    ) == (set(), set(), set())


def test_every_module_is_on_a_floor() -> None:
    assert [name for name in MODULES if floor_of(name) not in range(len(FLOORS))] == []
