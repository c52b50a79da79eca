"""A limit on the time that one document may take.

Time is that of the processor, so that a busy machine changes no reading. Python code is stopped by
an exception; a call into C that does not come back is bounded by what readers let into it, and in
a worker process by the end of the process.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ingest.words.nouns import Reading, Rejection
from ingest.words.reasons import Reason

# The slowest real page of the test corpora takes a hundredth of it.
DOCUMENT_SECONDS = 5.0
# A worker that has not come back from C after so many limits does not come back.
_LIMITS_TO_DIE = 4


class OverTime(BaseException):
    """The time is over. No `except Exception` on the way takes it for a fault of its own."""


@contextmanager
def time_limit(seconds: float, *, or_die: bool = False) -> Iterator[None]:
    """Raise OverTime in the block once it has used `seconds` of the processor.

    With `or_die`, the process is killed if it does not stop by then. In any thread but the main
    one there is no limit: signals do not reach it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop)

    def disarm() -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGPROF, before)

    # The exception may be lost in a finaliser, so it comes again.
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds / 10)
    if or_die:
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_VIRTUAL, _LIMITS_TO_DIE * seconds)
    try:
        try:
            yield
        finally:
            disarm()
    finally:
        # Once more: the last signal may have come into the lines above.
        disarm()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise OverTime


def read_in_time(
    read: Callable[[], Reading], seconds: float = DOCUMENT_SECONDS, *, or_die: bool = False
) -> Reading:
    """Return what `read` returns, or that it took too long."""
    try:
        with time_limit(seconds, or_die=or_die):
            return read()
    except OverTime:
        return Rejection(Reason.TOO_SLOW, f"not read in {seconds:g} s")
