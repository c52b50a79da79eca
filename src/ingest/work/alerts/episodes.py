"""Episodes: which troubles are open, and what is to be told of them. Pure: from values to values.

A trouble is told once when it begins, again while it lasts, and once when it is over, in each way
of telling for itself: what could not be told in one is told there the next time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.words.alerts import Episode, Finding, Kind

# A trouble that comes and goes within this time is one trouble.
CALM = timedelta(hours=1)
# Who has not been told by then that it is over need not be told any more.
FORGET = timedelta(days=7)


def go_on(
    episodes: Iterable[Episode],
    findings: Iterable[Finding],
    looked_at: Collection[str | tuple[str, str]],
    now: datetime,
) -> list[Episode]:
    """Return the episodes as they are when `findings` are what is wrong `now`.

    What was not `looked_at`, by the name of its alert or its key, stays as it was. What is over and
    told is forgotten.
    """
    found = {finding.key: finding for finding in findings}
    going = []
    for episode in episodes:
        finding = found.pop(episode.finding.key, None)
        if finding is not None:
            going.append(replace(episode, finding=finding, found_at=now, closed_at=None))
        elif episode.is_open and _is_over(episode, looked_at, now):
            going.append(replace(episode, closed_at=now))
        else:
            going.append(episode)
    going += [Episode(finding, opened_at=now, found_at=now) for finding in found.values()]
    return [episode for episode in going if not _is_done(episode, now)]


def _is_over(episode: Episode, looked_at: Collection[str | tuple[str, str]], now: datetime) -> bool:
    seen = episode.finding.alert in looked_at or episode.finding.key in looked_at
    return seen and now - episode.found_at >= CALM


def _is_done(episode: Episode, now: datetime) -> bool:
    if episode.closed_at is None:
        return False
    return not episode.told or now - episode.closed_at >= FORGET


def find_due(episode: Episode, way: str, now: datetime, remind: timedelta) -> Kind | None:
    """Return what is to be told of an episode in a way of telling, None where nothing is."""
    told_at = episode.told.get(way)
    if not episode.is_open:
        return Kind.CLOSED if told_at is not None else None
    if told_at is None:
        return Kind.OPENED
    return Kind.REMINDED if now - told_at >= remind else None


def mark_told(episode: Episode, way: str, kind: Kind, now: datetime) -> Episode:
    """Return the episode after it was told in a way of telling."""
    told = {name: at for name, at in episode.told.items() if name != way}
    return replace(episode, told=told if kind is Kind.CLOSED else told | {way: now})
