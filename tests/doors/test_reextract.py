"""The command `ingest reextract` as a person and a program meet it."""

from __future__ import annotations

import json
import re

import pytest
from tests.conftest import Command

from ingest.reading.extraction import EXTRACTOR_VERSION
from ingest.work.publish import Home
from ingest.work.reextract import FIELDS
from ingest.work.source_names import check_source
from ingest.world.warehouse import read_sql


def test_where_nothing_is_due_it_says_so(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "reextract")

    assert (done.returncode, f"read by version {EXTRACTOR_VERSION}" in done.stderr) == (0, True)


def test_what_was_read_by_this_version_is_read_the_same_again(
    command: Command, sample_home: Home
) -> None:
    done = command("--home", sample_home.folder, "reextract", "--verify", "--json")
    facts = json.loads(done.stdout)

    assert (done.returncode, facts["documents"] > 30, facts["differing"], facts["fields"]) == (
        0,
        True,
        0,
        [],
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--since", "yesterday"], "--since yesterday: expected a day"),
        (["--apply", "--verify"], "expected --apply or --verify"),
        (["--apply", "--sample", "3"], "a sample is to look at"),
        (["--verify", "--source", "nope"], "no source of that name (there are: "),
        (["--since", "2027-01-01", "--until", "2026-01-01"], "2027-01-01 is after 2026-01-01"),
        (["--show", "bogus"], "bogus: no field; expected one of agency, article_id"),
    ],
)
def test_what_cannot_be_done_as_asked_is_wrong_use(
    command: Command, sample_home: Home, words: list[str], told: str
) -> None:
    done = command("--home", sample_home.folder, "reextract", *words)

    assert (done.returncode, told in done.stderr) == (2, True)


def test_every_field_that_is_compared_can_be_shown() -> None:
    text = read_sql("reextract", "changes").partition("rejections_of_both as")
    articles = text[0].partition("articles_of_both as")[2].partition("    from (")[0]
    rejections = text[2].partition(" from ")[0]
    names = re.findall(r"(\w+),?$", articles + rejections, re.MULTILINE)
    names += re.findall(r"(\w+)(?=, )", rejections)

    assert {"outcome", *names} - {"select", "side", "document_id"} == FIELDS


def test_replaying_a_source_that_is_none_is_wrong_use(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "replay", "--source", "nope")

    assert (done.returncode, "no source of that name (there are: " in done.stderr) == (2, True)


def test_a_source_that_is_only_described_has_nothing_due(sample_home: Home) -> None:
    with sample_home.reading() as warehouse:
        check_source("to-come", warehouse, ["to-come"])
        (known, *_) = warehouse.rows("select source from documents")["source"].to_pylist()

        assert check_source(known, warehouse, []) is None


def test_a_field_without_changes_is_told(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "reextract", "--verify", "--show", "title")

    assert "no document is otherwise in title" in done.stderr
