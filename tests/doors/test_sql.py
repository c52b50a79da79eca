"""What `ingest sql` prints is what the query gave: every column, every value, in every form."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet
import pytest
from tests.conftest import Command

from ingest.work.publish import Home

TWINS = "select 'x' as source, 'y' as source, 'z' as source_1"


def ask(command: Command, home: Home, *words: object) -> str:
    done = command("--home", home.folder, "sql", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_columns_of_one_name_are_all_in_csv(command: Command, sample_home: Home) -> None:
    assert ask(command, sample_home, "--csv", TWINS) == "source,source_2,source_1\nx,y,z\n"


def test_columns_of_one_name_are_all_in_json(command: Command, sample_home: Home) -> None:
    told = json.loads(ask(command, sample_home, "--json", TWINS))

    assert told == [{"source": "x", "source_2": "y", "source_1": "z"}]


def test_columns_of_one_name_are_all_in_markdown(command: Command, sample_home: Home) -> None:
    assert ask(command, sample_home, "--markdown", TWINS).splitlines() == [
        "| source | source_2 | source_1 |",
        "|---|---|---|",
        "| x | y | z |",
    ]


def test_columns_of_one_name_are_all_in_the_table(command: Command, sample_home: Home) -> None:
    lines = [line.split() for line in ask(command, sample_home, TWINS).splitlines()]

    assert [line for line in lines if len(line) == 3] == [
        ["source", "source_2", "source_1"],
        ["x", "y", "z"],
    ]


def test_columns_of_one_name_are_all_in_parquet(
    command: Command, sample_home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "twins.parquet"
    command("--home", sample_home.folder, "sql", "--parquet", file, TWINS)

    assert pyarrow.parquet.read_table(file).column_names == ["source", "source_2", "source_1"]


# Each is a value, and how it stands in a table, in CSV and in JSON.
VALUES = {
    "sum(5188::bigint)": ("5,188", "5188", 5188),
    "1.50::decimal(9, 2)": ("1.50", "1.50", 1.5),
    "'nan'::double": ("nan", "nan", None),
    "'-inf'::float": ("-inf", "-inf", None),
    "interval '416 days 1469 seconds'": ("416 days 00:24:29",) * 3,
    r"'ab\x00'::blob": (r"ab\x00",) * 3,
    "['x', 'y']": ("x, y", '["x", "y"]', ["x", "y"]),
    "[1.5::decimal(3, 1), null]": ("1.5, ", "[1.5, null]", [1.5, None]),
    "['inf'::double, 1.5]": ("inf, 1.5", "[null, 1.5]", [None, 1.5]),
    "map {'é': interval '1 day'}": ('{"é": "1 day"}', '{"é": "1 day"}', {"é": "1 day"}),
    "[{'at': '2026-03-01 10:00:00+00'::timestamptz, 'n': 5::hugeint}]": (
        '[{"at": "2026-03-01 10:00:00+00", "n": 5}]',
        '[{"at": "2026-03-01 10:00:00+00", "n": 5}]',
        [{"at": "2026-03-01 10:00:00+00", "n": 5}],
    ),
    "'2026-01-01 00:00:00.123456789'::timestamp_ns": ("2026-01-01 00:00:00.123456789",) * 3,
    "'b'::enum('a', 'b')": ("b",) * 3,
    "null::struct(a int)": ("", "", None),
}
SELECT = "select " + ", ".join(f"{sql} as v{at}" for at, sql in enumerate(VALUES))


def test_every_value_is_told_in_markdown_as_to_a_person(
    command: Command, sample_home: Home
) -> None:
    row = ask(command, sample_home, "--markdown", SELECT).splitlines()[-1]

    assert row == "| " + " | ".join(" ".join(told[0].split()) for told in VALUES.values()) + " |"


def test_every_value_is_told_in_csv(command: Command, sample_home: Home) -> None:
    row = ask(command, sample_home, "--csv", SELECT).splitlines()[-1]
    cells = [str(told[1]) for told in VALUES.values()]
    quoted = [
        '"' + cell.replace('"', '""') + '"' if "," in cell or '"' in cell else cell
        for cell in cells
    ]

    assert row == ",".join(quoted)


def test_every_value_is_json(command: Command, sample_home: Home) -> None:
    def refuse(word: str) -> None:
        pytest.fail(f"{word} is not JSON")

    (row,) = json.loads(ask(command, sample_home, "--json", SELECT), parse_constant=refuse)

    assert list(row.values()) == [told[2] for told in VALUES.values()]


def test_a_sum_stands_at_the_right(command: Command, sample_home: Home) -> None:
    told = ask(command, sample_home, "select sum(5188::bigint) as the_sum_of_words")

    assert "           5,188" in told


def test_parquet_keeps_the_types(command: Command, sample_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "kept.parquet"
    command("--home", sample_home.folder, "sql", "--parquet", file, "select {'a': 'ab'::blob} as x")

    assert pyarrow.parquet.read_table(file)["x"].to_pylist() == [{"a": b"ab"}]


@pytest.mark.parametrize("query", ["", "  ", ";", "/* a comment */"])
def test_no_query_is_wrong_use(command: Command, sample_home: Home, query: str) -> None:
    done = command("--home", sample_home.folder, "sql", query)

    assert (done.returncode, done.stdout, "no query" in done.stderr) == (2, "", True)


def test_a_file_with_a_comment_only_is_no_query(
    command: Command, sample_home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "query.sql"
    file.write_text("-- what is new?\n", "utf-8")
    done = command("--home", sample_home.folder, "sql", "-f", file)

    assert (done.returncode, "no query" in done.stderr) == (2, True)


def test_an_empty_input_is_no_query(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "sql")

    assert (done.returncode, "no query" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "query", ["select 1; select 2", "from sources; create temp table t(a int)"]
)
def test_rows_that_would_not_be_shown_are_wrong_use(
    command: Command, sample_home: Home, query: str
) -> None:
    done = command("--home", sample_home.folder, "sql", query)

    assert (done.returncode, done.stdout, "one statement" in done.stderr) == (2, "", True)


@pytest.mark.parametrize(
    "query",
    [
        "create temp table t as select 7 as a; from t;",
        "set threads = 1; select 7 as a",
        "prepare p as select 7 as a; execute p",
    ],
)
def test_statements_without_rows_may_come_first(
    command: Command, sample_home: Home, query: str
) -> None:
    assert ask(command, sample_home, "--csv", query) == "a\n7\n"
