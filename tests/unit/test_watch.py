"""Watching a home: what is wrong is told once in each way, whatever happens to whoever tells it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.warehouse.rows import append, article, document, rejection
from tests.warehouse.test_checks import publish

from ingest.words.alerts import LAW_BROKE, Episode, Finding, Kind, Telling
from ingest.words.errors import IngestError, LawBroken
from ingest.work.alerts import watch
from ingest.work.alerts.watch import Watch, tell_by_command
from ingest.work.publish import Home
from ingest.world.alert_file import FILE_NAME, read_episodes, write_episodes
from ingest.world.disk import measure_room
from ingest.world.lock import hold_lock
from ingest.world.settings.alerts import AlertSettings
from ingest.world.warehouse import SQL

NOW = datetime(2026, 3, 1, 14, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
FULL = AlertSettings(disk_free_bytes=2**62)
WELL = AlertSettings(disk_free_bytes=0, disk_free_share=0)
BROKEN = LawBroken("nothing was published: every poll is there once: 1 row(s) break it")


@dataclass
class Bell:
    """A way of telling, which may be out of order."""

    rung: list[Telling] = field(default_factory=list)
    fault: BaseException | None = None
    tries: int = 0

    def __call__(self, telling: Telling) -> None:
        self.tries += 1
        if isinstance(self.fault, Exception):
            raise self.fault
        self.rung.append(telling)
        if self.fault is not None:  # told, and then killed
            raise self.fault

    @property
    def kinds(self) -> list[str]:
        return [f"{telling.kind} {telling.finding.alert}" for telling in self.rung]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_full_disk_is_told_once_and_so_is_its_end(home: Home) -> None:
    bell = Bell()
    for hours, settings in enumerate((FULL, FULL, FULL, WELL, WELL)):
        Watch(home, settings, {"bell": bell}).look(NOW + hours * HOUR)

    assert bell.kinds == ["opened the disk is nearly full", "closed the disk is nearly full"]


def test_a_disk_that_has_the_room_that_is_asked_for_is_not_full(home: Home) -> None:
    assert [Watch(home, settings).look(NOW).open for settings in (WELL, AlertSettings())] == [
        (),
        (),
    ]


def test_a_disk_without_room_for_two_warehouses_is_full(home: Home) -> None:
    ferry = document("ferry.txt")
    append(home.lake, documents=[ferry], articles=[article(ferry, "The ferry", "It ran aground.")])
    publish(home)
    file = home.generations.current()
    assert file is not None
    file.chmod(0o644)
    size = measure_room(home.folder)[0] // 2 + 2**30
    with file.open("r+b") as grown:
        grown.truncate(size)  # a hole, which takes no room
    found = Watch(home, WELL).look(NOW).open

    assert [episode.finding.facts["warehouse_bytes"] for episode in found] == [size]


def test_what_is_told_has_its_numbers_and_its_place_in_the_run_book(home: Home) -> None:
    bell = Bell()
    Watch(home, FULL, {"bell": bell}).look(NOW)
    told = bell.rung[0].to_json()

    assert (told["alert"], told["kind"], told["opened_at"], told["run_book"], told["home"]) == (
        "the disk is nearly full",
        "opened",
        "2026-03-01T14:15:00+00:00",
        "deploy/README.md: The disk is nearly full",
        str(home.folder),
    )


def test_a_bell_that_is_out_of_order_rings_the_next_time_and_the_others_now(home: Home) -> None:
    broken, bell = Bell(fault=IngestError("no line")), Bell()
    look = Watch(home, FULL, {"broken": broken, "bell": bell}).look(NOW)
    broken.fault = None
    Watch(home, FULL, {"broken": broken, "bell": bell}).look(NOW + HOUR)

    assert (look.failed, len(broken.rung), len(bell.rung)) == (
        ("the disk is nearly full was not told (broken): no line",),
        1,
        1,
    )


def test_a_bell_that_is_out_of_order_is_tried_once_a_look(home: Home) -> None:
    broken = Bell(fault=OSError("no line"))
    look = Watch(home, FULL, {"broken": broken}).look(NOW, work="poll", broken=BROKEN)

    assert (len(look.open), broken.tries) == (2, 1)


def test_a_kill_right_after_telling_tells_that_one_again_and_no_other(home: Home) -> None:
    bell = Bell()
    Watch(home, FULL, {"bell": bell}).look(NOW)
    bell.fault = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        Watch(home, FULL, {"bell": bell}).look(NOW + HOUR, work="poll", broken=BROKEN)
    bell.fault = None
    Watch(home, FULL, {"bell": bell}).look(NOW + 2 * HOUR, work="poll", broken=BROKEN)
    Watch(home, FULL, {"bell": bell}).look(NOW + 3 * HOUR, work="poll", broken=BROKEN)

    assert bell.kinds == ["opened the disk is nearly full", *["opened a law broke"] * 2]


def test_no_more_is_told_at_once_than_anybody_reads(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MAX_TOLD_AT_ONCE", 1)
    bell = Bell()
    counts = []
    for hours in range(3):
        Watch(home, FULL, {"bell": bell}).look(NOW + hours * HOUR, work="poll", broken=BROKEN)
        counts.append(len(bell.rung))

    assert counts == [1, 2, 2]


def test_while_another_looks_nothing_is_told(home: Home) -> None:
    bell = Bell()
    with hold_lock(home.folder, work="look", now=NOW, role="alerts"):
        look = Watch(home, FULL, {"bell": bell}).look(NOW)

    assert (bell.rung, len(look.failed)) == ([], 1)


def test_a_broken_law_is_open_until_all_that_is_in_the_lake_is_published(home: Home) -> None:
    ferry, storm = document("ferry.txt"), document("storm.txt", 2)
    append(home.lake, documents=[ferry], articles=[article(ferry, "The ferry", "It ran aground.")])
    publish(home)
    append(home.lake, documents=[storm], rejections=[rejection(storm, "no_text")])
    bell = Bell()
    watching = Watch(home, WELL, {"bell": bell})
    tomorrow = NOW + 24 * HOUR  # when both are in the lake
    watching.look(tomorrow, work="poll", broken=BROKEN)
    watching.look(tomorrow + 2 * HOUR)  # a run that publishes nothing, such as a report
    waiting = list(bell.kinds)
    publish(home)
    watching.look(tomorrow + 3 * HOUR)

    assert (waiting, bell.kinds) == (
        ["opened a law broke"],
        ["opened a law broke", "closed a law broke"],
    )


def test_a_law_that_what_is_published_breaks_is_open_until_the_same_work_finds_it_no_more(
    home: Home,
) -> None:
    ferry = document("ferry.txt")
    append(home.lake, documents=[ferry], articles=[article(ferry, "The ferry", "It ran aground.")])
    publish(home)
    bell = Bell()
    watching = Watch(home, WELL, {"bell": bell})
    watching.look(NOW, work="verify", broken=BROKEN)
    watching.look(NOW + 2 * HOUR, work="poll")
    watching.look(NOW + 3 * HOUR)
    open_still = list(bell.kinds)
    watching.look(NOW + 4 * HOUR, work="verify")

    assert (open_still, bell.kinds, bell.rung[0].finding.subject) == (
        ["opened a law broke"],
        ["opened a law broke", "closed a law broke"],
        "verify",
    )


def test_what_another_version_has_left_open_is_forgotten(home: Home) -> None:
    finding = Finding("the printer is out of paper", "tray 2", "0 sheets")
    write_episodes(home.folder, [Episode(finding, NOW, NOW, told={"bell": NOW})], NOW)
    bell = Bell()
    look = Watch(home, WELL, {"bell": bell}).look(NOW + 48 * HOUR)

    assert (look.open, bell.kinds, read_episodes(home.folder)[0]) == ((), [], [])


def test_a_query_that_fails_hides_no_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    ferry = document("ferry.txt")
    append(home.lake, documents=[ferry], articles=[article(ferry, "The ferry", "It ran aground.")])
    publish(home)
    read = watch.find_all.__globals__["read_sql"]
    monkeypatch.setitem(
        watch.find_all.__globals__,
        "read_sql",
        lambda folder, name: "from nowhere" if "silent" in name else read(folder, name),
    )
    settings = replace(FULL, stale_load_hours=1.0)
    look = Watch(home, settings).look(datetime(2027, 1, 1, tzinfo=UTC))

    assert ([each.finding.alert for each in look.open], len(look.failed)) == (
        ["the disk is nearly full", "the warehouse is stale"],
        1,
    )


def test_the_command_is_given_the_alert_as_json(home: Home) -> None:
    settings = replace(FULL, command=("/bin/sh", "-c", "cat >> told"))
    for hours in (0, 1):
        Watch(home, settings, tell_by_command(home, settings)).look(NOW + hours * HOUR)
    told = json.loads((home.folder / "told").read_text())

    assert (told["kind"], told["subject"], told["facts"]["free_bytes"] > 0) == (
        "opened",
        str(home.folder),
        True,
    )


def test_without_a_command_nobody_is_told_and_what_is_open_is_known(home: Home) -> None:
    look = Watch(home, FULL, tell_by_command(home, FULL)).look(NOW)

    assert (look.told, len(look.open), (home.folder / FILE_NAME).exists()) == ((), 1, True)


def test_a_test_alert_is_told_in_every_way_and_leaves_no_trace(home: Home) -> None:
    bell, broken = Bell(), Bell(fault=IngestError("no line"))
    look = Watch(home, FULL, {"bell": bell, "broken": broken}).test(NOW)

    assert (
        [telling.kind for telling in bell.rung],
        look.failed,
        (home.folder / FILE_NAME).exists(),
    ) == ([Kind.TEST], ("the test was not told (broken): no line",), False)


def test_the_alert_of_laws_is_no_query(home: Home) -> None:
    """The names of the queries and those of the code must not meet."""
    del home
    names = {
        file.name.removesuffix(".sql").replace("_", " ") for file in (SQL / "alerts").iterdir()
    }

    assert LAW_BROKE not in names
