"""Alerting at the end of a run: it changes nothing of how the run ends, and names what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.warehouse.rows import day

from ingest.flows import alerting
from ingest.flows.alerting import make_event, tell_by_prefect
from ingest.flows.automations import find_flow_names, ship
from ingest.flows.frame import carry_out
from ingest.words.alerts import Finding, Kind, Telling
from ingest.words.errors import LawBroken, Locked
from ingest.work.publish import Home
from ingest.work.summary import PollSummary
from ingest.world.alert_file import FILE_NAME, read_episodes

SILENT = Finding("a source is silent", "Tide Gazette/Ünïcode", "0 articles", {"articles": 0})
TELLING = Telling(Kind.OPENED, SILENT, day(1), day(2), "/srv/news")
DONE = PollSummary("a run", 0)


def break_a_law() -> PollSummary:
    raise LawBroken("nothing was published: every poll is there once")


def find_it_locked() -> PollSummary:
    raise Locked("another loader is at work")


def test_what_keeps_from_looking_fails_no_run(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    shown: list[PollSummary] = []
    state = carry_out(Home(tmp_path), lambda: DONE, shown.append)

    assert (state.is_completed(), shown) == (True, [DONE])


@pytest.mark.parametrize("blocked", [False, True])
def test_a_run_that_fails_fails_as_it_would(tmp_path: Path, blocked: bool) -> None:
    if blocked:
        (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(LawBroken, match="every poll is there once"):
        carry_out(Home(tmp_path), break_a_law, lambda _: None)


@pytest.mark.parametrize(
    ("work", "opened"), [(break_a_law, ["a law broke"]), (find_it_locked, None)]
)
def test_a_run_that_fails_is_looked_after(
    tmp_path: Path, work: Callable[[], PollSummary], opened: list[str] | None
) -> None:
    """Unless another run is at work, which looks at its own end."""
    with pytest.raises((LawBroken, Locked)):
        carry_out(Home(tmp_path), work, lambda _: None)
    episodes, looked_at = read_episodes(tmp_path)

    assert (looked_at and [each.finding.alert for each in episodes]) == opened


def test_an_event_is_of_the_trouble_and_has_all_that_is_told() -> None:
    event = make_event(TELLING)

    assert (event.event, event.resource.id, event.payload["message"]) == (
        "ingest.alert.opened",
        "ingest.alert.a-source-is-silent.tide-gazette-ünïcode",
        "0 articles",
    )


def test_the_opening_and_the_end_of_a_trouble_are_of_one_resource() -> None:
    closed = replace(TELLING, kind=Kind.CLOSED)

    assert make_event(closed).resource == make_event(TELLING).resource


def test_a_long_name_makes_no_long_resource() -> None:
    long = replace(TELLING, finding=replace(SILENT, subject="x" * 100_000))

    assert len(make_event(long).resource.id) < 300


def test_without_a_server_no_events_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerting.PREFECT_API_URL, "value", lambda: None)

    assert tell_by_prefect() == {}


def test_automations_watch_the_flows_of_this_package_and_no_others() -> None:
    watched = {
        name
        for each in ship()
        for name in each.trigger.match_related.get("prefect.resource.name", [])
    }

    assert watched == find_flow_names() >= {"poll sources", "ingest files"}
