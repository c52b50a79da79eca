"""When to ask again: ladders that end, rates that fade, intervals within their bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words.reasons import Reason
from ingest.words.sources import Source
from ingest.words.web import PASSING
from ingest.work.poll.schedule import (
    DAY,
    HOUR,
    LOOKS,
    MINUTE,
    RETRIES,
    TOMBSTONE_AFTER,
    Pace,
    next_look,
    next_pace,
    next_try,
    rest_after_failure,
)

SOURCE = Source("tide-gazette", min_poll_minutes=15, max_poll_minutes=360)


def pace(**changes: object) -> Pace:
    usual: dict[str, object] = {
        "before": 1.0,
        "elapsed": HOUR,
        "new_count": 1,
        "item_count": 30,
        "asked_for": timedelta(),
    }
    return next_pace(SOURCE, **(usual | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("link_id", [0, -1, 7, 2**62])
def test_a_page_is_looked_at_again_at_each_step_and_at_most_a_tenth_later(link_id: int) -> None:
    ages = [timedelta()]
    while (wait := next_look(ages[-1], link_id)) is not None:
        ages.append(ages[-1] + wait)

    assert len(ages) == 1 + len(LOOKS)
    assert all(step <= age <= 1.1 * step for age, step in zip(ages[1:], LOOKS, strict=True))


def test_a_look_out_of_turn_takes_no_step_away() -> None:
    age = timedelta(days=2, hours=6)

    assert timedelta(days=3) <= age + (next_look(age, 7) or age) <= timedelta(days=3.3)


def test_a_look_that_was_late_takes_the_place_of_a_step_that_is_near() -> None:
    assert next_look(HOUR - timedelta(minutes=4), 0) == 3 * HOUR - HOUR + timedelta(minutes=4)


def test_after_the_last_step_a_page_is_left_alone() -> None:
    assert next_look(LOOKS[-1] * 1.1, 7) is None


@pytest.mark.parametrize("reason", sorted(PASSING))
def test_what_may_pass_is_tried_again_until_the_ladder_ends(reason: Reason) -> None:
    tries = [next_try(reason, attempt, 0, 7) for attempt in range(1, len(RETRIES) + 2)]

    assert [wait is not None for wait in tries] == [True] * len(RETRIES) + [False]


@pytest.mark.parametrize("reason", sorted(set(Reason) - PASSING - {Reason.GONE}))
def test_what_will_not_pass_is_not_tried_again(reason: Reason) -> None:
    assert next_try(reason, 1, 0, 7) is None


def test_a_page_that_is_gone_is_looked_for_until_a_tombstone_may_be_set() -> None:
    waits = [next_try(Reason.GONE, attempt, 3, 0) for attempt in range(1, 5)]

    assert (waits[-1], sum(filter(None, waits), timedelta())) == (None, TOMBSTONE_AFTER)


def test_a_tombstone_takes_fourteen_days() -> None:
    assert TOMBSTONE_AFTER == 14 * DAY


def test_a_list_of_which_nothing_is_known_is_asked_again_soon() -> None:
    assert pace(before=None, elapsed=None).interval == 15 * MINUTE


@pytest.mark.parametrize(
    ("new_count", "expected"),
    [(1, HOUR), (2, 30 * MINUTE), (4, 15 * MINUTE), (400, 15 * MINUTE)],
)
def test_one_new_item_a_poll_is_aimed_at(new_count: int, expected: timedelta) -> None:
    assert pace(new_count=new_count).interval == expected


def test_a_short_window_is_asked_for_before_it_has_turned_over() -> None:
    assert pace(item_count=1).interval == HOUR / 3


def test_a_rate_counts_half_after_a_day() -> None:
    assert pace(before=2.0, elapsed=DAY, new_count=0).items_per_hour == pytest.approx(1.0)


def test_a_list_asks_to_be_left_alone_and_is_up_to_the_longest_interval() -> None:
    asked_for = [timedelta(hours=hours) for hours in (2, 48)]

    assert [pace(asked_for=each).interval for each in asked_for] == [2 * HOUR, 6 * HOUR]


@given(
    before=st.none() | st.floats(0, 1e6),
    elapsed=st.none() | st.timedeltas(timedelta(), timedelta(days=4000)),
    new_count=st.integers(0, 10**6),
    item_count=st.integers(0, 10**6),
    asked_for=st.timedeltas(timedelta(), timedelta(days=4000)),
)
def test_an_interval_is_always_within_the_bounds_of_its_source(**facts: object) -> None:
    assert 15 * MINUTE <= pace(**facts).interval <= 360 * MINUTE


def test_a_failing_list_is_asked_ever_more_seldom_and_once_a_day_at_least() -> None:
    source = Source("slow", min_poll_minutes=60)
    rests = [rest_after_failure(source, attempt) for attempt in (1, 2, 3, 4, 5, 5000)]

    assert rests == [2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY]
