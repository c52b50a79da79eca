"""Politeness: rests that hosts can rely on, measured where it counts: at the host."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from tests.web.conftest import START, FastClock, opened
from tests.web.server import Behaviour, Request, answer, raw, redirect, serving

from ingest.words.reasons import Reason
from ingest.words.web import PASSING, Answer, Ask
from ingest.work.poll.loop import ForwardClock
from ingest.world.web.client import anyone_may
from ingest.world.web.hosts import Hosts
from ingest.world.web.settings import Politeness


class Log:
    """When each request came and when its answer was at its end, by the clock of the test."""

    def __init__(self, clock: FastClock, seconds: float = 0.0) -> None:
        self.clock = clock
        self.seconds = seconds
        self.spans: list[tuple[timedelta, timedelta]] = []

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        began = self.clock.now() - START
        # time passes while the host thinks
        self.clock.time += timedelta(seconds=self.seconds)
        self.spans.append((began, self.clock.now() - START))
        await answer()(request, writer)

    @property
    def gaps(self) -> list[float]:
        return [(later[0] - earlier[1]).total_seconds() for earlier, later in pairwise(self.spans)]


def fetch_many(
    behaviour: Behaviour,
    clock: FastClock,
    asks: int,
    *,
    delay: float,
    politeness: Politeness | None = None,
    names: tuple[str, ...] = ("ledger.example",),
) -> list[Answer]:
    async def run() -> list[Answer]:
        paths = {f"/{number}": behaviour for number in range(asks)}
        async with serving(paths) as server, opened(clock, politeness=politeness) as web:
            return await asyncio.gather(
                *(
                    web.fetch(
                        Ask(f"http://{names[number % len(names)]}:{server.port}/{number}"),
                        delay_seconds=delay,
                        may=anyone_may,
                    )
                    for number in range(asks)
                )
            )

    return asyncio.run(run())


@pytest.mark.parametrize("seconds", [0.0, 7.0])
def test_a_host_rests_from_the_end_of_an_answer_to_the_next_request(seconds: float) -> None:
    clock = FastClock()
    log = Log(clock, seconds)
    fetch_many(log, clock, 6, delay=2.0)

    assert (len(log.spans), min(log.gaps) >= 2.0, max(log.gaps) < 2.1) == (6, True, True)


def test_a_redirect_within_a_host_rests_too() -> None:
    clock = FastClock()
    log = Log(clock)

    async def run() -> None:
        async def lead(request: Request, writer: asyncio.StreamWriter) -> None:
            log.spans.append((clock.now() - START, clock.now() - START))
            await redirect("/b")(request, writer)

        async with serving({"/a": lead, "/b": log}) as server, opened(clock) as web:
            url = f"http://ledger.example:{server.port}/a"
            await web.fetch(Ask(url), delay_seconds=3.0, may=anyone_may)

    asyncio.run(run())

    assert log.gaps == [3.0]


def test_a_second_try_after_a_stale_connection_rests_too() -> None:
    clock = FastClock()
    log = Log(clock)

    async def once(request: Request, writer: asyncio.StreamWriter) -> None:
        await log(request, writer)
        if len(log.spans) == 2:
            writer.transport.abort()

    answers = fetch_many(once, clock, 2, delay=2.0)

    assert [found.reason for found in answers] in ([None, None], [None, Reason.BROKEN_ANSWER])
    assert min(log.gaps) >= 2.0


def test_hosts_do_not_wait_for_each_other() -> None:
    clock = FastClock()
    names = tuple(f"outlet-{number}.example" for number in range(10))
    log = Log(clock)
    fetch_many(log, clock, 10, delay=60.0, names=names)

    assert clock.now() - START < timedelta(seconds=1)


def test_one_host_is_asked_one_thing_at_a_time() -> None:
    clock = FastClock()
    under_way = []
    most = []

    async def slowly(request: Request, writer: asyncio.StreamWriter) -> None:
        under_way.append(request.path)
        most.append(len(under_way))
        await asyncio.sleep(0.01)
        await answer()(request, writer)
        under_way.remove(request.path)

    fetch_many(slowly, clock, 8, delay=0.0)

    assert max(most) == 1


TOO_MANY = answer(status="429 Too Many Requests")


def test_a_host_that_fails_is_left_alone_for_longer_each_time() -> None:
    clock = FastClock()
    log = Log(clock)

    async def busy(request: Request, writer: asyncio.StreamWriter) -> None:
        log.spans.append((clock.now() - START, clock.now() - START))
        await TOO_MANY(request, writer)

    fetch_many(busy, clock, 5, delay=1.0)

    # two seconds, doubled each time, and up to half as much again
    assert all(wait <= gap <= 1.5 * wait for wait, gap in zip([2, 4, 8, 16], log.gaps, strict=True))


@pytest.mark.parametrize(
    "behaviour",
    [TOO_MANY, answer(status="503 Busy"), raw(), raw(b"", seconds_between=9.0)],
    ids=["429", "503", "silent close", "time-out"],
)
def test_a_host_that_fails_too_often_rests_and_is_not_asked(behaviour: Behaviour) -> None:
    clock = FastClock()
    politeness = Politeness(failures_before_rest=2)
    requests = []

    async def counted(request: Request, writer: asyncio.StreamWriter) -> None:
        requests.append(request)
        await behaviour(request, writer)

    answers = fetch_many(counted, clock, 6, delay=0.0, politeness=politeness)
    resting = [found for found in answers if found.detail.startswith("resting")]

    assert len(requests) == 2
    assert len(resting) == 4
    assert all(found.reason in PASSING and found.status is None for found in resting)


def test_a_host_is_asked_again_when_it_has_rested() -> None:
    clock = FastClock()
    polite = Politeness(failures_before_rest=1, rest_seconds=600)
    statuses = iter(["503 Busy", "200 OK"])

    async def at_first_busy(request: Request, writer: asyncio.StreamWriter) -> None:
        await answer(status=next(statuses))(request, writer)

    async def run() -> list[Reason | None]:
        async with (
            serving({"/a": at_first_busy}) as server,
            opened(clock, politeness=polite) as web,
        ):
            ask = Ask(f"http://ledger.example:{server.port}/a")
            reasons = []
            for wait in (0, 500, 101):
                clock.time += timedelta(seconds=wait)
                found = await web.fetch(ask, delay_seconds=0.0, may=anyone_may)
                reasons.append(found.reason)
            return reasons

    assert asyncio.run(run()) == [Reason.SERVER_ERROR, Reason.SERVER_ERROR, None]


@pytest.mark.parametrize("status", ["503 Busy", "403 Forbidden", "404 Not Found"])
@pytest.mark.parametrize(("value", "rests"), [("30", False), ("61", True), ("86400", True)])
def test_a_host_that_asks_for_a_long_rest_gets_it(value: str, rests: bool, status: str) -> None:
    clock = FastClock()
    log = Log(clock)

    async def busy(request: Request, writer: asyncio.StreamWriter) -> None:
        log.spans.append((clock.now() - START, clock.now() - START))
        headers = (f"Retry-After: {value}",)
        await answer(status=status, headers=headers)(request, writer)

    answers = fetch_many(busy, clock, 2, delay=0.0)

    assert [found.detail.startswith("resting") for found in answers] == [False, rests]
    assert not rests or answers[1].reason in PASSING  # nobody has refused what was not asked for
    assert rests or log.gaps[0] >= float(value)


def test_a_host_that_asked_for_rest_in_an_earlier_run_is_not_asked() -> None:
    clock = FastClock()

    async def run() -> Answer:
        async with serving({"/": answer()}) as server, opened(clock) as web:
            address = f"http://ledger.example:{server.port}/"
            web.rest(address, clock.now() + timedelta(hours=1))
            return await web.fetch(Ask(address), delay_seconds=1.0, may=anyone_may)

    told = asyncio.run(run())

    assert (told.asked, told.reason) == (False, Reason.TOO_MANY_REQUESTS)


def test_a_success_clears_a_host_s_name() -> None:
    clock = FastClock()
    hosts = Hosts(clock, Politeness(failures_before_rest=3), Random(7))

    async def run() -> int:
        for reason in (Reason.TIME_OUT, Reason.TIME_OUT, None, Reason.TIME_OUT, Reason.TIME_OUT):
            async with hosts.turn("ledger.example", 0.0) as turn:
                turn.reason = reason
        return hosts._hosts["ledger.example"].failures

    assert asyncio.run(run()) == 2


def test_an_answer_that_is_final_is_no_failure_of_the_host() -> None:
    clock = FastClock()
    answers = fetch_many(answer(status="404 Not Found"), clock, 8, delay=0.0)

    assert {found.reason for found in answers} == {Reason.GONE}


def test_hosts_that_are_done_are_forgotten() -> None:
    clock = FastClock()
    hosts = Hosts(clock, Politeness(), Random(7), many=100)

    async def run() -> int:
        for number in range(1_000):
            clock.time += timedelta(hours=1)
            async with hosts.turn(f"outlet-{number}.example", 0.0):
                pass
        return len(hosts._hosts)

    assert asyncio.run(run()) <= 100


def test_a_turn_that_is_given_up_is_free_for_the_next() -> None:
    clock = FastClock()

    async def run() -> Reason | None:
        hung = raw(b"", seconds_between=9.0)
        async with serving({"/a": hung}) as server, opened(clock) as web:
            url = f"http://ledger.example:{server.port}"
            task = asyncio.create_task(
                web.fetch(Ask(f"{url}/a"), delay_seconds=0.0, may=anyone_may)
            )
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            found = await web.fetch(Ask(f"{url}/b"), delay_seconds=0.0, may=anyone_may)
            return found.reason

    assert asyncio.run(run()) is None


@pytest.mark.parametrize("hours", [-480, -3, -1 / 3600, 1 / 3600, 3])
@pytest.mark.parametrize("forward", [False, True], ids=["as it is", "forward"])
def test_a_host_rests_for_as_long_as_ever_while_the_clock_is_set(
    hours: float, forward: bool
) -> None:
    clock = FastClock()
    hosts = Hosts(ForwardClock(clock) if forward else clock, Politeness(), Random(7))

    async def run() -> timedelta:
        async with hosts.turn("ledger.example", 2.0):
            pass
        clock.ahead += timedelta(hours=hours)
        async with hosts.turn("ledger.example", 2.0):
            pass
        return clock.time - START

    assert asyncio.run(run()) == timedelta(seconds=2)


def test_a_clock_that_is_set_back_goes_on_from_where_it_was() -> None:
    clock = FastClock()
    forward = ForwardClock(clock)
    stamps = [forward.now()]
    for hours, seconds in ((0, 10), (-3, 10), (0, 10), (-3, 10), (6, 10), (0, 10)):
        clock.ahead += timedelta(hours=hours)
        clock.time += timedelta(seconds=seconds)
        stamps.append(forward.now())

    assert [(stamp - START).total_seconds() for stamp in stamps] == [0, 10, 20, 30, 40, 50, 60]


def test_a_clock_behind_an_earlier_run_goes_on_from_the_end_of_that() -> None:
    clock = FastClock()
    last = START + timedelta(days=20)
    forward = ForwardClock(clock, last)
    stamps = []
    for seconds in (0, 0, 10, 10, 20 * 86_400):
        clock.time += timedelta(seconds=seconds)
        stamps.append((forward.now() - last).total_seconds())

    assert stamps == [0.000001, 0.000002, 10, 20, 20 + 20 * 86_400]
