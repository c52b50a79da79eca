"""The run book: every alert is in it, with a look and a mend, and what it tells to type exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.conftest import REPOSITORY

from ingest.doors.cli import app

BOOK = (REPOSITORY / "deploy" / "README.md").read_text(encoding="utf-8")
ALERTS = (REPOSITORY / "docs" / "alerts.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app)


def sections_of(text: str, heading: str) -> dict[str, str]:
    """Return the sections of the third level below a heading of the second."""
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    pieces = re.split(r"(?m)^### (.+)$", part)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


MENDED = sections_of(BOOK, "When an alert comes")


def test_every_alert_is_in_the_run_book_under_its_own_name() -> None:
    told = sections_of(ALERTS, "The alerts")

    assert len(told) > 5
    assert list(MENDED) == list(told)


@pytest.mark.parametrize("name", MENDED)
def test_an_alert_has_a_command_to_look_and_words_to_mend(name: str) -> None:
    look = re.search(r"(?ms)^- Look: (.*?)^- Mend: (.+)", MENDED[name])

    assert look is not None
    assert "`" in look[1] or "UI" in look[1]


def test_every_automation_names_a_section_of_the_run_book() -> None:
    from ingest.flows.automations import ship  # noqa: PLC0415 (no other test here needs Prefect)

    named = [each.guide.partition("deploy/README.md: ")[2] for each in ship()]

    assert [name for name in named if not re.search(rf"(?m)^##+ {name}$", BOOK)] == []


def commands_in(text: str) -> set[str]:
    """Return the commands of ours that stand in code, in blocks or in lines."""
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", text)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```", "", text))
    found = [
        re.search(r"(?:^|/|(?<!-n)\s)ingest ((?:--home \S+ )?[a-z].*)", line) for line in lines
    ]
    return {match[1] for match in found if match} - {"--home"}


def unknown_in(words: str) -> str | None:
    """Return what of a command line does not exist, or None."""
    left = re.sub(r"^--home \S+ ", "", words).split()
    command: Any = COMMANDS
    while left and hasattr(command, "commands"):
        if left[0] not in command.commands:
            return left[0]
        command = command.commands[left.pop(0)]
    options = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    return next((word for word in left if word.startswith("--") and word not in options), None)


def test_every_command_of_the_run_book_exists() -> None:
    commands = commands_in(BOOK)

    # `docker compose exec ingest ingest …` names the service first
    told = {words.removeprefix("ingest ") for words in commands}
    assert len(told) > 15
    assert {words: unknown_in(words) for words in told if unknown_in(words)} == {}


@pytest.mark.parametrize("words", ["backups x", "backup x --keeping 7", "alerts mend"])
def test_a_command_that_does_not_exist_is_seen(words: str) -> None:
    assert unknown_in(words) is not None


def test_every_file_that_the_run_book_names_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", BOOK)
    paths = re.findall(r"\b(?:deploy|docs|tests)/[\w./-]*\w", BOOK)
    missing = [link for link in links if not (REPOSITORY / "deploy" / link).exists()]
    made = {Path("deploy/docker/.env")}  # by the reader

    assert len(links) > 5
    assert missing == []
    assert [p for p in paths if Path(p) not in made and not (REPOSITORY / p).exists()] == []


def test_every_link_to_a_heading_leads_to_one() -> None:
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in re.findall(r"(?m)^#+ (.+)$", BOOK)
    }

    assert set(re.findall(r"\]\(#([^)]+)\)", BOOK)) - headings == set()
