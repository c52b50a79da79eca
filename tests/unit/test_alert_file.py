"""The file of open alerts: it keeps what it is given, and a torn one stops nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.words.alerts import Episode, Finding
from ingest.world import alert_file
from ingest.world.alert_file import FILE_NAME, read_episodes, write_episodes

NOW = datetime(2026, 3, 1, 14, 15, tzinfo=UTC)
FINDING = Finding(
    "a source is silent", "tide-gazette", "0 articles", {"articles": 0, "chance": 0.1}
)
EPISODE = Episode(FINDING, NOW, NOW + timedelta(hours=1), NOW, {"command": NOW})


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_episodes(tmp_path, [EPISODE], NOW)

    assert read_episodes(tmp_path) == ([EPISODE], NOW)


def test_a_home_without_one_has_no_episodes(tmp_path: Path) -> None:
    assert read_episodes(tmp_path) == ([], None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"looked_at": "2026-03-01T14:15:00+00:00"}',
        b'{"looked_at": "2026-03-01T14:15:00", "episodes": []}',
        b'{"looked_at": 3, "episodes": []}',
        b'{"looked_at": "2026-03-01T14:15:00+00:00", "episodes": [{"alert": 1}]}',
        b'{"looked_at": "2026-03-01T14:15:00+00:00", "episodes": 3}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_one_that_cannot_be_understood_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)

    assert read_episodes(tmp_path) == ([], None)


def test_one_that_is_too_large_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_episodes(tmp_path, [EPISODE], NOW)
    monkeypatch.setattr(alert_file, "MAX_FILE_BYTES", 100)

    assert read_episodes(tmp_path) == ([], None)


def test_no_more_is_written_than_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_file, "MAX_EPISODES", 2)
    write_episodes(tmp_path, [EPISODE] * 3, NOW)

    assert len(read_episodes(tmp_path)[0]) == 2


def test_a_writing_that_fails_leaves_the_file_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_episodes(tmp_path, [EPISODE], NOW)

    def full(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("ingest.world.disk.sync", full)
    with pytest.raises(OSError, match="no space"):
        write_episodes(tmp_path, [], NOW)

    assert (read_episodes(tmp_path)[0], [file.name for file in tmp_path.iterdir()]) == (
        [EPISODE],
        [FILE_NAME],
    )
