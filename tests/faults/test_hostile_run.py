"""A folder of hostile files goes through the whole path: each ends in a reading, in bounds."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY

from ingest.work.publish import Home

STORY = "The gate was closed at noon, and nobody in the town could say why it had been open. " * 6
# A document of the largest size allowed, some twenty times as text, lines and columns, and what
# Python and the libraries need; the gigabyte and the bomb would each be more.
MEMORY_BYTES = 1200 * 2**20
NAMES = ("new\nline", "\"quotes' and `ticks`", "\u202egnirts", "$(touch x)")

RUN = """
import sys
from pathlib import Path
from tests.conftest import ingest_now
from ingest.work.publish import Home
ingest_now([Path(sys.argv[1])], Home(Path(sys.argv[2])))
"""


def write_hostile_files(folder: Path) -> None:
    (folder / "empty.txt").touch()
    with (folder / "one line of a gigabyte.txt").open("wb") as file:
        file.truncate(10**9)
    (folder / "thirty megabytes in a line.txt").write_bytes(b"word " * 6_000_000)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("bomb.txt", b"0" * 300_000_000)
    with tarfile.open(folder / "climbing.tar.gz", "w:gz") as archive:
        for name in ("../../climbed.txt", "/tmp/climbed.txt", "inside.txt"):
            member = tarfile.TarInfo(name)
            member.size = len(STORY)
            archive.addfile(member, io.BytesIO(STORY.encode()))
    (folder / "nul.txt").write_bytes(b"\0" * 5000)
    (folder / "nul in text.txt").write_bytes(f"A gate\0\n\n{STORY}".encode())
    (folder / "invalid.txt").write_bytes(b"A gate\n\n" + STORY.encode() + b"\xff\xfe\xfa")
    os.mkfifo(folder / "pipe.txt")
    (folder / "cut short.txt.gz").write_bytes(b"\x1f\x8b\x08\x00\x00")
    (folder / "no archive.zip").write_bytes(b"PK\x03\x04 but not really")
    (folder / "deep.html").write_text("<div>" * 30_000 + STORY)
    (folder / "loop").mkdir()
    (folder / "loop" / "again").symlink_to(folder, target_is_directory=True)
    for name in (*NAMES, os.fsdecode(b"bytes \xff\xfe")):
        (folder / f"{name}.txt").write_text(f"A gate\n\n{STORY}")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path, int]:
    """The home after the run, the folder around it, and the peak of memory in bytes."""
    around = tmp_path_factory.mktemp("hostile")
    folder = around / "files"
    folder.mkdir()
    write_hostile_files(folder)
    home = Home(around / "home")
    command = [sys.executable, "-c", RUN, folder, home.folder]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return home, around, peak


def test_every_hostile_document_has_one_outcome(hostile: tuple[Home, Path, int]) -> None:
    home, _, _ = hostile
    with home.reading() as warehouse:
        rows = warehouse.rows(
            "select location, 'article' as outcome from articles "
            "union all select location, reason from rejections order by all"
        ).to_pylist()
    outcomes = {row["location"].rsplit("/files/")[1]: row["outcome"] for row in rows}

    assert outcomes == {
        "$(touch x).txt": "article",
        "\"quotes' and `ticks`.txt": "article",
        "bomb.zip!/bomb.txt": "too_large",
        "bytes \\xff\\xfe.txt": "article",
        "climbing.tar.gz!/../../climbed.txt": "unsafe_name",
        "climbing.tar.gz!//tmp/climbed.txt": "unsafe_name",
        "climbing.tar.gz!/inside.txt": "article",
        "cut short.txt.gz": "damaged",
        "deep.html": outcomes["deep.html"],
        "empty.txt": "empty",
        "invalid.txt": "article",
        "new\nline.txt": "article",
        "no archive.zip": "damaged",
        "nul in text.txt": "article",
        "nul.txt": "binary",
        "one line of a gigabyte.txt": "too_large",
        "pipe.txt": "unreadable",
        "thirty megabytes in a line.txt": outcomes["thirty megabytes in a line.txt"],
        "\u202egnirts.txt": "article",
    }


def test_hostile_files_write_nothing_outside_the_home(
    hostile: tuple[Home, Path, int],
) -> None:
    _, around, _ = hostile
    strays = [*around.parent.glob("climbed*"), *Path("/tmp").glob("climbed*")]

    assert (sorted(path.name for path in around.iterdir()), strays) == (["files", "home"], [])


def test_hostile_files_keep_memory_bounded(hostile: tuple[Home, Path, int]) -> None:
    _, _, peak = hostile

    assert peak < MEMORY_BYTES
