"""A document that takes too long is refused, and nothing else is touched."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
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


def test_a_thread_is_read_without_a_limit() -> None:
    readings: list[Reading] = []
    thread = threading.Thread(target=lambda: readings.append(read_in_time(lambda: STORY, 0.05)))
    thread.start()
    thread.join()

    assert readings == [STORY]


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
