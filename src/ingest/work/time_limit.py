"""A limit on the time that one document may take.

Time is that of the processor, so that a busy machine changes no reading. Python code is stopped by
an exception, which a signal brings into the main thread and another thread into the others; a call
into C that does not come back is bounded by what readers let into it, and in a worker process by
the end of the process.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ingest.words.nouns import Reading, Rejection
from ingest.words.reasons import Reason

# The slowest real page of the test corpora takes a hundredth of it.
DOCUMENT_SECONDS = 5.0
# A worker that has not come back from C after so many limits does not come back.
_LIMITS_TO_DIE = 4
# How often threads are looked after: seldom enough to cost nothing.
_WATCH_SECONDS = 0.25


class OverTime(BaseException):
    """The time is over. No `except Exception` on the way takes it for a fault of its own."""


@contextmanager
def time_limit(seconds: float, *, or_die: bool = False) -> Iterator[None]:
    """Raise OverTime in the block once it has used `seconds` of the processor.

    With `or_die`, in the main thread of a process, that process is killed if it does not stop.
    """
    if threading.current_thread() is threading.main_thread():
        with _limit_by_signal(seconds, or_die=or_die):
            yield
    else:
        with _WATCH.limit(seconds):
            yield


@contextmanager
def _limit_by_signal(seconds: float, *, or_die: bool) -> Iterator[None]:
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
    except BaseException:
        # Once more: the last signal may have come into the lines above.
        disarm()
        raise


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise OverTime


class _Watch:
    """A thread that looks after the threads with a limit: signals do not reach them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[int, tuple[int, float]] = {}
        self._some = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Raise OverTime in this thread once the block has used `seconds` of the processor."""
        ident = threading.get_ident()
        clock = time.pthread_getcpuclockid(ident)
        with self._lock:
            self._ends[ident] = (clock, time.clock_gettime(clock) + seconds)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
        self._some.set()
        try:
            try:
                yield
            finally:
                self._forget(ident)
        finally:
            # Once more: the exception may have come into the lines above.
            self._forget(ident)

    def _forget(self, ident: int) -> None:
        with self._lock:
            self._ends.pop(ident, None)
            # What was raised and has not come yet must not come later.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), None)

    def _watch(self) -> None:
        while True:
            self._some.wait()
            time.sleep(_WATCH_SECONDS)
            with self._lock:
                for ident, (clock, end) in self._ends.items():
                    if time.clock_gettime(clock) > end:
                        late = ctypes.py_object(OverTime)
                        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), late)
                if not self._ends:
                    self._some.clear()


_WATCH = _Watch()


def read_in_time(
    read: Callable[[], Reading], seconds: float = DOCUMENT_SECONDS, *, or_die: bool = False
) -> Reading:
    """Return what `read` returns, or that it took too long."""
    try:
        with time_limit(seconds, or_die=or_die):
            return read()
    except OverTime:
        return Rejection(Reason.TOO_SLOW, f"not read in {seconds:g} s")
