"""What hosts do, and the answer that comes of it; every host is a real socket on loopback."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.web.conftest import opened
from tests.web.server import PAGE, Behaviour, answer, serving

from ingest.words.web import Answer, Ask
from ingest.world.web.client import anyone_may

HTML = "Content-Type: text/html"


def fetch_from(behaviour: Behaviour, ask: Ask | None = None, **more: object) -> Answer:
    """Return the answer of a host that does `behaviour`; of `ask` all but the address counts."""

    async def run() -> Answer:
        async with serving({"/story": behaviour}) as server, opened(**more) as web:
            url = f"http://ledger.example:{server.port}/story"
            asked = replace(ask or Ask(url), url=url)
            return await web.fetch(asked, delay_seconds=0.0, may=anyone_may)

    return asyncio.run(run())


def test_a_page_comes_back_with_its_headers_and_its_bytes() -> None:
    found = fetch_from(answer())

    assert (found.status, found.body, found.header("content-type"), found.reason) == (
        200,
        PAGE,
        "text/html; charset=utf-8",
        None,
    )
