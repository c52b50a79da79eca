"""The command line as a person and a program meet it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from rich.console import Console
from tests.conftest import SAMPLES, Command

from ingest.doors.show import print_table
from ingest.work.publish import Home

COMMANDS = (
    "run",
    "extract",
    "links",
    "sql",
    "status",
    "check",
    "rebuild",
    "compact",
    "maintain",
    "verify",
    "report",
    "dictionary",
)
KEYS = {
    "path", "outcome", "reason", "title", "deck", "authors", "section", "published_on",
    "published_at", "modified_at", "language", "paragraphs", "captions", "agency", "dateline",
    "related_headlines", "tags", "reading_minutes", "page_state", "canonical_url", "provenance",
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_each_command_is_for(command: Command, name: str) -> None:
    done = command(name, "--help")

    assert (done.returncode, "Usage" in done.stdout) == (0, True)


def test_extract_gives_the_permanent_keys_for_every_document(command: Command) -> None:
    done = command("extract", SAMPLES)
    keys = [set(json.loads(line)) for line in done.stdout.splitlines()]

    assert all(line >= KEYS for line in [*keys, *([set()] if len(keys) < 30 else [])])


LINK_KEYS = (
    *("url", "title", "id", "published_at", "updated_at", "authors", "summary", "content"),
    *("tags", "language", "kind"),
)


def test_links_gives_the_permanent_keys_for_every_link(command: Command, tmp_path: Path) -> None:
    feed, sitemap = tmp_path / "feed.xml", tmp_path / "sitemap.txt"
    feed.write_text("<rss><channel><item><link>/a</link></item></channel></rss>", "utf-8")
    sitemap.write_text("https://lantern.example/b\n", "utf-8")
    done = command("links", str(feed), str(sitemap), "--url", "https://lantern.example/rss")
    links = [json.loads(line) for line in done.stdout.splitlines()]

    assert [(tuple(link)[: len(LINK_KEYS)], link["url"], link["kind"]) for link in links] == [
        (LINK_KEYS, "https://lantern.example/a", "article"),
        (LINK_KEYS, "https://lantern.example/b", "page"),
    ]


def test_links_says_what_is_no_list(command: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body>Not here</body></html>", "utf-8")
    done = command("links", str(page))

    assert (done.returncode, done.stdout, "html" in done.stderr) == (1, "", True)


@pytest.mark.parametrize("place", ["nowhere.xml", "http://127.0.0.1:9/rss"])
def test_links_refuses_what_is_not_there(command: Command, place: str) -> None:
    done = command("links", place)

    assert (done.returncode, place in done.stderr) == (2, True)


@pytest.mark.parametrize("place", ["nowhere.xml", "http://127.0.0.1:9/rss"])
def test_links_gives_what_is_good_and_says_what_is_not(
    command: Command, tmp_path: Path, place: str
) -> None:
    good = tmp_path / "good.txt"
    good.write_text("https://lantern.example/b\n", "utf-8")
    done = command("links", place, str(good))
    urls = [json.loads(line)["url"] for line in done.stdout.splitlines()]

    assert (done.returncode, urls, place in done.stderr) == (1, ["https://lantern.example/b"], True)


def test_extract_stores_nothing(command: Command, tmp_path: Path) -> None:
    command("extract", SAMPLES)

    assert list(tmp_path.iterdir()) == []


def test_sql_prints_csv(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "sql", "--csv", "select 1 as a, ['x'] as b")

    assert done.stdout == 'a,b\n1,"[""x""]"\n'


def test_sql_prints_json(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "sql", "--json", "select date '2026-03-01' as day")

    assert json.loads(done.stdout) == [{"day": "2026-03-01"}]


def test_sql_prints_markdown(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "sql", "--markdown", "select 'a|b' as x")

    assert done.stdout == "| x |\n|---|\n| a\\|b |\n"


def test_sql_writes_parquet(command: Command, sample_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "out.parquet"
    command("--home", sample_home.folder, "sql", "--parquet", file, "from range(5)")

    assert pyarrow.parquet.read_table(file).num_rows == 5


def test_sql_takes_a_file(command: Command, sample_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "query.sql"
    file.write_text("select 'é' as x")
    done = command("--home", sample_home.folder, "sql", "-f", file, "--csv")

    assert done.stdout == "x\né\n"


@pytest.mark.parametrize(
    "query",
    [
        "delete from ledger",
        "create table t (a int)",
        "copy (select 1) to 'stolen.csv'",
        "attach 'other.duckdb'",
        "from read_csv('/etc/passwd')",
        "set enable_external_access = true; copy (select 1) to 'stolen.csv'",
    ],
)
def test_sql_refuses_to_write_or_to_reach_out(
    command: Command, sample_home: Home, tmp_path: Path, query: str
) -> None:
    done = command("--home", sample_home.folder, "sql", query)

    assert (done.returncode, len(done.stderr.splitlines()), list(tmp_path.iterdir())) == (2, 1, [])


def test_a_wrong_query_is_one_line_and_wrong_use(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "sql", "select nothing from nowhere")

    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("name", ["sql", "status", "check", "rebuild"])
def test_an_empty_home_is_told_what_to_do(command: Command, name: str) -> None:
    words = ["sql", "from articles"] if name == "sql" else [name]
    done = command(*words)

    assert (done.returncode, "ingest run" in done.stderr) == (2, True)


def test_a_path_that_leads_nowhere_is_wrong_use(command: Command) -> None:
    done = command("run", "no/such/folder")

    assert (done.returncode, "no/such/folder" in done.stderr) == (2, True)


def test_an_unknown_option_is_wrong_use(command: Command) -> None:
    done = command("run", "--no-such-option")

    assert done.returncode == 2


def test_the_home_may_be_named_by_the_environment(command: Command, sample_home: Home) -> None:
    done = command("status", "--json", INGEST_HOME=str(sample_home.folder))

    assert json.loads(done.stdout)["home"] == str(sample_home.folder)


@pytest.mark.parametrize("form", ["--home {}", "--home={}"])
def test_the_home_may_stand_behind_the_command(
    command: Command, sample_home: Home, form: str
) -> None:
    done = command("status", "--json", *form.format(sample_home.folder).split())

    assert json.loads(done.stdout)["home"] == str(sample_home.folder)


def test_check_passes_on_what_was_published(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "check")

    assert done.returncode == 0


def test_a_second_run_does_nothing_and_says_so(command: Command, sample_home: Home) -> None:
    before = sample_home.generations.current()
    done = command("--home", sample_home.folder, "run", SAMPLES)

    assert (done.returncode, "nothing new" in done.stderr, sample_home.generations.current()) == (
        0,
        True,
        before,
    )


def test_a_tables_title_is_not_folded_to_the_tables_width() -> None:
    out = io.StringIO()
    title = "should be so, is not: every article has a day of publication"
    print_table(Console(file=out, width=100), pa.table({"a": [1]}), title)

    assert out.getvalue().splitlines()[0] == title


@pytest.mark.parametrize("home", ["s3://bucket/archive", "file:///srv/archive"])
def test_a_home_that_is_an_address_is_refused_before_a_folder_of_its_name_is_made(
    command: Command, tmp_path: Path, home: str
) -> None:
    done = command("--home", home, "run", SAMPLES)

    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "a home is a folder of this machine" in done.stderr
