"""Files: what PATHs lead to, and what a file gives."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words.errors import WrongUse
from ingest.words.nouns import DocumentKind
from ingest.words.reasons import Reason
from ingest.world.files import Fetched, find_files, read_file
from ingest.world.limits import Limits
from ingest.world.names import escape, label_of, suffix_of

STORY = b"The title\n\nThe story.\n"


def write(path: Path, body: bytes = STORY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def names(*paths: str | Path) -> list[str]:
    return [Path(file.path).name for file in find_files(paths).files]


def sources(*paths: str | Path) -> dict[str, str]:
    return {Path(file.path).name: file.source for file in find_files(paths).files}


def fetch(path: Path, limits: Limits | None = None) -> list[Fetched]:
    (file,) = find_files([path]).files
    return list(read_file(file, limits or Limits()))


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 2, 10, 0, 0)), body)
    return path


def make_tar(path: Path, members: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            info.mtime = 1_709_373_600
            archive.addfile(info, io.BytesIO(body))
    return path


def test_a_folder_gives_its_article_files_whatever_the_case_of_the_suffix(tmp_path: Path) -> None:
    for name in ("a.txt", "b.TXT", "c.html.gz", "d.htm", "e.xhtml", "f.zip", "g.tgz", "h.tar.GZ"):
        write(tmp_path / name)

    assert len(names(tmp_path)) == 8


def test_what_is_not_taken_is_counted_by_suffix(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.JPG", "c", ".hidden.txt", ".git/x.txt", "d.json.gz", "e.?!"):
        write(tmp_path / name)

    skipped = find_files([tmp_path]).skipped

    assert skipped == {
        "(hidden)": 2,
        "(no suffix)": 1,
        "(other)": 1,
        ".jpg": 2,
        ".json.gz": 1,
    }


def test_files_come_in_the_order_of_their_locations(tmp_path: Path) -> None:
    for name in ("b/a.txt", "a/z.txt", "c.txt", "a/b/c.txt"):
        write(tmp_path / name)

    locations = [file.location for file in find_files([tmp_path]).files]

    assert locations == sorted(locations)


def test_a_source_is_the_first_folder_below_the_path(tmp_path: Path) -> None:
    write(tmp_path / "samples/daily-lantern/politics/deep.txt")
    write(tmp_path / "samples/loose.txt")

    assert sources(tmp_path / "samples") == {"deep.txt": "daily-lantern", "loose.txt": "samples"}


def test_a_file_named_or_matched_has_its_folder_as_source(tmp_path: Path) -> None:
    write(tmp_path / "one/a.txt")
    write(tmp_path / "two/b.txt")

    found = sources(tmp_path / "one/a.txt", f"{tmp_path}/tw*/*.txt")

    assert found == {"a.txt": "one", "b.txt": "two"}


def test_a_file_reached_twice_is_there_once_whatever_the_order(tmp_path: Path) -> None:
    inner = write(tmp_path / "news/lantern/politics/a.txt")
    paths = [tmp_path / "news/lantern", inner, tmp_path / "news", f"{tmp_path}/**/*.txt"]

    assert find_files(paths).files == find_files(paths[::-1]).files == find_files(paths[2:3]).files


def test_a_pattern_reaches_any_depth(tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.txt", "b/d/e.txt", "b/d/e.html", ".x/f.txt"):
        write(tmp_path / name)

    assert names(f"{tmp_path}/**/*.txt") == ["a.txt", "c.txt", "e.txt"]


def test_a_pattern_that_matches_folders_gives_what_is_in_them(tmp_path: Path) -> None:
    for name in ("2024-01/a.txt", "2024-02/x/b.txt", "2025-01/c.txt"):
        write(tmp_path / name)

    assert sources(f"{tmp_path}/2024-*") == {"a.txt": "2024-01", "b.txt": "x"}


def test_a_name_with_brackets_that_exists_is_no_pattern(tmp_path: Path) -> None:
    path = write(tmp_path / "[draft] story.txt")

    assert names(path) == ["[draft] story.txt"]


@pytest.mark.parametrize("given_path", ["missing", "missing/*.txt", "nul\0byte", ""])
def test_a_path_that_leads_nowhere_is_named(tmp_path: Path, given_path: str) -> None:
    with pytest.raises(WrongUse) as caught:
        find_files([f"{tmp_path}/{given_path}" if given_path else ""])

    assert given_path.replace("\0", "\\x00") in str(caught.value)


def test_a_file_has_its_size_and_its_instant(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    os.utime(path, ns=(0, 1_709_373_600_123_456_789))

    (file,) = find_files([path]).files

    assert (file.file_bytes, file.modified_at) == (
        len(STORY),
        datetime(2024, 3, 2, 10, 0, 0, 123456, tzinfo=UTC),
    )


def test_a_plain_file_gives_its_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")

    assert fetch(path) == [Fetched(str(path), DocumentKind.TEXT, STORY)]


def test_a_gzipped_page_gives_what_is_in_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.html.gz", gzip.compress(b"<p>x") + gzip.compress(b"</p>"))

    assert fetch(path) == [Fetched(str(path), DocumentKind.HTML, b"<p>x</p>")]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz"])
def test_an_archive_gives_each_of_its_documents_and_counts_the_others(
    tmp_path: Path, name: str
) -> None:
    members = {
        "x/one.txt": STORY,
        "two.html": b"<p>2</p>",
        "three.txt.gz": gzip.compress(b"3"),
        "logo.png": b"\x89PNG",
        "__MACOSX/._one.txt": b"?",
    }
    if name.endswith(".zip"):
        make_zip(tmp_path / name, members)
    else:
        make_tar(tmp_path / name, members, "w" if name == "a.tar" else "w:gz")

    fetched = fetch(tmp_path / name)

    assert [
        (each.location.partition("!/")[2], each.kind, each.body, each.last_in_file, each.skipped)
        for each in fetched
    ] == [
        ("x/one.txt", DocumentKind.TEXT, STORY, False, ()),
        ("two.html", DocumentKind.HTML, b"<p>2</p>", False, ()),
        ("three.txt.gz", DocumentKind.TEXT, b"3", True, (("(hidden)", 1), (".png", 1))),
    ]


@pytest.mark.parametrize("name", ["a.zip", "a.tgz"])
def test_a_member_has_the_day_that_its_archive_gives(tmp_path: Path, name: str) -> None:
    make = make_zip if name == "a.zip" else make_tar
    path = make(tmp_path / name, {"a.txt": STORY})

    assert fetch(path)[0].member_modified_on == date(2024, 3, 2)


def test_a_member_younger_than_its_archive_has_no_day(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.txt": STORY})
    os.utime(path, (0, 1_600_000_000))

    assert fetch(path)[0].member_modified_on is None


def test_an_archive_without_articles_is_empty_and_says_what_it_holds(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.png": b"1", "b.png": b"2"})

    (only,) = fetch(path)

    assert (only.reason, only.location, only.detail, only.skipped) == (
        Reason.EMPTY,
        str(path),
        "no article among its 2 members (.png 2)",
        ((".png", 2),),
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_have_locations_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.txt", "a.txt", "a.txt#2.txt", "a.txt"):
            archive.writestr(name, STORY)

    locations = [each.location.partition("!/")[2] for each in fetch(path)]

    assert locations == ["a.txt", "a.txt#2", "a.txt#2.txt", "a.txt#3"]


def test_a_file_of_another_kind_that_is_named_is_refused_not_lost(tmp_path: Path) -> None:
    path = write(tmp_path / "paper.pdf")

    assert fetch(path)[0].reason is Reason.UNSUPPORTED


def test_a_file_that_grew_since_it_was_found_is_read_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    (file,) = find_files([path]).files
    write(path, STORY * 1000)

    assert next(read_file(file)).body == STORY * 1000


@given(st.text(alphabet=st.characters(), max_size=30))
def test_an_escaped_name_is_valid_text_and_comes_from_one_name_only(name: str) -> None:
    escaped = escape(name)

    assert escaped == escaped.encode().decode() and "!/" not in escaped.replace("\\!/", "")  # noqa: PT018


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.txt", ".txt"),
        ("a.TXT.GZ", ".txt.gz"),
        (".txt", ""),
        ("a", ""),
        ("a.gz", ".gz"),
        ("a.b.c", ".c"),
        (".gz", ""),
    ],
)
def test_a_suffix_counts_what_is_before_gz(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


def test_a_strange_suffix_is_counted_with_the_others() -> None:
    assert label_of(".\u202egpj") == "(other)"
