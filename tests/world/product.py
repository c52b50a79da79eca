"""The product as the crawler of a simulated web: how it is run, and what it has in the end."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

from tests.world.truth import Found
from tests.world.world import SETTINGS, World

from ingest.work.poll.run import poll_sources
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.work.summary import PollSummary
from ingest.world.web.client import open_web

_TEXTS = """
    select location, title, body
    from article_versions
    inner join texts using (reading_id)
    where page_state = 'article'
    order by fetched_at
"""
_GAPS = "select url, polled_at from gaps order by all"


class Product:
    """`ingest` at work on a simulated web, with a home of its own."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.home = Home(folder)
        world.write_sources(folder / "sources")

    def run_once(self) -> PollSummary:
        """Poll what is due, as `ingest run` does without a flow."""
        draw = Random(self.world.script.seed)
        web = partial(open_web, SETTINGS, resolve=self.world.resolve, random=draw)
        return poll_sources(self.home, PlainSteps(), self.world.clock, web, workers=1)

    def found(self) -> Found:
        """Return what is in the published warehouse."""
        found = Found()
        with self.home.reading() as warehouse:
            for row in warehouse.rows(_TEXTS).to_pylist():
                found.add(row["location"], row["title"] or "", [row["body"]])
            for row in warehouse.rows(_GAPS).to_pylist():
                found.gaps.append((row["url"], row["polled_at"]))
        return found
