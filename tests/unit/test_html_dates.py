"""The day of an article by what its page states: which is believed and where it is found."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.unit.html_heads import EAST, day, meta, news, read, script

from ingest.reading.html.metadata import complete_metadata, read_metadata
from ingest.reading.html.tree import parse


def test_the_address_says_the_day_of_its_story_and_a_time_may_be_of_another() -> None:
    found = read(body='<time datetime="2019-01-02">', url="https://a.example/2025/03/04/bridge")

    assert found.published_on == date(2025, 3, 4)


@pytest.mark.parametrize(
    "stated", ["1970-01-01T00:00:00Z", "0", "2025-03-09", "1899-12-31", "2025-13-45", "0001-01-01"]
)
def test_an_impossible_day_is_not_believed(stated: str) -> None:
    head = script(news(datePublished=stated)) + meta("dc.date", "2025-03-04")

    assert read(head, known_on=date(2025, 3, 6)).published_on == date(2025, 3, 4)
    assert read(script(news(datePublished=stated)), known_on=date(2025, 3, 6)).published_on is None


def test_the_day_of_the_crawl_yields_to_an_earlier_one() -> None:
    head = script(news(datePublished="2025-03-06T09:00:00Z"))
    head += meta("article:published_time", "2025-02-01T09:00:00Z")

    assert read(head, known_on=date(2025, 3, 6)).published_on == date(2025, 2, 1)
    assert read(head, known_on=date(2025, 3, 9)).published_on == date(2025, 3, 6)
    (finding,) = (each for each in read(head).findings if each.field == "published_on")
    assert finding.conflict


OLD = day("1987-05-12")


def test_a_story_that_was_digitised_keeps_the_day_on_which_it_was_printed() -> None:
    ours = news(datePublished="1987-05-12T04:00:00Z", dateModified="2018-03-02T10:00:00Z")
    head = script(ours) + meta("article:published_time", "1987-05-12T04:00:00Z")

    assert read(head, url="https://a.example/1987/05/12/bridge").published_on == OLD
    assert read(meta("article:published_time", "1851-09-18"), url=None).published_on == day(
        "1851-09-18"
    )
    assert read(meta("article:published_time", "1187-05-12"), url=None).published_on is None


@pytest.mark.parametrize(
    "never", ["1899-12-30", "1899-12-31T19:00:00-05:00", "1900-01-01", "1969-12-31T16:00:00-08:00"]
)
def test_what_systems_write_for_no_day_is_none_of_an_old_story(never: str) -> None:
    assert read(meta("article:published_time", never), url=None).published_on is None


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ('<h1>The bridge</h1><p>By Ada, <time datetime="1987-05-12">then</time></p>', "1987/05/12"),
        ("<h1>The bridge</h1><p>By Ada Brückner</p><p>May 12, 1987</p>", "x"),
    ],
)
def test_an_old_day_is_believed_that_is_said_twice_or_alone_by_the_headline(
    body: str, url: str
) -> None:
    changed = meta("og:updated_time", "2018-03-02T10:00:00Z")

    assert read(changed, body, url=f"https://a.example/{url}/bridge").published_on == OLD


@pytest.mark.parametrize(
    "body",
    [
        '<h1>The bridge</h1><p>It fell on <time datetime="1987-05-12">that day</time>.</p>',
        "<h1>The bridge</h1><p>It fell on May 12, 1987, when the river had risen.</p>",
    ],
)
def test_an_old_day_that_a_story_tells_of_is_not_its_own(body: str) -> None:
    assert read("", body, url=None).published_on is None


def test_a_day_of_print_after_the_last_change_is_not_that_of_publication() -> None:
    ours = news(datePublished="2025-03-05T02:00:00+01:00", dateModified="2025-03-04T20:20:00+01:00")
    issued = meta("dc.date.issued", "2025-03-04T18:30:00+01:00")
    elsewhere = '<i itemprop="datePublished" content="2025-03-01T18:30:00+01:00"></i>'

    assert read(script(ours) + issued).published_on == day("2025-03-04")
    assert read(script(ours), elsewhere).published_on == day("2025-03-05")


def test_what_systems_write_for_never_is_no_day() -> None:
    assert read(meta("article:published_time", "2099-12-31T23:59:59Z")).published_on is None


@pytest.mark.parametrize(
    ("language", "url", "more", "on"),
    [
        ("en-US", "https://a.example/x", "", "2025-03-04"),
        ("en-GB", "https://a.example/x", "", "2025-04-03"),
        ("en", "https://a.example/x", "", "2025-03-04"),
        ("en", "https://a.nz/x", "", "2025-04-03"),
        ("es", "https://a.example/x", "", "2025-04-03"),
        ("en-US", "https://a.example/x", "<p>22/11/2024</p>", "2025-04-03"),
        ("es", "https://a.example/x", "<p>11/22/2024</p>", "2025-03-04"),
        ("es", "https://a.example/x", "<p>March 4, 2025</p>", "2025-03-04"),
    ],
)
def test_a_day_of_two_numbers_is_read_as_the_page_writes_them(
    language: str, url: str, more: str, on: str
) -> None:
    page = f"<html lang={language}><body><h1>The bridge</h1><p>3/4/2025</p>{more}</body></html>"

    assert read_metadata(parse(page), url=url, known_on=None).published_on == day(on)


def test_two_numbers_for_machines_are_read_as_the_day_that_readers_are_shown() -> None:
    body = "<h1>The bridge</h1><p>Published March 4, 2025</p>"
    found = read(meta("article:published_time", "4/3/2025"), body, url=None)
    turned = read(meta("article:published_time", "3/4/2025"), body, url=None)

    assert (found.published_on, turned.published_on) == (day("2025-03-04"), day("2025-03-04"))


def test_of_two_numbers_a_day_in_the_future_is_not_believed() -> None:
    page = "<html lang=es><body><h1>The bridge</h1><p>3/9/2025</p></body></html>"
    found = read_metadata(parse(page), url=None, known_on=day("2025-04-01"))

    assert found.published_on == day("2025-03-09")


def test_times_of_several_stories_yield_to_the_day_in_the_opening() -> None:
    teaser = '<a href="/x">Other</a><time class="entry-date published">{}</time>'
    body = "<h1>The bridge</h1>" + "".join(map(teaser.format, ["3.1.2020", "4.1.2020"]))
    opening = ["The bridge", "by Ada Brückner, 4 March 2025"]

    found = complete_metadata(read(body=body, url=None), opening, known_on=None)

    assert found.published_on == day("2025-03-04")


@pytest.mark.parametrize(
    ("first", "on"),
    [
        ("4.3.2025 – The council met.", "2025-03-04"),
        ("(March 4, 2025) — The council met.", "2025-03-04"),
        ("04.03.2025 „Es war kalt“, sagte sie.", "2025-03-04"),
        ("4.3.2025 was a cold day.", None),
        ("The council met on 4.3.2025 – at last.", None),
    ],
)
def test_a_day_may_stand_before_the_first_sentence(first: str, on: str | None) -> None:
    found = complete_metadata(read(url=None), [], known_on=None, first=first)

    assert found.published_on == (day(on) if on else None)


@pytest.mark.parametrize(
    ("head", "body", "url", "method"),
    [
        ("", '<h1>The bridge</h1><time datetime="2025-03-04">yesterday</time>', None, "time"),
        ("", '<span itemprop="datePublished">March 4, 2025</span>', None, "microdata"),
        ("", "", "https://a.example/2025/03/04/the-bridge", "url"),
        ("", "<h1>The bridge</h1><p>4 mars 2025</p>", None, "headline"),
        ("", "<p>4. März 2025</p><h1>The bridge</h1>", None, "headline"),
        (
            "",
            '<h1>The bridge</h1><p>News</p><ul><li class="date">04.03.2025</ul>',
            None,
            "headline",
        ),
        ("<title>The bridge – 04.03.2025</title>", "", None, "title"),
        ("", "<p>on 01.02.2020</p><p>Datum:</p><p>04.03.2025</p>", None, "label"),
        ("", "<p>on 01.02.2020</p><p>Last updated: 04.03.2025</p>", None, "label"),
        ("", '<script>{"publishedAt":"2025-03-04T10:00:00Z"}</script>', None, "script"),
        (meta("og:updated_time", "2025-03-04T10:00:00Z"), "", None, "modified"),
    ],
)
def test_where_no_machine_is_told_the_day_is_found_elsewhere(
    head: str, body: str, url: str | None, method: str
) -> None:
    found = read(head, body, url=url)

    assert found.published_on == date(2025, 3, 4)
    (finding,) = (each for each in found.findings if each.field == "published_on")
    assert finding.method == method


@pytest.mark.parametrize(
    "shown",
    [
        "<p>Updated: 6 March 2025 | Published: 4 March 2025</p>",
        "<p>Last updated on March 6, 2025</p><p>Published on March 4, 2025</p>",
        "<p>Updated</p><p>March 6, 2025</p><p>Published</p><p>March 4, 2025</p>",
        "<p>Actualizado 6 mar 2025 - Publicado 4 mar 2025</p>",
        "<p>Aktualisiert am 06.03.2025 - 10:15 Uhr. Veröffentlicht am 04.03.2025</p>",
        "<p>Updated 6 March 2025</p><p>4 March 2025</p>",
        "<p>2025年3月6日 更新 2025年3月4日 公開</p>",
        "<p>更新 2025年3月6日</p><p>公開 2025年3月4日</p>",
        "<p>수정 2025년 3월 6일 | 입력 2025년 3월 4일</p>",
        "<p>4 March 2025, updated 6 March 2025</p>",
        "<p>Updated <time datetime=2025-03-06>x</time> Published <time datetime=2025-03-04>",
        "<dl><dt>Updated<dd><time datetime=2025-03-06>x<dt>Published<dd><time datetime=2025-03-04>",
        "<p><time datetime=2025-03-06>6日</time>更新 <time datetime=2025-03-04>4日</time>公開</p>",
    ],
)
def test_a_day_of_a_change_that_stands_first_is_not_that_of_publication(shown: str) -> None:
    found = read(body=f"<main><h1>The bridge</h1><div>{shown}</div></main>", url=None)

    assert found.published_on == day("2025-03-04")


def test_a_change_that_readers_are_shown_is_known_apart() -> None:
    shown = "<p>Updated 6 March 2025, 10:15 CET</p><p>Published 4 March 2025</p>"

    assert read(body=f"<h1>The bridge</h1>{shown}").modified_at == datetime(
        2025, 3, 6, 9, 15, tzinfo=UTC
    )
    assert read(body="<h1>The bridge</h1><p>Updated 4 March 2025</p>").published_on == day(
        "2025-03-04"
    )


def test_of_two_days_in_a_line_of_the_opening_that_of_publication_counts() -> None:
    opening = ["The bridge", "Updated: 6 March 2025 | Published: 4 March 2025"]
    found = complete_metadata(read(), opening, known_on=None)

    assert found.published_on == day("2025-03-04")


def test_the_only_day_of_a_page_is_its_own_but_of_two_neither() -> None:
    one = "<p>Hello</p><p>Vellmar, 04.03.2025</p>"

    assert read(body=one, url=None).published_on == date(2025, 3, 4)
    assert read(body=one + "<p>and 05.03.2025</p>", url=None).published_on is None


def test_a_day_in_the_opening_goes_before_one_of_a_change() -> None:
    changed = read(meta("og:updated_time", "2025-03-09T10:00:00Z"))
    opening = ["The bridge", "Published 4 March 2025"]

    assert complete_metadata(changed, opening, known_on=None).published_on == date(2025, 3, 4)
    assert complete_metadata(read(), opening, known_on=None).published_on == date(2025, 3, 4)


def test_a_change_is_known_apart() -> None:
    head = script(
        news(datePublished="2025-03-04T10:00:00Z", dateModified="2025-03-05T11:00:00+02:00")
    )

    assert read(head).modified_at == datetime(2025, 3, 5, 11, tzinfo=EAST)
