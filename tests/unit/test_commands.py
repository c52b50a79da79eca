"""A program that tells: what it is given, and what it may not do to a run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.world.commands import CommandFailed, run_command


def shell(script: str) -> list[str]:
    return ["/bin/sh", "-c", script]


def run(tmp_path: Path, script: str, given: str = "", seconds: float = 10) -> None:
    run_command(shell(script), given, folder=tmp_path, seconds=seconds)


def test_it_is_given_the_text_in_the_folder(tmp_path: Path) -> None:
    run(tmp_path, "cat > told", given="Überfällig \ud800")

    assert (tmp_path / "told").read_text() == "Überfällig ?"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            shell("echo no such channel >&2; exit 3"),
            "ended with code 3; it said: 'no such channel'",
        ),
        (shell("kill -9 $$"), "ended with code -9"),
        (["./nowhere"], "cannot be started (No such file or directory)"),
        (["/"], "cannot be started (Permission denied)"),
    ],
)
def test_one_that_fails_is_told(tmp_path: Path, command: list[str], told: str) -> None:
    with pytest.raises(CommandFailed) as caught:
        run_command(command, "", folder=tmp_path, seconds=10)

    assert told in str(caught.value)


def test_one_that_says_a_lot_is_told_by_its_end(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed) as caught:
        run(tmp_path, "head -c 9000 /dev/zero | tr '\\0' x; echo the end; exit 1")

    assert (len(str(caught.value)) < 600, "the end" in str(caught.value)) == (True, True)


def test_one_that_takes_too_long_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(CommandFailed, match=r"longer than 0\.3 s"):
        run(tmp_path, "(sleep 1.5; touch late) & sleep 60", seconds=0.3)
    took = time.monotonic() - began
    time.sleep(1.7)

    assert (took < 20, (tmp_path / "late").exists()) == (True, False)


def test_one_that_leaves_others_behind_holds_up_nobody(tmp_path: Path) -> None:
    began = time.monotonic()
    run(tmp_path, "sleep 60 & exit 0")

    assert time.monotonic() - began < 30


def test_one_that_does_not_read_is_no_failure(tmp_path: Path) -> None:
    run(tmp_path, "exit 0", given="x" * 10_000_000)

    assert list(tmp_path.iterdir()) == []
