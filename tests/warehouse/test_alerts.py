"""Every alert is shown a trouble that it finds, and one that is nearly the same and none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.warehouse.lives import DAY, FEED, HOUR, SOURCE, WEEK, Life, every, findings, had, story
from tests.warehouse.rows import poll, sighting

from ingest.words.alerts import Finding
from ingest.words.sources import Source
from ingest.world.warehouse import Warehouse, sql_files

NOW = datetime(2026, 5, 31, 20, tzinfo=UTC)  # a Sunday
SILENT = "a_source_is_silent"
DRIFTED = "the_extraction_of_a_source_has_drifted"
UNEXPECTED = "a_source_gives_more_or_fewer_articles_than_expected"
UNFILLED = "a_gap_is_not_filled"
STALE = "the_warehouse_is_stale"
AHEAD = "a_stamp_is_ahead_of_the_clock"


def asked(since: datetime = NOW - 10 * WEEK, until: datetime = NOW) -> Life:
    """Return a life in which a source is polled every three hours, at the end, too."""
    return Life().asks([until - at for at in every(3 * HOUR, 0 * HOUR, until - since)])


def hourly(since: datetime, until: datetime) -> list[datetime]:
    return every(HOUR, since + timedelta(minutes=5), until)


def silent_for(hours: float, step: timedelta = HOUR, weeks: int = 10) -> Life:
    since = NOW - weeks * WEEK
    return asked(since).gives(every(step, since, NOW - hours * HOUR))


def at_weekends_silent() -> Life:
    days = [at for at in hourly(NOW - 10 * WEEK, NOW) if at.weekday() < 5]
    return asked().gives(days)


def silent_since_friday() -> Life:
    """One that gives something at weekends, too."""
    return asked().gives(hourly(NOW - 10 * WEEK, NOW - 44 * HOUR))


def with_an_outage_in_one_week() -> Life:
    gone = NOW - 2 * WEEK
    given = hourly(NOW - 10 * WEEK, gone - WEEK) + hourly(gone, NOW - DAY)
    return asked().gives(given)


def nobody_asked_for_most_of_a_day() -> Life:
    until = NOW - 22 * HOUR
    return asked(until=until).gives(hourly(NOW - 10 * WEEK, until))


def an_archive_came_in_six_weeks() -> Life:
    life = asked().gives(every(2 * DAY, NOW - 10 * WEEK, NOW - DAY))
    for week in range(1, 7):
        until = NOW - week * WEEK
        life.gives(every(HOUR / 4, until - DAY, until), published_on=OLD)
    return life


def all_fails_for_a_day() -> Life:
    life = asked(until=NOW - DAY)
    life.asks(
        every(3 * HOUR, NOW - 21 * HOUR, NOW + HOUR),
        outcome="failed",
        reason="time_out",
        sha256=None,
    )
    return life.gives(hourly(NOW - 10 * WEEK, NOW - DAY))


def revised_only() -> Life:
    """Nothing is new for a day, but every hour an old story is had again and is another."""
    life = silent_for(24)
    for hour, at in enumerate(hourly(NOW - DAY, NOW)):
        first_at = NOW - 9 * WEEK + hour * HOUR
        for each in (first_at, at):
            document = had(each, f"old-story-{hour}")
            life.rows["documents"].append(document)
            life.rows["articles"].append(story(document, published_on=None))
    return life


def of_48_a_day_only(count: int) -> Life:
    """The last day has so many articles of a source that gives 48 a day."""
    last = every(DAY / count, NOW - DAY + timedelta(minutes=9), NOW)
    return silent_for(24, step=HOUR / 2).gives(last)


OLD = datetime(2019, 1, 1, tzinfo=UTC).date()


@pytest.mark.parametrize(
    ("life", "hours"),
    [
        (lambda: silent_for(24), [24]),
        (lambda: silent_for(12), []),
        (lambda: silent_for(24, weeks=2), []),
        (silent_since_friday, [24]),
        (at_weekends_silent, []),
        (with_an_outage_in_one_week, [24]),
        (nobody_asked_for_most_of_a_day, []),
        (an_archive_came_in_six_weeks, []),
        (all_fails_for_a_day, [24]),
        (revised_only, [24]),
        (lambda: of_48_a_day_only(4), [24]),
        (lambda: of_48_a_day_only(6), []),
        (lambda: silent_for(7 * 24, step=8 * HOUR), [168]),
        (lambda: silent_for(3 * 24, step=8 * HOUR), []),
        (lambda: silent_for(14 * 24, step=DAY), [336]),
        (lambda: silent_for(14 * 24, step=DAY, weeks=6), []),
        (lambda: silent_for(14 * 24, step=3 * DAY), []),
        (asked, []),
    ],
)
def test_a_source_is_silent_against_its_own_history(
    empty: Warehouse, life: Callable[[], Life], hours: list[int]
) -> None:
    found = findings(empty, SILENT, life(), NOW)

    assert [finding.facts["span_hours"] for finding in found] == hours


def test_a_source_that_is_switched_off_is_not_silent(empty: Warehouse) -> None:
    off = replace(SOURCE, enabled=False)

    assert findings(empty, SILENT, silent_for(24), NOW, off) == []


def test_the_silence_is_told_in_numbers(empty: Warehouse) -> None:
    (finding,) = findings(empty, SILENT, all_fails_for_a_day(), NOW)

    assert finding.message == (
        "harbour-echo gave 0 articles in 24 hours, where 24 are usual (the middle of 8 earlier "
        "weeks); 8 of 8 polls failed; the last article came 2026-05-30 19:05 UTC"
    )


def test_a_source_that_varies_more_is_given_more_time(empty: Warehouse) -> None:
    """The same middle, but weeks of 8 and of 40 articles in these hours: none may be chance."""
    life = asked()
    for week in range(1, 10):
        until = NOW - week * WEEK
        step = timedelta(minutes=36) if week % 2 else timedelta(minutes=180)
        life.gives(every(step, until - DAY, until))

    assert findings(empty, SILENT, life, NOW) == []


def expecting(low: float | None, high: float | None) -> Source:
    return replace(SOURCE, min_articles_per_day=low, max_articles_per_day=high)


def giving(count: int, days: float = 3) -> Life:
    return asked(NOW - days * DAY).gives(every(HOUR, NOW - count * HOUR, NOW))


@pytest.mark.parametrize(
    ("life", "source", "articles"),
    [
        (lambda: giving(4), expecting(5, None), [4]),
        (lambda: giving(5), expecting(5, None), []),
        (lambda: giving(6), expecting(None, 5), [6]),
        (lambda: giving(5), expecting(None, 5), []),
        (lambda: giving(0), expecting(1, 5), [0]),
        (lambda: giving(4), SOURCE, []),
        (lambda: giving(4, days=0.9), expecting(5, None), []),
        (
            lambda: giving(1).gives(hourly(NOW - DAY, NOW - HOUR), published_on=OLD),
            expecting(0, 5),
            [],
        ),
        (lambda: asked(NOW - 9 * DAY, NOW - 2 * DAY), expecting(5, None), []),
    ],
)
def test_a_source_gives_another_number_of_articles_than_a_person_expects(
    empty: Warehouse, life: Callable[[], Life], source: Source, articles: list[int]
) -> None:
    found = findings(empty, UNEXPECTED, life(), NOW, source)

    assert [finding.facts["articles"] for finding in found] == articles


@pytest.mark.parametrize(
    ("count", "source", "told"),
    [
        (4, expecting(5, 9.5), "5 or more"),
        (12, expecting(5, 9.5), "9.5 or fewer"),
    ],
)
def test_what_was_expected_is_told(empty: Warehouse, count: int, source: Source, told: str) -> None:
    (finding,) = findings(empty, UNEXPECTED, giving(count), NOW, source)

    assert finding.message == f"harbour-echo gave {count} articles in 24 hours; expected are {told}"


def drifting(recent: Life, earlier: Callable[[Life], Life] | None = None) -> Life:
    """Put four articles a day of the eight weeks before in front of what is recent."""
    before = every(6 * HOUR, NOW - 9 * WEEK + HOUR, NOW - WEEK)
    life = recent.gives(before)
    return earlier(life) if earlier else life


def recent(bad: int, good: int, **changes: Any) -> Life:
    instants = every(HOUR, NOW - (bad + good) * HOUR, NOW)
    return Life().gives(instants[:bad], **changes).gives(instants[bad:])


def mixed_before(life: Life) -> Life:
    """Half of what was before lacked its authors, too."""
    for number, row in enumerate(life.rows["articles"]):
        if row["fetched_at"] < NOW - WEEK and number % 2:
            row["authors"] = []
    return life


def with_little_history(pages: int) -> Life:
    first_at = NOW - 8 * DAY
    return recent(28, 0, authors=[]).gives([first_at - at * HOUR * 12 for at in range(pages)])


@pytest.mark.parametrize(
    ("life", "symptoms"),
    [
        (lambda: drifting(recent(20, 8, authors=[])), ["no author"]),
        (lambda: drifting(recent(2, 26, authors=[])), []),
        (lambda: drifting(recent(20, 8, authors=[]), mixed_before), []),
        (lambda: drifting(recent(28, 0, title=None)), ["no title"]),
        (lambda: drifting(recent(28, 0, published_on=None)), ["no day of publication"]),
        (lambda: drifting(recent(28, 0, word_count=99)), ["a short body"]),
        (lambda: drifting(recent(28, 0, word_count=100)), []),
        (lambda: drifting(recent(9, 0, authors=[])), []),
        (lambda: drifting(recent(10, 0, authors=[])), ["no author"]),
        (lambda: drifting(recent(28, 0, authors=[], published_on=OLD)), []),
        (
            lambda: drifting(Life().refuses(every(HOUR, NOW - 20 * HOUR, NOW), "consent")),
            ["no article"],
        ),
        (lambda: with_little_history(30), ["no author"]),
        (lambda: with_little_history(29), []),
        (
            lambda: recent(28, 0, authors=[]).gives(every(HOUR, NOW - 10 * DAY, NOW - 8 * DAY)),
            [],
        ),
    ],
)
def test_extraction_has_drifted_against_the_weeks_before(
    empty: Warehouse, life: Callable[[], Life], symptoms: list[str]
) -> None:
    found = findings(empty, DRIFTED, life(), NOW)

    assert [finding.facts["symptom"] for finding in found] == symptoms


def test_a_share_that_grew_by_less_than_is_told_is_not(empty: Warehouse) -> None:
    life = drifting(recent(20, 8, authors=[]))

    assert [
        len(findings(empty, DRIFTED, life, NOW, drift_share=share)) for share in (0.71, 0.72)
    ] == [1, 0]


def test_the_drift_is_told_in_numbers(empty: Warehouse) -> None:
    (finding,) = findings(empty, DRIFTED, drifting(recent(20, 8, authors=[])), NOW)

    assert finding.message == (
        "harbour-echo: no author in 20 of 28 pages of the last 7 days, against 0 of 224 in the 8 "
        "weeks before"
    )


def gap(hours: float, *, filled: bool = False) -> Life:
    found_at = NOW - hours * HOUR
    life = Life().asks([found_at - DAY]).asks([found_at], gap_since=found_at - DAY)
    if filled:
        sitemap = poll("sitemap", polled_at=found_at + HOUR, reaches_back_to=found_at - DAY)
        life.rows["polls"].append(sitemap)
        life.rows["sightings"].append(sighting("missed", sitemap, list_kind="sitemap"))
    return life


@pytest.mark.parametrize(
    ("life", "gaps"),
    [
        (lambda: gap(48), [1]),
        (lambda: gap(47.9), []),
        (lambda: gap(48, filled=True), []),
        (lambda: gap(14 * 24 - 1), [1]),
        (lambda: gap(14 * 24), []),
    ],
)
def test_a_gap_is_told_when_it_was_waited_for_in_vain(
    empty: Warehouse, life: Callable[[], Life], gaps: list[int]
) -> None:
    assert [each.facts["gaps"] for each in findings(empty, UNFILLED, life(), NOW)] == gaps


def polled_before(hours: float, due_hours: float, **changes: Any) -> Life:
    return Life().asks([NOW - hours * HOUR], again_at=NOW - due_hours * HOUR, **changes)


ELSEWHERE = {"url": f"{FEED}/elsewhere"}


@pytest.mark.parametrize(
    ("life", "limits", "subjects"),
    [
        (lambda: polled_before(12, 6), {}, ["polling"]),
        (lambda: polled_before(12, 5.9), {}, []),
        (lambda: polled_before(12, 6).asks([NOW - HOUR], **ELSEWHERE), {}, []),
        (lambda: polled_before(12, 6, **ELSEWHERE), {}, []),
        (lambda: polled_before(12, 6), {"stale_hours": 7.0}, []),
        (lambda: polled_before(12, 1), {"stale_load_hours": 12.0}, ["collecting"]),
        (lambda: polled_before(11.9, 1), {"stale_load_hours": 12.0}, []),
        (lambda: Life().gives([NOW - 24 * HOUR]), {"stale_load_hours": 12.0}, ["collecting"]),
        (lambda: Life().gives([NOW - 24 * HOUR]), {}, []),
        (Life, {"stale_load_hours": 12.0}, []),
    ],
)
def test_a_warehouse_is_stale_when_nobody_did_what_was_due(
    empty: Warehouse, life: Callable[[], Life], limits: dict[str, float], subjects: list[str]
) -> None:
    found = findings(empty, STALE, life(), NOW, **limits)

    assert [finding.subject for finding in found] == subjects


@pytest.mark.parametrize(
    ("life", "ahead_hours"),
    [
        (lambda: Life().asks([NOW + 480 * HOUR]), [480.0]),
        (lambda: Life().gives([NOW + 3 * HOUR]).asks([NOW - HOUR]), [3.0]),
        (lambda: Life().asks([NOW + 0.05 * HOUR]), []),
        (lambda: Life().asks([NOW - HOUR]), []),
        (Life, []),
    ],
)
def test_a_stamp_that_is_ahead_of_the_clock_is_told(
    empty: Warehouse, life: Callable[[], Life], ahead_hours: list[float]
) -> None:
    found = findings(empty, AHEAD, life(), NOW)

    assert [finding.facts["ahead_hours"] for finding in found] == ahead_hours


def well() -> Life:
    """A source with which all is well."""
    return asked().gives(hourly(NOW - 10 * WEEK, NOW))


@pytest.mark.parametrize("file", sql_files("alerts"), ids=lambda file: file.name)
def test_a_source_with_which_all_is_well_alerts_nobody(empty: Warehouse, file: Any) -> None:
    name = file.name.removesuffix(".sql")

    assert findings(empty, name, well(), NOW, expecting(5, 50)) == []


TROUBLES: dict[str, tuple[Callable[[], Life], Source]] = {
    SILENT: (lambda: silent_for(24), SOURCE),
    UNEXPECTED: (lambda: giving(4), expecting(5, None)),
    DRIFTED: (lambda: drifting(recent(20, 8, authors=[])), SOURCE),
    UNFILLED: (lambda: gap(48), SOURCE),
    STALE: (lambda: polled_before(12, 6), SOURCE),
    AHEAD: (lambda: Life().asks([NOW + 480 * HOUR]), SOURCE),
}


def find_trouble(warehouse: Warehouse, name: str) -> list[Finding]:
    life, source = TROUBLES[name]
    return findings(warehouse, name, life(), NOW, source)


@pytest.mark.parametrize("file", sql_files("alerts"), ids=lambda file: file.name)
def test_every_alert_is_shown_a_trouble_and_tells_it_in_numbers(
    empty: Warehouse, file: Any
) -> None:
    """Each file of warehouse/alerts/ must have its planted trouble here."""
    (finding,) = find_trouble(empty, file.name.removesuffix(".sql"))

    assert (finding.alert, any(sign.isdigit() for sign in finding.message)) == (
        file.name.removesuffix(".sql").replace("_", " "),
        True,
    )
