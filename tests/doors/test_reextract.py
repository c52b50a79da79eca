"""The command `ingest reextract` as a person and a program meet it."""

from __future__ import annotations

import json

import pytest
from tests.conftest import Command

from ingest.reading.extraction import EXTRACTOR_VERSION
from ingest.work.publish import Home


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
    ],
)
def test_what_cannot_be_done_as_asked_is_wrong_use(
    command: Command, sample_home: Home, words: list[str], told: str
) -> None:
    done = command("--home", sample_home.folder, "reextract", *words)

    assert (done.returncode, told in done.stderr) == (2, True)


def test_a_field_without_changes_is_told(command: Command, sample_home: Home) -> None:
    done = command("--home", sample_home.folder, "reextract", "--verify", "--show", "title")

    assert "no document is otherwise in title" in done.stderr
