"""Steps: how the work tells what it is doing, and who runs it.

A stage gives each piece of work a name and a function. Here it is run in a thread; a flow runs
the same function as a Prefect task. The work never knows which.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

Result_co = TypeVar("Result_co", covariant=True)
T = TypeVar("T")


class Pending(Protocol[Result_co]):
    """A result that is on its way."""

    def result(self) -> Result_co:
        """Wait for the work and return what it returned, or raise what it raised."""
        ...


class Steps(Protocol):
    """Who runs the pieces of work, and who is told of their progress."""

    def start(self, stage: str, title: str, work: Callable[[], T]) -> Pending[T]:
        """Start `work`, a piece of `stage` that people see as `title`."""
        ...

    def progress(self, done: int, total: int) -> None:
        """Say that `done` of `total` documents have been read."""
        ...


class Stopwatch:
    """The seconds that each stage took, by its pieces; pieces that overlap count fully."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, stage: str, work: Callable[[], T]) -> Callable[[], T]:
        """Return `work` so that running it adds to the seconds of `stage`."""

        def measured() -> T:
            start = time.perf_counter()
            try:
                return work()
            finally:
                self.seconds[stage] += time.perf_counter() - start

        return measured


class PlainSteps:
    """Runs each piece of work in a thread of this process, two at a time."""

    def __init__(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="step")
        self._on_progress = on_progress

    def start(self, stage: str, title: str, work: Callable[[], T]) -> Pending[T]:
        """Start `work` in a thread."""
        del stage, title  # nobody is looking
        return self._threads.submit(work)

    def progress(self, done: int, total: int) -> None:
        """Pass the progress on to who asked for it."""
        if self._on_progress is not None:
            self._on_progress(done, total)
