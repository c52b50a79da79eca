import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.reading.text import MAX_CHARS, MAX_LINES, read_text
from ingest.reading.text.casting import is_date_line
from ingest.reading.text.features import find_layout
from ingest.reading.text.lines import split_lines
from ingest.reading.text.wrapping import unwrap
from ingest.words.nouns import Article, CutKind, Dateline, PageState, ParagraphKind, Rejection
from ingest.words.reasons import Reason

SHARED = Path(__file__).resolve().parents[3] / "shared"

BODY = (
    "The council of Harrowmere voted on Tuesday night to reopen the old ferry line to the island.",
    "Members had argued for three hours about the price of the two boats, which were built abroad.",
    "“We have waited eleven years for this evening,” said the harbour master, Ines Oduya.",
    "The first crossing is planned for the spring, once the piers on both sides are repaired.",
)
DUMP = "\n".join(
    [
        "* Home",
        "* World",
        "* Sport",
        "Harrowmere votes to bring its ferry back",
        "",
        "By Tomas Lindqvist",
        "Published 4 March 2025, 18:30 CET",
        "",
        BODY[0],
        "",
        BODY[1],
        "",
        "Recommended",
        "",
        BODY[2],
        "",
        BODY[3],
        "",
        "SOURCE: AFP",
        "Most read",
        "Bakers protest against the price of rye in the northern valleys",
        "Lighthouse keeper retires after forty years above the bay",
        "Terms of use",
        "© 2025 The Harrowmere Gazette. All rights reserved.",
    ]
)

WORDS = st.sampled_from(
    (
        "Home",
        "Read more",
        "By",
        "Source:",
        "2025-01-02",
        "©",
        "*",
        "-",
        "(Reuters)",
        "Tags:",
        BODY[0],
    )
)
LINES = st.one_of(
    st.text(max_size=120),
    st.lists(WORDS, max_size=6).map(" ".join),
    st.text(st.characters(), max_size=300),
)
TEXTS = st.lists(LINES, max_size=40).map("\n".join)


def article_of(text: str, **known: date) -> Article:
    reading = read_text(text, **known)
    assert isinstance(reading, Article), reading
    return reading


def single(text: str) -> str:
    for unseen in "\u00ad\u200b\u2060\ufeff":
        text = text.replace(unseen, "")
    return " ".join(text.split())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_any_text_gives_an_article_or_a_rejection(text: str) -> None:
    reading = read_text(text)

    assert isinstance(reading, Article | Rejection)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_every_line_is_in_a_field_or_in_a_cut(text: str) -> None:
    reading = read_text(BODY[0] + "\n" + text + "\n" + "\n".join(BODY))
    if isinstance(reading, Rejection):
        return
    kept = [reading.title or "", reading.deck or ""]
    kept += [each.text for each in reading.paragraphs] + [each.text for each in reading.cuts]
    everything = single("\n".join(kept))
    lost = [
        line
        for line in text.splitlines()
        if single(line).strip("\u200c\u200d ")
        and single(line) not in everything
        and single(line).lstrip("*+•·‣▪■●○◦►▶▸✓→#o ") not in everything
    ]

    assert lost == []


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_reading_twice_is_reading_once(text: str) -> None:
    assert read_text(text) == read_text(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY),
        (" \n\t\n\u200b", Reason.EMPTY),
        ("x" * (MAX_CHARS + 1), Reason.TOO_LARGE),
        ("a\n" * (MAX_LINES + 1), Reason.TOO_LARGE),
        ("hello", Reason.NO_TEXT),
        ("\x00" * 50_000, Reason.NO_TEXT),
        ("Just a moment...\nVerify you are human to go on.", Reason.BOT_CHALLENGE),
        ("404\nPage not found", Reason.SOFT_404),
        ("Seite nicht gefunden\nZur Startseite", Reason.SOFT_404),
        ("Already a subscriber?\nSubscribe to continue reading", Reason.PAYWALL),
        ("We and our partners use cookies\nAccept all\nReject all", Reason.CONSENT),
        (
            "\n".join(f"* Bakers protest in valley number {number}" for number in range(30)),
            Reason.NOT_AN_ARTICLE,
        ),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(text: str, reason: Reason) -> None:
    reading = read_text(text)

    assert isinstance(reading, Rejection) and reading.reason is reason  # noqa: PT018 (one claim)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200_000,
        "a " * 300_000,
        "By " * 100_000,
        "1/" * 100_000,
        "photo: " * 30_000,
        ("( " * 200 + "\n") * 1_000,
        ("2025 " * 80 + "\n") * 1_000,
        ("\ud800" * 100 + ".\n") * 1_000,
        (" " * 3_000 + "x\n") * 500,
        ("A" * 119 + ":\n") * 3_000,
    ],
    ids=str.__len__,
)
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    started = datetime.now(tz=UTC)
    read_text(text)
    seconds = (datetime.now(tz=UTC) - started).total_seconds()

    assert seconds < 20  # on a slow machine that does other things; alone it is under two


def test_the_body_goes_on_behind_a_widget() -> None:
    assert tuple(each.text for each in article_of(DUMP).paragraphs) == BODY


def test_the_headlines_under_most_read_are_related() -> None:
    assert article_of(DUMP).related_headlines == (
        "Bakers protest against the price of rye in the northern valleys",
        "Lighthouse keeper retires after forty years above the bay",
    )


def test_title_author_agency_and_instant_are_found() -> None:
    article = article_of(DUMP)

    assert (article.title, article.authors, article.agency, article.published_at) == (
        "Harrowmere votes to bring its ferry back",
        ("Tomas Lindqvist",),
        "AFP",
        datetime.fromisoformat("2025-03-04T18:30+01:00"),
    )


@pytest.mark.parametrize(
    "head",
    [
        "Title: {0}\nAuthor: Tomas Lindqvist\nDate: 2025-03-04",
        "HEADLINE: {0}\nDate: 2025-03-04\nAuthor: Tomas Lindqvist",
        "Author: Tomas Lindqvist\nDate: 2025-03-04\nTitel: {0}",
        "标题：{0}\nDate: 2025-03-04\nAuthor: Tomas Lindqvist",
        "URL: https://a.example/x\nTitle: {0}\nAuthor: Tomas Lindqvist\nDate: 2025-03-04",
        '---\ntitle: "{0}"\nauthor: Tomas Lindqvist\ndate: 2025-03-04\n---',
    ],
)
def test_a_title_given_as_a_field_is_without_its_label(head: str) -> None:
    title = "Harrowmere votes to bring its ferry back"
    read = read_text(head.format(title) + "\n\n" + "\n\n".join(BODY))

    assert isinstance(read, Article)
    assert (read.title, read.authors, read.published_on, read.paragraphs[0].text) == (
        title,
        ("Tomas Lindqvist",),
        date(2025, 3, 4),
        BODY[0],
    )


def test_a_headline_that_begins_like_a_field_stays_as_it_is() -> None:
    read = read_text("Title: what a word can win\n\n" + "\n\n".join(BODY))

    assert isinstance(read, Article) and read.title == "Title: what a word can win"  # noqa: PT018


def test_a_date_after_the_files_own_day_is_not_believed() -> None:
    article = article_of(DUMP, known_on=date(2025, 3, 2))

    assert article.published_on is None


def test_a_date_one_day_after_the_files_own_day_is_believed() -> None:
    article = article_of(DUMP, known_on=date(2025, 3, 3))

    assert article.published_on == date(2025, 3, 4)


def test_the_day_of_a_visit_is_not_the_storys() -> None:
    visited = DUMP.replace("* Sport\n", "* Sport\n4 March 2026\n").replace(
        "Published 4 March 2025, 18:30 CET", "Ferries\nHarbour\n3 March 2026"
    )

    assert article_of(visited).published_on == date(2026, 3, 3)


def test_a_date_belongs_to_the_nearest_copy_of_the_title() -> None:
    title = "Harrowmere votes to bring its ferry back"
    ticker = f"Now reading\n{title}\nFollow\n571K\nShares\n5 March 2025\n" + "* Sections\n" * 8
    article = article_of(ticker + DUMP.replace("Published 4 March 2025, 18:30 CET", "4 March 2025"))

    assert article.published_on == date(2025, 3, 4)


def test_a_date_with_its_time_is_found_among_the_sections() -> None:
    line = (
        "By staff, in News, Property, Coast and Islands, Ferries · 31 Jan 2025, 20:02 · 0 comments"
    )
    article = article_of(DUMP.replace("Published 4 March 2025, 18:30 CET", line))

    assert article.published_on == date(2025, 1, 31)


def test_a_line_that_tells_the_minute_is_no_title() -> None:
    line = "Column by Carla Lindqvist on the ferry line - 28.04.2025 at 08:52 - 12 comments"
    page = DUMP.replace("By Tomas Lindqvist\nPublished 4 March 2025, 18:30 CET", line)
    page = page.replace("Harrowmere votes to bring its ferry back", "Breakpoint : Help, boats!")

    assert article_of(page).title == "Breakpoint : Help, boats!"


def test_an_abbreviated_update_is_no_publication() -> None:
    dates = "28. Juni 2025 - 16.03 Uhr\n\nAkt.: 29. Juni 2025 - 21.18 Uhr"
    article = article_of(
        DUMP.replace("By Tomas Lindqvist\nPublished 4 March 2025, 18:30 CET\n", "").replace(
            "* Sport\n", f"* Sport\n\n{dates}\n\n"
        )
    )

    assert article.published_on == date(2025, 6, 28)


def test_the_footer_is_cut_as_boilerplate() -> None:
    cuts = [each.text for each in article_of(DUMP).cuts if each.kind is CutKind.BOILERPLATE]

    assert any("All rights reserved" in text for text in cuts)


def test_a_clean_article_keeps_every_paragraph() -> None:
    article = article_of("Ferry comes back\n\n" + "\n\n".join(BODY) + "\n")

    assert (article.title, tuple(each.text for each in article.paragraphs)) == (
        "Ferry comes back",
        BODY,
    )


def test_wrapped_paragraphs_are_put_together() -> None:
    wrapped = [
        "Ferry comes back",
        "",
        "The council of Harrowmere voted on Tuesday night to reopen",
        "the old ferry line to the island, and gave the harbour the",
        "money for two boats.",
        "",
        "Members had argued for three hours about the price of the",
        "two boats, which were built abroad and which will need new",
        "engines before they can cross the bay in winter.",
    ]
    article = article_of("\n".join(wrapped))

    assert [each.text for each in article.paragraphs] == [
        " ".join(wrapped[2:5]),
        " ".join(wrapped[6:9]),
    ]


CHINESE = (
    "市议会周二晚间投票决定重新开通通往岛上的旧渡轮航线，这条航线十一年前因为船只老旧而停运，岛上居民一直盼望它恢复。",
    "议员们为两艘船的价格争论了三个小时，港务长说：“为了这个晚上，我们等了十一年。”第一班渡轮将在春天码头修好以后启航。",
)
JAPANESE = (
    "市議会は火曜日の夜、島へ渡る古い連絡船の航路を再び開くことを決めた。航路は十一年前に船が古くなったため休止していた。",
    "議員らは二隻の船の値段をめぐって三時間議論した。港長は「この夜を十一年待った」と話した。最初の便は春に出る予定だ。",
)


@pytest.mark.parametrize("paragraphs", [CHINESE, JAPANESE])
@pytest.mark.parametrize("columns", [24, 32, 33])
def test_wrapped_paragraphs_without_spaces_are_put_together(
    paragraphs: tuple[str, str], columns: int
) -> None:
    wrapped = "\n\n".join(
        "\n".join(text[at : at + columns] for at in range(0, len(text), columns))
        for text in paragraphs
    )
    read = read_text(f"{paragraphs[0][:16]}\n\n2025-03-04\n\n{wrapped}\n")

    assert isinstance(read, Article)
    assert tuple(each.text for each in read.paragraphs) == paragraphs


def test_headlines_in_a_script_without_spaces_are_not_put_together() -> None:
    headlines = [CHINESE[0][at : at + 12 + at * 5 % 11] for at in range(0, 40, 2)]

    assert len(unwrap(split_lines("\n".join(headlines)))) == len(headlines)


def test_a_subhead_is_a_paragraph_of_its_kind() -> None:
    text = "Ferry comes back\n\n" + "\n\n".join([*BODY[:2], "Eleven years", *BODY[2:]])
    kinds = [each.kind for each in article_of(text).paragraphs]

    assert kinds[2] is ParagraphKind.SUBHEAD


def test_a_correction_is_a_paragraph_of_its_kind() -> None:
    note = "Correction: an earlier version of this article gave the wrong number of boats."
    text = "Ferry comes back\n\n" + "\n\n".join([*BODY, note])

    assert article_of(text).paragraphs[-1].kind is ParagraphKind.CORRECTION


def test_a_story_that_ends_at_a_wall_is_a_stub() -> None:
    text = DUMP.replace("SOURCE: AFP", "To continue reading, become a member today")

    assert article_of(text).page_state is PageState.PAYWALL_STUB


@pytest.mark.parametrize(
    "first",
    [
        "On March 4, 2022, the river took a bridge.",
        "Am 4. März 2022 riss der Fluss die Brücke weg.",
        "El 4 de marzo de 2022 el río se llevó el puente.",
        "Le 4 mars 2022, la rivière emporta le pont.",
        "4 марта 2022 года река унесла старый мост.",
        "2022年3月4日，河水冲走了桥。",
        "2022년 3월 4일 강물이 다리를 휩쓸었다.",
    ],
)
def test_a_short_first_sentence_that_names_a_day_is_no_line_about_the_date(first: str) -> None:
    article = article_of(
        f"Harrowmere votes to bring its ferry back\n\n{first}\n\n" + "\n\n".join(BODY)
    )

    assert (article.paragraphs[0].text, article.published_on) == (first, None)


def test_a_dateline_before_a_short_sentence_stays_in_its_paragraph() -> None:
    first = "HARROWMERE, 4 March 2025 — The ferry is coming back."
    article = article_of(
        f"Harrowmere votes to bring its ferry back\n\n{first}\n\n" + "\n\n".join(BODY)
    )

    assert article.paragraphs[0].text == first


@pytest.mark.parametrize(
    "line",
    [
        "Veröffentlicht am 4. März 2025.",
        "Article mis à jour le 4 mars 2025.",
        "最終更新 2025年3月4日。",
        "2025年3月4日 10時15分 佐藤太郎 記者",
        "PUBLISHED: March 4, 2025 at 4:30 p.m. | UPDATED: March 4, 2025 at 6:58 p.m.",
        "Aktualisiert am 04.03.2025 - 18:50 Uhr, Lesedauer: 4 Min.",
    ],
)
def test_a_line_about_the_date_may_end_as_a_sentence_does(line: str) -> None:
    assert is_date_line(line)


def test_a_sentence_about_a_broadcast_is_no_line_about_the_date() -> None:
    assert not is_date_line("Darüber berichtet heute unser Sender am 04.03.2025 um 17:50 Uhr.")


def test_a_dateline_gives_place_and_day() -> None:
    text = (
        "Ferry comes back\n\nPublished 5 March 2025\n\nHARROWMERE, March 4 (Reuters) - "
        + "\n\n".join(BODY)
    )
    dateline = article_of(text).dateline

    assert dateline is not None and (dateline.place, dateline.day) == (  # noqa: PT018 (one claim)
        "HARROWMERE",
        date(2025, 3, 4),
    )


def test_a_dateline_without_a_year_is_given_none_by_the_files_own_day() -> None:
    text = "Ferry comes back\n\nHARROWMERE, Dec 30 (Reuters) - " + "\n\n".join(BODY)
    article = article_of(text, known_on=date(2026, 1, 2))

    assert article.dateline == Dateline("HARROWMERE")
    assert article.published_on is None


def test_a_dateline_gives_no_day_after_the_files_own() -> None:
    text = "Ferry comes back\n\nHARROWMERE, 9 March 2026 (Reuters) - " + "\n\n".join(BODY)

    assert article_of(text, known_on=date(2026, 3, 2)).published_on is None


LIVE = """\
Menu
Home
News
Gale over Harrowmere: harbour closed until the morning

By Tomas Lindqvist
Share
22:40
Good night
We close for tonight and will be back when the first ferry sails.
21:15
The harbour master counts three boats that broke loose.
19:50
Wind turns west
The wind has turned, and the sea wall is no longer wet on both sides.
18:05
Schools stay shut on Thursday, says the council.
16:30
The gale has come. We follow it here until it is gone.

Read next
What to do when the power goes out
"""


def test_entries_that_run_back_in_time_make_a_live_blog() -> None:
    article = article_of(LIVE)

    assert (article.page_state, len(article.paragraphs)) == (PageState.LIVE_BLOG, 12)


def test_entries_that_run_on_in_time_make_no_live_blog() -> None:
    head, *entries = LIVE.split("\n\n")
    chronicle = "\n".join(reversed(entries[0].splitlines()))

    assert article_of(f"{head}\n\n{chronicle}\n" + "\n".join(BODY)).page_state is (
        PageState.ARTICLE
    )


@pytest.mark.parametrize(
    ("title", "state"),
    [
        ("Sturm über Harrowmere: der Liveticker", PageState.LIVE_BLOG),
        ("Tempête à Harrowmere, en direct", PageState.LIVE_BLOG),
        ("The live music of Harrowmere", PageState.ARTICLE),
    ],
)
def test_a_title_may_say_that_it_is_a_live_blog(title: str, state: PageState) -> None:
    assert article_of(title + "\n\n" + "\n\n".join(BODY)).page_state is state


HEADLINE = "Harrowmere votes to bring its ferry back"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("1. Home", "2. News", f"3. {HEADLINE}"), HEADLINE),
        ((f"Council: {HEADLINE}", f"Council : {HEADLINE}"), f"Council: {HEADLINE}"),
        ((f"{HEADLINE} | Harrowmere Gazette", HEADLINE), HEADLINE),
        (("Harrowmere and its ferry", ": Back after eleven years"),
         "Harrowmere and its ferry: Back after eleven years"),
        (("Council", HEADLINE), HEADLINE),
    ],
    ids=["trail", "kicker joined", "outlet", "split", "kicker apart"],
)  # fmt: skip
def test_a_title_is_worded_as_the_page_shows_it(lines: tuple[str, ...], title: str) -> None:
    text = DUMP.replace(HEADLINE, "\n".join(lines))

    assert article_of(text).title == title


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("Home World Europe Africa Asia Business Markets Harbour Culture " * 3, "H"),
        ("the island and its ferry and what the Council said of both " * 3, "S"),
        ("島の渡し船が十一年ぶりに戻ることになり" * 8, "S"),
    ],
    ids=["menu", "sentence", "without capitals"],
)  # fmt: skip
def test_a_menu_run_together_is_no_sentence(line: str, shape: str) -> None:
    assert find_layout(split_lines(line)).shapes == (shape,)


def test_a_line_that_recurs_through_the_site_is_no_title() -> None:
    slogan = "Harrowmere Gazette, the voice of the bay since 1871"
    text = DUMP.replace("* Sport", slogan)
    reading = read_text(text, repeated=frozenset({slogan}))

    assert isinstance(reading, Article) and slogan not in (  # noqa: PT018 (one claim)
        reading.title,
        *(each.text for each in reading.paragraphs),
    )


def test_the_seed_is_read_field_by_field() -> None:
    expected_file = SHARED / "seed" / "expected.json"
    if not expected_file.exists():
        pytest.skip("the shared seed is not beside the repository")
    expected = json.loads(expected_file.read_text(encoding="utf-8"))
    article = article_of(
        (expected_file.parent / expected["source_file"]).read_text(encoding="utf-8")
    )

    assert {
        "title": article.title,
        "deck": article.deck,
        "section": article.section,
        "published_on": str(article.published_on),
        "reading_minutes": article.reading_minutes,
        "caption": article.captions[0].text,
        "credit": article.captions[0].credit,
        "agency": article.agency,
        "authors": list(article.authors),
        "paragraphs": [each.text for each in article.paragraphs],
        "related_headlines": list(article.related_headlines),
    } == {key: expected[key] for key in expected if key not in ("source_file", "language")}
