"""Watching: look for what is wrong, and tell what is to be told in every way that is set up.

A telling that fails is tried again at the next look. The file of open alerts is written after each
one that succeeds, so that a kill at any moment tells at most one of them a second time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ingest.words.alerts import LAW_BROKE, TEST, Episode, Finding, Kind, Telling
from ingest.words.errors import IngestError, LawBroken, Locked
from ingest.work.alerts.episodes import find_due, go_on, mark_told
from ingest.work.alerts.find import Found, find_all, name_alerts
from ingest.work.load import find_unseen
from ingest.work.publish import Home
from ingest.world.alert_file import MAX_MESSAGE_CHARS, read_episodes, write_episodes
from ingest.world.commands import run_command
from ingest.world.lock import hold_lock
from ingest.world.settings.alerts import AlertSettings

COMMAND = "command"
PUBLICATION = "publication"
# Who is told more at once reads none of it; the rest is told at the next looks.
MAX_TOLD_AT_ONCE = 20

# Returns when it was told; raises IngestError or OSError where it could not be.
Tell = Callable[[Telling], None]


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a look: the troubles that are open, what was told, and what failed."""

    open: tuple[Episode, ...] = ()
    told: tuple[tuple[str, Telling], ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks after a home, and in which ways it is told."""

    home: Home
    settings: AlertSettings
    ways: Mapping[str, Tell] = field(default_factory=dict)

    def look(self, now: datetime, *, work: str = "", broken: LawBroken | None = None) -> Look:
        """Look for what is wrong and tell it, after a run of `work` that may have `broken` a law.

        Where another process is looking at the same moment nothing is done. Raises OSError where
        the file of open alerts cannot be read or written, WrongUse where what is said of the
        sources is not understood.
        """
        try:
            with hold_lock(self.home.folder, work="look for alerts", now=now, role="alerts"):
                return self._look(now, work, broken)
        except Locked as error:
            return Look(failed=(str(error),))

    def _look(self, now: datetime, work: str, broken: LawBroken | None) -> Look:
        folder = self.home.folder
        found = self._find(now, work, broken)
        before = [each for each in read_episodes(folder)[0] if each.finding.alert in name_alerts()]
        episodes = go_on(before, found.findings, found.looked_at, now)
        write_episodes(folder, episodes, now)
        told: list[tuple[str, Telling]] = []
        failed = list(found.failed)
        for way, tell in self.ways.items():
            for at, telling in self._due(episodes, way, now):
                try:
                    tell(telling)
                except (IngestError, OSError) as error:
                    # so would the others; they are tried again with it
                    failed.append(f"{telling.finding.alert} was not told ({way}): {error}")
                    break
                episodes[at] = mark_told(episodes[at], way, telling.kind, now)
                write_episodes(folder, episodes, now)
                told.append((way, telling))
        still = tuple(episode for episode in episodes if episode.is_open)
        return Look(still, tuple(told), tuple(failed))

    def _due(
        self, episodes: Sequence[Episode], way: str, now: datetime
    ) -> list[tuple[int, Telling]]:
        """Return what is to be told in a way now, each with the place of its episode."""
        remind = timedelta(hours=self.settings.remind_hours)
        due = [
            (at, self._telling(kind, episode.finding, episode.opened_at, now))
            for at, episode in enumerate(episodes)
            if (kind := find_due(episode, way, now, remind)) is not None
        ]
        return due[:MAX_TOLD_AT_ONCE]

    def _find(self, now: datetime, work: str, broken: LawBroken | None) -> Found:
        found = find_all(self.home, self.settings, self.home.read_sources().values(), now)
        waiting = self._is_waiting()
        if broken is not None:
            about = PUBLICATION if waiting else work
            finding = Finding(LAW_BROKE, about, str(broken)[:MAX_MESSAGE_CHARS])
            return replace(found, findings=(*found.findings, finding))
        # a broken law of what waits is over when nothing waits, one of what is published when the
        # same work finds it no more
        held = {(LAW_BROKE, work)} if waiting else {(LAW_BROKE, work), (LAW_BROKE, PUBLICATION)}
        return replace(found, looked_at=found.looked_at | held)

    def _is_waiting(self) -> bool:
        """Return whether something in the lake is not published, or cannot be seen to be."""
        if self.home.generations.current() is None:
            return True
        try:
            with self.home.reading() as warehouse:
                return bool(find_unseen(self.home.lake, warehouse))
        except IngestError:
            return True

    def test(self, now: datetime) -> Look:
        """Tell a test alert in every way; nothing is looked for or written."""
        finding = Finding(TEST, self.home.folder.resolve().name, "this is a test; all is well")
        telling = self._telling(Kind.TEST, finding, now, now)
        told, failed = [], []
        for way, tell in self.ways.items():
            try:
                tell(telling)
                told.append((way, telling))
            except (IngestError, OSError) as error:
                failed.append(f"the test was not told ({way}): {error}")
        return Look((), tuple(told), tuple(failed))

    def _telling(self, kind: Kind, finding: Finding, opened_at: datetime, now: datetime) -> Telling:
        return Telling(kind, finding, opened_at, now, str(self.home.folder.resolve()))


def tell_by_command(home: Home, settings: AlertSettings) -> dict[str, Tell]:
    """Return the telling by the person's own program, where there is one, by its name."""
    if not settings.command:
        return {}

    def tell(telling: Telling) -> None:
        run_command(
            settings.command,
            json.dumps(telling.to_json(), ensure_ascii=False),
            folder=home.folder,
            seconds=settings.command_seconds,
        )

    return {COMMAND: tell}
