"""A month that is watched: the product's flows on a simulated web, at a real Prefect server.

The flows are called when their schedules say, on simulated time; what they report is real. Troubles
are planted in the script of the web, and in when somebody runs anything at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tests.world.outlets import Outlet, Trait
from tests.world.product import Product
from tests.world.script import Script
from tests.world.world import SETTINGS, World

from ingest.flows.time_and_web import simulating
from ingest.world.web.client import open_web

# What an outlet may be like without anybody having to be told.
CALM = (
    Trait.PLAIN,
    Trait.TWO_FEEDS,
    Trait.SITEMAP,
    Trait.NEWS_SITEMAP,
    Trait.CRAWL_DELAY,
    Trait.RESTLESS,
    Trait.OTHER_HOST,
)
GAP, SILENT = "a gap is not filled", "a source is silent"


def fall_silent(script: Script, name: str, at: datetime) -> Script:
    """Return the script with an outlet that lists nothing new from an instant on."""

    def silence(outlet: Outlet) -> Outlet:
        if outlet.name != name:
            return outlet
        kept = tuple(piece for piece in outlet.pieces if piece.listed_at < at)
        return replace(outlet, pieces=kept)

    return replace(script, outlets=tuple(map(silence, script.outlets)))


def bursting(script: Script) -> list[str]:
    """Return the outlets that publish more at once than their feeds hold."""
    return [
        outlet.name
        for outlet in script.outlets
        if outlet.traits & {Trait.BURST, Trait.BURST_MAPPED}
    ]


def busiest(script: Script, but: Sequence[str] = ()) -> Outlet:
    """Return the outlet that publishes most, of those that are not named."""
    return max(
        (outlet for outlet in script.outlets if outlet.name not in but),
        key=lambda outlet: len(outlet.pieces),
    )


class Watched(Product):
    """The product as flows: each is called when it is due, and reports to the server."""

    def __init__(self, world: World, folder: Path) -> None:
        super().__init__(world, folder)
        self.told_file = folder.parent / "told.jsonl"
        command = json.dumps(["/bin/sh", "-c", f"cat >> '{self.told_file}'"])
        (folder / "settings.toml").write_text(f"[alerts]\ncommand = {command}\n")

    def call(self, flow: Callable[..., Any], **parameters: Any) -> Any:
        """Call a flow in the simulated web, on simulated time; return its final state."""
        draw = Random(self.world.script.seed)
        web = partial(open_web, SETTINGS, resolve=self.world.resolve, random=draw)
        with simulating(self.world.clock, web):
            return flow(home=str(self.home.folder), return_state=True, **parameters)

    def told(self) -> Iterator[dict[str, Any]]:
        """Yield what was told, in turn."""
        if self.told_file.exists():
            text = self.told_file.read_text(encoding="utf-8")
            decoder = json.JSONDecoder()
            while text := text.lstrip():
                value, end = decoder.raw_decode(text)
                yield value
                text = text[end:]
