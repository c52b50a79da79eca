"""A trouble is told once when it begins, again while it lasts, and once when it is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words.alerts import Episode, Finding, Kind
from ingest.work.alerts.episodes import CALM, FORGET, find_due, go_on, mark_told

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SILENT = Finding("a source is silent", "tide-gazette", "tide-gazette gave 0 articles")
OTHER = Finding("a gap is not filled", "tide-gazette", "1 gap")
ALL = {SILENT.alert, OTHER.alert}

Told = tuple[Kind, str, timedelta]


class Story:
    """Looks at instants, of which each finds something, and what is told at each."""

    def __init__(self, *ways: str) -> None:
        self.ways = ways or ("mail",)
        self.away: set[str] = set()
        self.episodes: list[Episode] = []
        self.told: list[tuple[Kind, str, float]] = []

    def look(
        self, hours: float, *findings: Finding, looked_at: Iterable[str] = frozenset(ALL)
    ) -> Story:
        now = START + hours * HOUR
        self.episodes = go_on(self.episodes, findings, set(looked_at), now)
        for at, episode in enumerate(self.episodes):
            for way in self.ways:
                kind = find_due(episode, way, now, DAY)
                if kind is not None and way not in self.away:
                    self.episodes[at] = mark_told(self.episodes[at], way, kind, now)
                    self.told.append((kind, way, hours))
        return self


@pytest.mark.parametrize(
    ("story", "told"),
    [
        (Story().look(0, SILENT).look(1, SILENT).look(23.9, SILENT), [(Kind.OPENED, 0)]),
        (
            Story().look(0, SILENT).look(24, SILENT).look(25, SILENT).look(48, SILENT),
            [(Kind.OPENED, 0), (Kind.REMINDED, 24), (Kind.REMINDED, 48)],
        ),
        (Story().look(0, SILENT).look(1).look(2).look(30), [(Kind.OPENED, 0), (Kind.CLOSED, 1)]),
        (Story().look(0, SILENT).look(0.5).look(0.9, SILENT).look(1.8), [(Kind.OPENED, 0)]),
        (
            Story().look(0, SILENT).look(2).look(3, SILENT),
            [(Kind.OPENED, 0), (Kind.CLOSED, 2), (Kind.OPENED, 3)],
        ),
        (
            Story().look(0, SILENT).look(2, looked_at={OTHER.alert}).look(3),
            [(Kind.OPENED, 0), (Kind.CLOSED, 3)],
        ),
        (Story().look(0), []),
    ],
)
def test_it_is_told_once_again_and_once(story: Story, told: list[tuple[Kind, float]]) -> None:
    assert [(kind, hours) for kind, _, hours in story.told] == told


def test_two_troubles_of_one_source_are_two() -> None:
    story = Story().look(0, SILENT, OTHER).look(2, OTHER)

    assert [kind for kind, _, _ in story.told] == [Kind.OPENED, Kind.OPENED, Kind.CLOSED]


def test_what_could_not_be_told_is_told_the_next_time() -> None:
    story = Story("mail", "pager")
    story.away = {"pager"}
    story.look(0, SILENT).look(1, SILENT)
    story.away = set()
    story.look(2, SILENT).look(3, SILENT)

    assert story.told == [(Kind.OPENED, "mail", 0), (Kind.OPENED, "pager", 2)]


def test_an_end_that_could_not_be_told_is_told_the_next_time() -> None:
    story = Story().look(0, SILENT)
    story.away = {"mail"}
    story.look(2)
    story.away = set()
    story.look(3).look(4)

    assert [(kind, hours) for kind, _, hours in story.told] == [(Kind.OPENED, 0), (Kind.CLOSED, 3)]


def test_a_trouble_that_comes_back_before_its_end_was_told_has_not_ended() -> None:
    story = Story().look(0, SILENT)
    story.away = {"mail"}
    story.look(2)
    story.away = set()
    story.look(3, SILENT)

    assert ([kind for kind, _, _ in story.told], story.episodes[0].opened_at) == (
        [Kind.OPENED],
        START,
    )


def test_the_end_of_what_nobody_was_told_is_told_nobody() -> None:
    story = Story()
    story.away = {"mail"}
    story.look(0, SILENT).look(2)
    story.away = set()
    story.look(3)

    assert (story.told, story.episodes) == ([], [])


def test_an_end_that_can_be_told_nobody_is_forgotten() -> None:
    story = Story().look(0, SILENT)
    story.away = {"mail"}
    hours = 1 + FORGET / HOUR
    kept = len(story.look(1).look(hours - 0.1).episodes)
    story.look(hours)

    assert (kept, story.episodes) == (1, [])


def test_the_newest_message_is_the_one_that_is_told() -> None:
    worse = Finding(SILENT.alert, SILENT.subject, "tide-gazette gave 0 articles in 168 hours")
    story = Story().look(0, SILENT).look(1, worse)

    assert story.episodes[0].finding == worse


@given(
    st.lists(
        st.tuples(st.floats(0.01, 40), st.booleans(), st.booleans(), st.booleans()), max_size=60
    )
)
def test_whatever_happens_the_tellings_alternate(
    looks: list[tuple[float, bool, bool, bool]],
) -> None:
    """Opened, then reminders a day apart at least, then closed, and only then opened again."""
    story, hours = Story(), 0.0
    for pause, wrong, looked, away in looks:
        hours += pause
        story.away = {"mail"} if away else set()
        found = [SILENT] if wrong and looked else []
        story.look(hours, *found, looked_at=ALL if looked else frozenset())
    faults = []
    before: tuple[Kind, float] | None = None
    for kind, _, at in story.told:
        is_open = before is not None and before[0] is not Kind.CLOSED
        if (kind is Kind.OPENED) == is_open:
            faults.append((before, kind, at))
        if kind is Kind.REMINDED and before is not None and at - before[1] < DAY / HOUR - 1e-6:
            faults.append((before, kind, at))
        before = kind, at

    assert faults == []


def test_the_calm_before_an_end_is_an_hour() -> None:
    assert CALM == HOUR
