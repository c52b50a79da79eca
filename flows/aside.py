"""Aside: what is only for being seen is told beside the work, which never waits for a server.

Prefect's client asks a server that is away again and again, for a minute or more. That is right for
how a run ended, and wrong for its progress: the work would stand still meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from weakref import WeakSet


class Aside:
    """Does what it is given in a thread of its own; of what it is given meanwhile, only the last.

    Between two things it rests for `rest_seconds`.
    """

    def __init__(self, rest_seconds: float = 0.0) -> None:
        self._rest_seconds = rest_seconds
        self._turn = threading.Condition()
        self._next: Callable[[], object] | None = None
        self._is_at_work = self._is_ending = False
        _ALL.add(self)

    def do(self, act: Callable[[], object]) -> None:
        """Let `act`, which must not raise, be done soon; return at once."""
        with self._turn:
            self._next = partial(copy_context().run, act)
            if not self._is_at_work:
                self._is_at_work = True
                threading.Thread(target=self._work, daemon=True).start()

    def end(self, seconds: float) -> bool:
        """Wait until all is done, without a rest, but no longer; return whether it is."""
        with self._turn:
            self._is_ending = True
            self._turn.notify_all()
            return self._turn.wait_for(lambda: not self._is_at_work, seconds)

    def _work(self) -> None:
        while True:
            with self._turn:
                act, self._next = self._next, None
                if act is None:
                    self._is_at_work = False
                    self._turn.notify_all()
                    return
            act()
            with self._turn:
                self._turn.wait_for(lambda: self._is_ending, self._rest_seconds)


def end_asides(seconds: float) -> None:
    """Wait for all that is still to be told in this process, but no longer."""
    deadline = time.monotonic() + seconds
    for aside in list(_ALL):
        aside.end(max(0.0, deadline - time.monotonic()))


_ALL: WeakSet[Aside] = WeakSet()
