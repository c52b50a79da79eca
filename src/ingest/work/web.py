"""The web as a home's settings say that it is asked: what the doors hand to the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager

from ingest.work.publish import Home
from ingest.world.web.client import Web, open_web
from ingest.world.web.clock import Clock


def open_real_web(
    home: Home, environment: Mapping[str, str]
) -> Callable[[Clock], AbstractAsyncContextManager[Web]]:
    """Return what opens the web on a clock, asked as the home's settings say.

    Raises WrongUse where that is not understood.
    """
    settings = home.read_settings(environment).web
    return lambda clock: open_web(settings, clock)
