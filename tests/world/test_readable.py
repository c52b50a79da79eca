"""What the simulated web writes, our readers read word for word: so a miss is the crawler's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.world.answers import Reply, Web
from tests.world.outlets import Feed, Outlet, Piece, Shape
from tests.world.script import START, write_script
from tests.world.truth import plain, plain_text
from tests.world.world import choose_seed

from ingest.reading.extraction import read
from ingest.reading.lists import read_listing
from ingest.reading.urls import canonicalize
from ingest.words.links import Listing
from ingest.words.nouns import Article, Document, DocumentKind, PageState, Reading

INSTANT = START + timedelta(hours=30)


@pytest.fixture(scope="module")
def web() -> Web:
    return Web(write_script(choose_seed(), outlets=48, days=2), 8080)


def answers(web: Web, outlet: Outlet) -> Iterator[tuple[Piece, Reply]]:
    """Yield the pages that can be read, some of each outlet."""
    for piece in outlet.pieces[:20]:
        reply = web.answer(outlet.host, piece.path_at(INSTANT), {}, INSTANT)
        if reply.status == 200 and reply.usable:
            yield piece, reply


def read_page(reply: Reply) -> Reading:
    return read(Document(1, "page", DocumentKind.HTML, reply.body, INSTANT.date()))


def test_every_story_is_read_word_for_word(web: Web) -> None:
    wrong = []
    for outlet in web.script.outlets:
        for piece, reply in answers(web, outlet):
            if piece.shape is not Shape.STORY:
                continue
            reading = read_page(reply)
            text = plain_text(piece.text_at(INSTANT))
            same = isinstance(reading, Article) and text == plain(
                reading.title or "", [paragraph.text for paragraph in reading.paragraphs]
            )
            if not same:
                wrong.append((outlet.name, piece.path, reading))

    assert wrong == []


def test_no_wall_is_read_as_an_article(web: Web) -> None:
    walls = {Shape.PAYWALL, Shape.CONSENT, Shape.INDEX, Shape.IMAGE}
    wrong = []
    for outlet in web.script.outlets:
        for piece, reply in answers(web, outlet):
            reading = read_page(reply) if piece.shape in walls else None
            if isinstance(reading, Article) and reading.page_state is PageState.ARTICLE:
                wrong.append((outlet.name, piece.shape, reading.title))

    assert wrong == []


def test_every_list_is_read_item_for_item(web: Web) -> None:
    wrong = []
    for outlet in web.script.outlets:
        lists = [*outlet.feeds, *(each for each in outlet.sitemaps if each.form != "index")]
        for each in lists:
            moved = isinstance(each, Feed) and each.moved_at and each.moved_at <= INSTANT
            path = each.new_path if isinstance(each, Feed) and moved else each.path
            host = (each.host if isinstance(each, Feed) else None) or outlet.host
            reply = web.answer(host, path or "", {}, INSTANT)
            if reply.status != 200 or not reply.usable:
                continue
            listing = read_listing(
                reply.body, web.origin(host) + each.path, dict(reply.headers)["Content-Type"]
            )
            links = listing.links if isinstance(listing, Listing) else ()
            read_urls = {canonicalize(link.url) for link in links if link.url}
            urls = {
                web.origin(outlet.host) + outlet.pieces[number].path_at(INSTANT)
                for number in reply.names
            }
            if urls != read_urls:
                wrong.append((outlet.name, each, urls ^ read_urls))

    assert wrong == []
