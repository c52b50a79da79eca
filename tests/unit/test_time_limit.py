"""A document that takes too long is refused, and nothing else is touched."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from ingest.words.nouns import Article, Reading, Rejection
from ingest.words.reasons import Reason
from ingest.work.time_limit import OverTime, read_in_time

STORY = Article("A title", ())


def spin() -> Reading:
    while True:
        pass


def spin_through_faults() -> Reading:
    while True:
        try:
            spin()
        except Exception:  # noqa: BLE001 (as readers do, who turn every fault into a rejection)
            return STORY


def spin_in_an_expression() -> Reading:
    re.match(r"(?:a|a)*b", "a" * 40)
    return STORY


@pytest.mark.parametrize("read", [spin, spin_through_faults, spin_in_an_expression])
def test_what_does_not_end_is_too_slow(read: Callable[[], Reading]) -> None:
    reading = read_in_time(read, 0.05)

    assert reading == Rejection(Reason.TOO_SLOW, "not read in 0.05 s")


def test_what_ends_in_time_is_returned() -> None:
    assert read_in_time(lambda: STORY, 5) is STORY


def test_after_the_limit_the_process_is_as_it_was() -> None:
    read_in_time(spin, 0.05)
    read_in_time(lambda: STORY, 5)

    assert (
        signal.getitimer(signal.ITIMER_PROF),
        signal.getitimer(signal.ITIMER_VIRTUAL),
        signal.getsignal(signal.SIGPROF),
    ) == ((0, 0), (0, 0), signal.SIG_DFL)


def test_a_limit_that_is_lost_once_comes_again() -> None:
    lost = 0

    def lose_once() -> Reading:
        nonlocal lost
        while True:
            try:
                spin()
            except OverTime:
                lost += 1
                if lost > 1:
                    raise

    read_in_time(lose_once, 0.05)

    assert lost == 2


def in_thread(read: Callable[[], Reading], seconds: float) -> Reading:
    readings: list[Reading] = []
    thread = threading.Thread(target=lambda: readings.append(read_in_time(read, seconds)))
    thread.start()
    thread.join()
    return readings[0]


@pytest.mark.parametrize("read", [spin, spin_through_faults])
def test_what_does_not_end_in_a_thread_is_too_slow(read: Callable[[], Reading]) -> None:
    assert in_thread(read, 0.05) == Rejection(Reason.TOO_SLOW, "not read in 0.05 s")


def test_what_ends_in_time_in_a_thread_is_returned() -> None:
    assert in_thread(lambda: STORY, 5) is STORY


def test_threads_have_limits_of_their_own() -> None:
    readings: dict[str, Reading] = {}
    threads = [
        threading.Thread(target=lambda: readings.update(spun=read_in_time(spin, 0.05))),
        threading.Thread(target=lambda: readings.update(read=read_in_time(lambda: STORY, 5))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert readings == {
        "spun": Rejection(Reason.TOO_SLOW, "not read in 0.05 s"),
        "read": STORY,
    }


def test_nothing_comes_after_the_limit() -> None:
    """What was raised when the block had ended just then must not hit what the thread does next."""

    def read_at_the_limit() -> Reading:
        used = time.thread_time()
        while time.thread_time() - used < 0.05:
            pass
        return STORY

    outcomes = []

    def often() -> None:
        for _ in range(10):
            outcomes.append(read_in_time(read_at_the_limit, 0.05))
            used = time.thread_time()
            while time.thread_time() - used < 0.05:
                pass

    thread = threading.Thread(target=often)
    thread.start()
    thread.join()

    assert len(outcomes) == 10


def test_a_worker_that_does_not_come_back_from_c_is_killed() -> None:
    program = (
        "import signal\n"
        "from ingest.work.time_limit import time_limit\n"
        "with time_limit(0.05, or_die=True):\n"
        # blocked signals are to Python what a call that does not come back is
        "    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])\n"
        "    while True: pass\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)

    assert ended.returncode == -signal.SIGVTALRM
