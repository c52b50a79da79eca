"""Every command in the README is run, in order, as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY, clean_environment

from ingest.work.publish import Home

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line
]
# Servers that never end and the commands that set up and test the whole project have tests of their
# own: conftest.py starts the outlets, tests/flows and tests/faults serve, and whoever runs this has
# just run the others.
ELSEWHERE = {"make run", "make test", "ingest --home web serve", "python samples-web/serve.py"}


def test_the_readme_names_every_command() -> None:
    commands = {line.split()[1] for line in LINES if line.startswith("ingest ")}

    assert commands >= {"run", "extract", "sql", "status", "check", "rebuild", "compact", "links"}


@pytest.mark.usefixtures("outlets")
def test_the_commands_of_the_readme_run_as_they_are_written(
    prefect_api: str, tmp_path: Path
) -> None:
    for name in ("samples", "samples-web", "warehouse"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    binaries = Path(sys.executable).parent
    environment = clean_environment() | {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PREFECT_API_URL": prefect_api,
        "HOME": str(tmp_path),
    }
    failed = []
    for line in LINES:
        if line in ELSEWHERE:
            continue
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            failed.append((line, done.stderr))

    assert failed == []


def test_the_table_in_the_readme_is_what_the_samples_give(sample_home: Home) -> None:
    with sample_home.reading() as warehouse:
        rows = warehouse.file_rows("queries", "01_what_is_in").to_pylist()
    block = README.partition("```\nsource ")[2].partition("```")[0]
    table = [line.split()[:2] for line in block.splitlines()[2:-2]]

    assert table == [[row["source"], str(row["articles"])] for row in rows[:-1]]
