"""A small news archive for the fault tests: the same bytes and times for the same edition."""

from __future__ import annotations

import gzip
import io
import os
import random
import tarfile
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

SOURCES = ("alder-lantern", "meridian-wire", "saltmere-ledger")
_FIRST_DAY = date(2024, 1, 1)
_TEXT = (
    "the council said on Monday that a new ferry would cross the river before winter while "
    "fishermen doubt whether harbour and lighthouse can be kept open at night for so little money "
    "and a teacher from the old school asked why nobody had counted the bridges after the storm"
)
_WORDS = _TEXT.split()

Files = dict[str, bytes]


def write_edition(folder: Path, edition: int, articles: int) -> None:
    """Make `folder` hold the archive as it is in `edition`: 0, or after so many rounds of edits.

    A file that an edition edits or touches is some days younger than before.
    """
    files = _damaged() | _archives(articles)
    ages = dict.fromkeys(files, 0)
    for number in range(articles):
        name = f"{SOURCES[number % 3]}/{number:05}.txt"
        ages[name] = edition if number % 13 == 0 else 0
        # the edit of an odd edition is taken back by the even one after it
        edited = edition % 2 if number % 26 == 0 else 0
        files[name] = article(number if number % 17 else number // 17, edited)
    for number in range(edition * articles // 20):
        name = f"{SOURCES[0]}/later-{number:05}.txt"
        files[name] = article(articles + number, 0)
        ages[name] = 0
    for number in range(edition):
        name = f"{SOURCES[0]}/later-empty-{number}.txt"
        files[name], ages[name] = b"", 0
    for path in folder.glob("*/later-*"):
        if f"{path.parent.name}/{path.name}" not in files:
            path.unlink()
    for name, body in files.items():
        _write(folder / name, body, days=ages[name])
    link = folder / SOURCES[1] / "leads-nowhere.txt"
    if not link.is_symlink():
        link.symlink_to("nowhere.txt")


def article(number: int, edited: int) -> bytes:
    """Return the text of article `number`, before or after an edit."""
    draw = random.Random(number)
    paragraphs = [
        " ".join(draw.choices(_WORDS, k=draw.randint(12, 40))).capitalize() + "."
        for _ in range(draw.randint(2, 4))
    ]
    if edited:
        paragraphs.append("A spokeswoman for the harbour later denied all of it.")
    title = " ".join(draw.choices(_WORDS, k=6)).capitalize()
    day = _FIRST_DAY + timedelta(days=number % 366)
    return "\n\n".join([title, f"{day:%Y-%m-%d}", *paragraphs]).encode()


def _page(number: int) -> bytes:
    """Return a page of HTML that says by its canonical URL that it is the same as another."""
    title, _, *paragraphs = article(number, 0).decode().split("\n\n")
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    link = f'<link rel="canonical" href="https://news.example/{number % 2}">'
    return f"<html><head><title>{title}</title>{link}</head><h1>{title}</h1>{body}</html>".encode()


def _damaged() -> Files:
    packed = gzip.compress(article(1, 0) * 50, mtime=0)
    return {
        f"{SOURCES[0]}/empty.txt": b"",
        f"{SOURCES[0]}/half.txt.gz": packed[: len(packed) // 2],
        f"{SOURCES[1]}/no-archive.zip": b"this is not a zip",
        f"{SOURCES[1]}/zeros.txt": bytes(2000),
        **{f"{SOURCES[number % 2]}/page-{number}.html": _page(number) for number in range(4)},
    }


def _archives(articles: int) -> Files:
    """Return a zip longer than a batch of the tests, one cut off, and a small tar."""
    year = (2024, 12, 30, 0, 0, 0)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(articles // 4):
            member = zipfile.ZipInfo(f"{number:05}.txt", year)
            archive.writestr(member, article(2 * articles + number, 0))
    tarred = io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w") as archive_of_tape:
        for number in range(20):
            text = article(3 * articles + number, 0)
            header = tarfile.TarInfo(f"{number:05}.txt")
            header.size = len(text)
            header.mtime = datetime(*year, tzinfo=UTC).timestamp()
            archive_of_tape.addfile(header, io.BytesIO(text))
    return {
        f"{SOURCES[2]}/a-year.zip": zipped.getvalue(),
        f"{SOURCES[2]}/cut-off.zip": zipped.getvalue()[:-100],
        f"{SOURCES[2]}/tape.tar.gz": gzip.compress(tarred.getvalue(), mtime=0),
    }


def _write(path: Path, body: bytes, *, days: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != body:
        path.write_bytes(body)
    written_at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=days)
    os.utime(path, (written_at.timestamp(), written_at.timestamp()))
