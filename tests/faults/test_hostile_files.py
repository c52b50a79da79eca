"""Hostile files: whatever lies in a folder costs one row with a reason, and little memory."""

from __future__ import annotations

import gzip
import io
import os
import resource
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.decoding import decode
from ingest.words.nouns import DocumentKind, Rejection
from ingest.words.reasons import Reason
from ingest.world.files import Fetched, File, find_files, read_file
from ingest.world.limits import Limits

STORY = b"The title\n\nThe story.\n"
SMALL = Limits(max_file_bytes=1 << 20, max_archive_bytes=4 << 20, max_members=100)


def fetch(path: Path, limits: Limits | None = None) -> list[Fetched]:
    (file,) = find_files([path]).files
    return list(read_file(file, limits or Limits()))


def reasons(path: Path, limits: Limits | None = None) -> list[Reason | None]:
    return [each.reason for each in fetch(path, limits)]


def listed(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def pack_zip(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return path


def pack_tar(path: Path, members: list[tuple[str, bytes]], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, body in members:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return path


def pack_zeros(path: Path, mib: int) -> Path:
    """Write `mib` megabytes of zeros as gzip, without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    with path.open("wb") as file:
        for _ in range(mib):
            file.write(packer.compress(bytes(1 << 20)))
        file.write(packer.flush())
    return path


def peak_mib_of_reading(path: Path) -> float:
    """Return by how much reading `path` in a process of its own raised that process's peak."""
    program = """
import resource, sys
from ingest.world.files import find_files, read_file
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for file in find_files(sys.argv[1:]).files:
    for each in read_file(file):
        del each
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, path],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return int(done.stdout) / 1024


def test_an_empty_file_is_read_and_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.touch()

    result = decode(fetch(path)[0].body or b"", DocumentKind.TEXT)

    assert isinstance(result, Rejection) and result.reason is Reason.EMPTY  # noqa: PT018


def test_a_gigabyte_in_one_line_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(1 << 30)

    assert (reasons(path), peak_mib_of_reading(path) < 8) == ([Reason.TOO_LARGE], True)


def test_a_gzip_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = pack_zeros(tmp_path / "a.txt.gz", mib=100)

    assert (reasons(path), peak_mib_of_reading(path) < 80) == ([Reason.TOO_LARGE], True)


def test_a_tar_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    header = tarfile.TarInfo("a.txt")
    header.size = 100 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    with (tmp_path / "a.tgz").open("wb") as file:
        file.write(packer.compress(header.tobuf()))
        for _ in range(100):
            file.write(packer.compress(bytes(1 << 20)))
        file.write(packer.flush())
    path = tmp_path / "a.tgz"

    fetched = fetch(path)

    assert (
        [each.reason for each in fetched],
        fetched[-1].location,
        peak_mib_of_reading(path) < 80,
    ) == ([Reason.TOO_LARGE, Reason.TOO_LARGE], str(path), True)


def test_a_zip_bomb_costs_its_own_member_only(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", [("bomb.txt", bytes(30 << 20)), ("b.txt", STORY)])

    assert (reasons(path), peak_mib_of_reading(path) < 8) == ([Reason.TOO_LARGE, None], True)


def test_a_zip_whose_members_share_their_bytes_is_refused(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", [("a.txt", os.urandom(900_000))] * 1)
    with zipfile.ZipFile(path, "a") as archive:
        first = archive.filelist[0]
        for name in ("b.txt", "c.txt"):
            twin = zipfile.ZipInfo(name)
            for field in ("CRC", "compress_size", "file_size", "header_offset", "compress_type"):
                setattr(twin, field, getattr(first, field))
            archive.filelist.append(twin)
        archive._didModify = True

    given_count = sum(reason is None for reason in reasons(path))

    assert given_count <= 1


def test_an_archive_of_too_many_members_stops_there(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", [(f"{number}.txt", STORY) for number in range(101)])

    assert reasons(path, SMALL) == [None] * 100 + [Reason.TOO_LARGE]


@pytest.mark.parametrize("name", ["a.zip", "a.tgz"])
def test_an_archive_that_unpacks_to_too_much_stops_there(tmp_path: Path, name: str) -> None:
    pack = pack_zip if name == "a.zip" else pack_tar
    path = pack(tmp_path / name, [(f"{n}.txt", os.urandom(900_000)) for n in range(6)])

    found = reasons(path, SMALL)

    assert found == [None] * 4 + [Reason.TOO_LARGE]


def test_a_zip_whose_directory_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", [(f"{n:0200}.txt", b"") for n in range(20_000)])

    found = fetch(path, Limits(max_members=10))

    assert (found[0].reason, "directory" in found[0].detail) == (Reason.TOO_LARGE, True)


@pytest.mark.parametrize("pack", [pack_zip, pack_tar])
@pytest.mark.parametrize(
    "name", ["../a.txt", "/etc/a.txt", "x/../../a.txt", "C:\\a.txt", "\\a.txt", "..\\a.txt"]
)
def test_a_member_that_points_outside_is_a_row_and_no_file(
    tmp_path: Path, pack: Callable[..., Path], name: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = pack(folder / ("a.zip" if pack is pack_zip else "a.tgz"), [(name, STORY)])

    found = reasons(path)

    assert (found, listed(tmp_path), listed(folder)) == (
        [Reason.UNSAFE_NAME],
        ["in"],
        [path.name],
    )


def test_a_nul_in_a_members_name_is_unsafe(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", [("abXtxt.txt", STORY)])
    path.write_bytes(path.read_bytes().replace(b"abXtxt", b"ab\0txt"))

    assert reasons(path) == [Reason.UNSAFE_NAME]


def test_links_and_devices_in_a_tar_are_counted_and_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo("a.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)

    (only,) = fetch(path)

    assert (only.reason, only.skipped) == (Reason.EMPTY, (("(link or device)", 4),))


@pytest.mark.parametrize("name", ["inner.zip", "inner.tar", "inner.tar.gz", "x/inner.tgz"])
def test_an_archive_in_an_archive_is_a_row(tmp_path: Path, name: str) -> None:
    path = pack_zip(tmp_path / "a.zip", [(name, STORY), ("b.txt", STORY)])

    assert reasons(path) == [Reason.UNSUPPORTED, None]


def test_an_encrypted_member_is_damaged_and_the_others_are_given(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", [("a.txt", STORY), ("b.txt", STORY)])
    body = bytearray(path.read_bytes())
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # the flags of the first member
        body[body.find(mark) + at] |= 1
    path.write_bytes(body)

    assert reasons(path) == [Reason.DAMAGED, None]


def test_a_member_with_wrong_bytes_is_damaged_and_the_others_are_given(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", b"AAAA" * 10)
        archive.writestr("b.txt", STORY)
    path.write_bytes(path.read_bytes().replace(b"AAAAAA", b"AAAAAB", 1))

    assert reasons(path) == [Reason.DAMAGED, None]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_no_limit_can_stop_is_not_unpacked(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.txt", bytes(1 << 20))

    assert reasons(path) == [Reason.UNSUPPORTED]


def test_a_cut_gzip_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(os.urandom(5000))[:-100])

    assert reasons(path) == [Reason.DAMAGED]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.txt.gz", "a.html.gz"])
@pytest.mark.parametrize("body", [b"PK", b"\x1f\x8b", b"not packed at all" * 100])
def test_what_only_claims_to_be_packed_is_damaged(tmp_path: Path, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)

    assert reasons(path) == [Reason.DAMAGED]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_an_archive_of_no_bytes_is_damaged(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch()

    assert reasons(path) == [Reason.DAMAGED]


def test_a_cut_zip_is_damaged(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", [("a.txt", STORY)])
    path.write_bytes(path.read_bytes()[:-30])

    assert reasons(path) == [Reason.DAMAGED]


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_what_was_whole_in_a_cut_tar_is_given_and_the_cut_is_a_row(
    tmp_path: Path, name: str
) -> None:
    members = [(f"{number}.txt", os.urandom(20_000)) for number in range(5)]
    path = pack_tar(tmp_path / name, members, "w" if name == "a.tar" else "w:gz")
    path.write_bytes(path.read_bytes()[:70_000])

    fetched = fetch(path)

    assert (
        [each.body for each in fetched[:3]],
        [(each.reason, each.location, each.last_in_file) for each in fetched[3:]],
    ) == ([body for _, body in members[:3]], [(Reason.DAMAGED, str(path), True)])


def test_a_tar_cut_between_two_members_is_damaged_too(tmp_path: Path) -> None:
    path = pack_tar(tmp_path / "a.tar", [("a.txt", STORY), ("b.txt", STORY)], "w")
    path.write_bytes(path.read_bytes()[:1024])

    assert reasons(path) == [None, Reason.DAMAGED]


def test_a_header_that_claims_gigabytes_of_names_is_not_believed(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 8 << 30
    path = tmp_path / "a.tar"
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(10_240))

    assert (reasons(path), peak_mib_of_reading(path) < 8) == ([Reason.DAMAGED], True)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8), st.sampled_from(["zip", "tar"]))
def test_an_archive_broken_anywhere_gives_rows_and_no_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"broken.{suffix}"
    if suffix == "zip":
        pack_zip(path, [("a.txt", STORY), ("b.txt", STORY)])
    else:
        pack_tar(path, [("a.txt", STORY), ("b.txt", STORY)], "w")
    body = bytearray(path.read_bytes())
    body[at : at + len(noise)] = noise
    path.write_bytes(body)

    fetched = fetch(path)

    assert [each.last_in_file for each in fetched] == [False] * (len(fetched) - 1) + [True]


def test_a_loop_of_linked_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/story.txt").write_bytes(STORY)
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a")
    (tmp_path / "a/b/around").symlink_to(tmp_path)
    (tmp_path / "a/self").symlink_to("self")

    found = [file.location for file in find_files([tmp_path]).files]

    assert found == [str(tmp_path / "a/story.txt")]


def test_a_pattern_in_a_loop_of_linked_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_bytes(STORY)
    for name in ("one", "two", "three"):
        (tmp_path / name).symlink_to(tmp_path)

    found = find_files([f"{tmp_path}/**/*.txt"]).files

    assert len(found) == 1


def test_a_linked_folder_is_read_once_under_its_real_name_where_it_has_one(tmp_path: Path) -> None:
    (tmp_path / "z").mkdir()
    (tmp_path / "z/story.txt").write_bytes(STORY)
    (tmp_path / "a").symlink_to("z")

    found = [file.location for file in find_files([tmp_path]).files]

    assert found == [str(tmp_path / "z/story.txt")]


def test_folders_nested_beyond_what_a_path_can_name_are_a_row(tmp_path: Path) -> None:
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=at)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = deeper
    os.close(at)

    (only,) = find_files([tmp_path]).files
    (fetched,) = read_file(only)

    assert (fetched.reason, fetched.detail) == (Reason.UNREADABLE, "file name too long")


def test_a_file_that_may_not_be_read_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(STORY)
    (tmp_path / "closed").mkdir()
    for path in (tmp_path / "secret.txt", tmp_path / "closed"):
        path.chmod(0)
    shared = Path(tempfile.gettempdir())
    for folder in (tmp_path, *(each for each in tmp_path.parents if each.is_relative_to(shared))):
        if folder != shared:
            folder.chmod(0o755)
    program = """
import os, sys
from ingest.world.files import find_files, read_file
if os.getuid() == 0:
    os.setuid(65534)
for file in find_files(sys.argv[1:]).files:
    for each in read_file(file):
        print(os.path.basename(file.path), each.reason.value, each.detail)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, timeout=60
    )
    (tmp_path / "closed").chmod(0o755)

    assert done.stdout.splitlines() == [
        "closed unreadable permission denied",
        "secret.txt unreadable permission denied",
    ], done.stderr


def test_a_file_that_vanished_since_it_was_found_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(STORY)
    (file,) = find_files([tmp_path]).files
    (tmp_path / "a.txt").unlink()

    (only,) = read_file(file)

    assert (only.reason, only.detail) == (Reason.UNREADABLE, "no such file or directory")


def test_a_link_to_nothing_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("nowhere.txt")

    (file,) = find_files([tmp_path]).files

    assert next(read_file(file)).reason is Reason.UNREADABLE


def test_a_pipe_does_not_make_anyone_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")

    (file,) = find_files([tmp_path]).files

    assert next(read_file(file)).reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"two\nlines.txt", "two\nlines.txt"),
        (b"'quo\"ted'.txt", "'quo\"ted'.txt"),
        ("\u202egnp.txt".encode(), "\u202egnp.txt"),
        (b"caf\xe9.txt", "caf\\xe9.txt"),
        (b"back\\slash.txt", "back\\\\slash.txt"),
        (b"caf\\xe9.txt", "caf\\\\xe9.txt"),
        (b" .txt", " .txt"),
        (b"-rf.txt", "-rf.txt"),
        (b"a;drop table.txt", "a;drop table.txt"),
        (b"n" * 251 + b".txt", "n" * 251 + ".txt"),
    ],
)
def test_a_name_of_any_bytes_is_read_and_shown_as_text(
    tmp_path: Path, name: bytes, shown: str
) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(STORY)

    (file,) = find_files([tmp_path]).files

    assert (next(read_file(file)).body, file.location) == (STORY, f"{tmp_path}/{shown}")


def test_a_folder_cannot_pass_for_an_archive(tmp_path: Path) -> None:
    pack_zip(tmp_path / "a.zip", [("b.txt", STORY)])
    (tmp_path / "a.zip!").mkdir()
    (tmp_path / "a.zip!/b.txt").write_bytes(STORY)

    locations = {each.location for file in find_files([tmp_path]).files for each in read_file(file)}

    assert locations == {f"{tmp_path}/a.zip!/b.txt", f"{tmp_path}/a.zip\\!/b.txt"}


def test_a_year_that_no_calendar_has_does_not_stop_the_search(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(STORY)
    os.utime(path, (0, 2**60))

    (file,) = find_files([path]).files

    assert file.modified_at.year <= 9999


def test_a_member_of_a_year_that_no_calendar_has_is_given_without_a_day(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size, info.mtime = len(STORY), 2**62
        archive.addfile(info, io.BytesIO(STORY))

    (only,) = fetch(path)

    assert (only.body, only.member_modified_on) == (STORY, None)


@pytest.mark.parametrize(
    "body",
    [bytes(4096), b"\0" + os.urandom(4096), b"PK\3\4" + b"text " * 50, b"\xff\xd8\xff\xe0jpeg"],
)
def test_bytes_that_are_no_text_are_told_apart_from_it(body: bytes) -> None:
    result = decode(body, DocumentKind.TEXT)

    assert isinstance(result, Rejection) and result.reason is Reason.BINARY  # noqa: PT018


def test_a_long_line_of_broken_utf_8_is_decoded_in_seconds() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime

    decode("é".encode() * 5_000_000 + b"\xff", DocumentKind.HTML)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 5


def test_a_file_that_cannot_be_named_is_a_row() -> None:
    file = File("nul\0byte.txt", "nul", "nul", 0, 0)

    assert next(read_file(file)).reason is not None


def test_a_directory_size_that_lies_does_not_stop_the_reading(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", [("a.txt", STORY)])
    body = bytearray(path.read_bytes())
    struct.pack_into("<I", body, body.rfind(b"PK\5\6") + 12, 0xFFFFFFF0)
    path.write_bytes(body)

    assert reasons(path) == [Reason.TOO_LARGE]
