"""Outlets with archives of years, in the ways in which outlets keep them, and what is in a range.

The last outlets of a range are told from the script alone: `expect` never asks the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.world.outlets import Feed, Outlet, Piece, Robots, Shape, Sitemap, Trait, Version
from tests.world.script import START, Script
from tests.world.stories import TONGUES, invent_name, tell

_REACH = timedelta(days=1000)
_HALF_WAY = datetime(2025, 7, 1, tzinfo=UTC)
# How each archive is kept: what its index parts it by, whether it is dated, packed, how it is
# found, what its addresses tell, and what of it is missing.
KINDS = {
    "monthly": {"by": "month"},
    "daily": {"by": "day", "packed": True},
    "undated": {"by": "month", "dated": False, "plain_paths": True},
    "half-way": {"by": "month", "whole_until": _HALF_WAY},
    "numbered": {"by": "number", "plain_paths": True},
    "robots": {"by": "month", "packed": True, "is_stated": False},
}


def write_archives(
    seed: int | str, *, pieces: int, first: date, last: date, kinds: tuple[str, ...] = tuple(KINDS)
) -> Script:
    """Return a script of an outlet of each kind, with so many pieces between the two days.

    Some more are of before and after. All of it was published before the script starts.
    """
    outlets = [
        _write(Random(f"{seed}/{kind}"), number, kind, pieces, first, last)
        for number, kind in enumerate(kinds)
    ]
    return Script(str(seed), START, START + timedelta(days=2), tuple(outlets))


def kind_of(outlet: Outlet) -> str:
    """Return which of KINDS an outlet is."""
    return outlet.name


def states_its_sitemap(outlet: Outlet) -> bool:
    """Return whether a person names its sitemap; else only its robots.txt does."""
    return bool(KINDS[kind_of(outlet)].get("is_stated", True))


def _write(draw: Random, number: int, kind: str, count: int, first: date, last: date) -> Outlet:
    how = KINDS[kind]
    tongue = draw.choice(TONGUES[:4])
    days = (last - first).days + 1
    edge = max(count // 12, 3)
    instants = [
        *(_instant(draw, first, -draw.randint(2, 40)) for _ in range(edge)),
        *(_instant(draw, first, draw.randrange(days)) for _ in range(count)),
        *(_instant(draw, last, draw.randint(2, 40)) for _ in range(edge)),
    ]
    found = []
    for place, at in enumerate(sorted(instants)):
        members = place % 11 == 5
        section = "members" if members else draw.choice(("news", "local"))
        slug = f"{invent_name(draw, TONGUES[0]).lower()}-{place}"
        plain = how.get("plain_paths")
        path = f"/{section}/{slug}" if plain else f"/{section}/{at:%Y/%m/%d}/{slug}"
        shape = Shape.PAYWALL if place % 13 == 7 else Shape.STORY
        piece = Piece(
            number=place,
            path=path,
            section=section,
            shape=shape,
            author=f"{invent_name(draw, tongue)} {invent_name(draw, tongue)}",
            published_at=at,
            listed_at=at,
            versions=(Version(at, tell(draw, tongue)),),
        )
        if place % 9 == 4:  # it is named, and was taken away after the index was written
            piece = replace(piece, gone_at=START + timedelta(seconds=1), gone_status=410)
        found.append(piece)
    sitemap = Sitemap(
        "/archive.xml",
        "index",
        _REACH,
        packed=bool(how.get("packed")),
        by=str(how["by"]),
        dated=bool(how.get("dated", True)),
        whole_until=_HALF_WAY if "whole_until" in how else None,
        keeps_gone=True,
    )
    return Outlet(
        number=number,
        host=f"{kind}.example",
        title=f"The {kind} paper",
        tongue=tongue,
        zone_hours=draw.choice((0, 1, -5)),
        style=draw.randrange(3),
        traits=frozenset({Trait.PLAIN}),
        pieces=tuple(found),
        feeds=(Feed("/feed.xml", "rss", 5),),
        sitemaps=(sitemap,),
        robots=Robots(disallow=("/members/",)),
        validators=draw.choice(("etag", "date", "none")),
        max_age=None,
        delay_seconds=2.0,
        sections=("news", "local"),
    )


def _instant(draw: Random, day: date, days: int) -> datetime:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=days)
    return at + timedelta(seconds=draw.randrange(86_400))


def named(outlet: Outlet, first: date, last: date) -> Iterator[Piece]:
    """Yield the pieces of a range that the archive of an outlet names, whatever became of them."""
    (sitemap,) = outlet.sitemaps
    for piece in outlet.pieces:
        missing = sitemap.whole_until is not None and piece.listed_at >= sitemap.whole_until
        if first <= piece.published_at.date() <= last and not missing:
            yield piece


def expect(script: Script, first: date, last: date) -> set[tuple[str, str]]:
    """Return host and path of each article of a range: named, allowed, there, and a story."""
    return {
        (outlet.host, piece.path)
        for outlet in script.outlets
        for piece in named(outlet, first, last)
        if piece.shape is Shape.STORY and piece.gone_at is None and piece.section != "members"
    }
