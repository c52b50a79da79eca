"""What an HTML page is, by its own words."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading.html import state_words
from ingest.reading.html.index_pages import looks_like_front, looks_like_story
from ingest.reading.html.page_evidence import PageEvidence
from ingest.reading.html.state_words import short_form
from ingest.reading.html.states import find_marks, judge
from ingest.words.nouns import PageState
from ingest.words.reasons import Reason

PARAGRAPH = (
    "The council of Vellmar voted on Tuesday to repair the old bridge before winter, by nine votes "
    "to two, after a debate of four hours in which nobody mentioned the cost. "
)
STORY = (PARAGRAPH,) * 8
BRIEF = (PARAGRAPH, PARAGRAPH)
ARTICLE = frozenset(("newsarticle", "article"))


def page(
    *paragraphs: str,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    links: tuple[str, ...] = (),
    **known: object,
) -> PageEvidence:
    """Return the evidence of a page of these paragraphs, with lines around and links below."""
    texts = [*before, *paragraphs, *after, *links]
    plain = len(texts) - len(links)
    evidence = PageEvidence(
        markup="",
        texts=texts,
        link_chars=[0] * plain + [len(link) for link in links],
        paragraphs=paragraphs,
        places=range(len(before), len(before) + len(paragraphs)),
    )
    return dataclasses.replace(evidence, **known)  # type: ignore[arg-type]


def state(evidence: PageEvidence) -> PageState | None:
    return judge(evidence).page_state


def test_a_page_that_nothing_speaks_against_is_an_article() -> None:
    assert state(page(*BRIEF, page_title="A bridge - The Lantern")) is PageState.ARTICLE


def test_a_page_without_a_paragraph_has_no_text() -> None:
    assert judge(page()).reason is Reason.NO_TEXT


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found",
        "Page not found | The Lantern",
        "Error 404: Page not found",
        "Seite nicht gefunden – Blatt",
        "Page introuvable - Le Courrier",
        "Página no encontrada | El Sol",
        "Pagina non trovata - La Voce",
        "Página não encontrada",
        "Pagina niet gevonden | Blad",
        "Nie znaleziono strony",
        "Stránka nenalezena - Noviny",
        "Страница не найдена | Вестник",
        "Сторінку не знайдено",
        "Sayfa bulunamadı - Gazete",
        "الصفحة غير موجودة | صحيفة",
        "صفحه مورد نظر یافت نشد",
        "הדף לא נמצא",
        "ページが見つかりません | 新報",
        "页面不存在_日报",
        "페이지를 찾을 수 없습니다",
        "Η σελίδα δεν βρέθηκε",
        "Az oldal nem található",
        "Pagina nu a fost găsită",
        "Sidan hittades inte",
        "Siden blev ikke fundet",
        "Siden ble ikke funnet",
        "Sivua ei löytynyt",
        "Halaman tidak ditemukan",
        "Không tìm thấy trang",
        "Ukurasa haujapatikana | Gazeti",
        "စာမျက်နှာ မတွေ့ပါ",
        "Страницата не е намерена",
        "Stranica nije pronađena - Novine",
        "Puslapis nerastas",
        "पृष्ठ नहीं मिला",
    ],
)
def test_a_page_that_is_not_there_says_so_in_its_title(title: str) -> None:
    excuse = page("Please try the search, or go back to the front page.", page_title=title)

    assert judge(excuse).reason is Reason.SOFT_404


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...",
        "Attention Required! | Cloudflare",
        "Access Denied",
        "Are you a robot?",
        "Einen Moment bitte …",
        "Accès refusé",
        "Acceso denegado",
        "Accesso negato",
        "Você é um robô?",
        "Toegang geweigerd",
        "Odmowa dostępu",
        "Jste robot?",
        "Вы не робот?",
        "Доступ заборонено",
        "Erişim engellendi",
        "هل أنت روبوت؟",
        "גישה נדחתה",
        "アクセスが拒否されました",
        "安全验证",
        "접근이 거부되었습니다",
        "Truy cập bị từ chối",
        "Akses ditolak",
        "Достъпът е отказан",
        "Ufikiaji umekataliwa",
    ],
)
def test_a_question_for_robots_is_known_by_its_title(title: str) -> None:
    asked = page("Please go on to the next step.", page_title=title)

    assert judge(asked).reason is Reason.BOT_CHALLENGE


@pytest.mark.parametrize(
    "markup",
    [
        "<script>window._cf_chl_opt={}</script>",
        '<script src="https://ct.captcha-delivery.com/c.js"></script>',
        '<div id="px-captcha"></div>',
        '<script src="/_Incapsula_Resource?x=1"></script>',
        '<script>window.gokuProps = {"key":"x"}</script>',
        "<noscript>Please verify you are a human.</noscript>",
    ],
)
def test_a_question_for_robots_without_words_is_known_by_its_markup(markup: str) -> None:
    assert judge(page(markup=markup)).reason is Reason.BOT_CHALLENGE


def test_a_captcha_below_a_brief_story_asks_nothing() -> None:
    form = page(*BRIEF, markup='<div class="g-recaptcha"></div>', types=ARTICLE)

    assert state(form) is PageState.ARTICLE


WALLS = [
    (
        "Ние и нашите партньори използваме бисквитки и подобни технологии на този сайт. ",
        "Приемане на всички",
        "Отхвърляне на всички",
    ),
    (
        "Sisi na washirika wetu tunatumia vidakuzi kwenye tovuti hii. ",
        "Kubali zote",
        "Kataa zote",
    ),
    ("Mi i naši partneri koristimo kolačiće na ovoj stranici. ", "Prihvati sve", "Odbij sve"),
    ("We and our 843 partners use cookies to measure audiences.", "Accept all", "Reject all"),
    ("Wir und unsere Partner setzen Cookies.", "Alle akzeptieren", "Alle ablehnen"),
    ("Nous et nos partenaires utilisons des cookies.", "Tout accepter", "Continuer sans accepter"),
    ("Nosotros y nuestros socios usamos cookies.", "Aceptar y continuar", "Rechazar todo"),
    ("Noi e i nostri partner usiamo cookie.", "Accetta tutto", "Rifiuta tutto"),
    ("Nós e os nossos parceiros usamos cookies.", "Aceitar todos", "Rejeitar todos"),
    ("Wij en onze partners plaatsen cookies.", "Alles accepteren", "Alles weigeren"),
    ("My i nasi partnerzy używamy plików cookie.", "Akceptuję wszystkie", "Odrzuć wszystkie"),
    ("My a naši partneři ukládáme cookies.", "Přijmout vše", "Odmítnout vše"),
    ("Мы и наши партнеры используем файлы cookie.", "Принять все", "Отклонить все"),
    ("Ми та наші партнери використовуємо cookie.", "Прийняти всі", "Відхилити всі"),
    ("Biz ve ortaklarımız çerez kullanıyoruz.", "Tümünü kabul et", "Tümünü reddet"),
    ("نحن وشركاؤنا نستخدم ملفات تعريف الارتباط.", "قبول الكل", "رفض الكل"),
    ("当サイトではクッキーを使用しています。", "すべて同意", "すべて拒否"),
    ("Vi och våra partner använder cookies.", "Godkänn alla", "Avvisa alla"),
    ("Vi og våre partnere bruker informasjonskapsler.", "Godta alle", "Avvis alle"),
    ("Me ja kumppanimme käytämme evästeitä.", "Hyväksy kaikki", "Hylkää kaikki"),
    ("Εμείς και οι συνεργάτες μας χρησιμοποιούμε cookies.", "Αποδοχή όλων", "Απόρριψη όλων"),
]


@pytest.mark.parametrize(("asked", "yes", "no"), WALLS)
def test_a_wall_that_asks_for_consent_is_refused(asked: str, yes: str, no: str) -> None:
    assert judge(page(asked * 3, after=(yes, no))).reason is Reason.CONSENT


@pytest.mark.parametrize(("asked", "yes", "no"), WALLS)
def test_a_wall_before_a_dated_story_is_refused_too(asked: str, yes: str, no: str) -> None:
    wall = page(asked * 3, after=(yes, no), types=ARTICLE, is_dated=True)

    assert judge(wall).reason is Reason.CONSENT


@pytest.mark.parametrize("around", ["before", "after"])
def test_a_banner_around_a_story_changes_nothing(around: str) -> None:
    banner = ("We and our partners use cookies.", "Accept all", "Reject all", "Manage choices")

    assert state(page(*BRIEF, **{around: banner})) is PageState.ARTICLE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    [
        "Are you a robot? How the test came to be",
        "404 families leave their homes",
        "“Page not found”: a town loses its website",
        "“We value your privacy”, says the shop that sold it",
        "Access denied: how a village lost its road",
        "Wir respektieren Ihre Privatsphäre, sagte der Dieb",
    ],
)
def test_a_brief_story_about_walls_is_a_story(title: str) -> None:
    story = page(*BRIEF, page_title=title, headlines=(title,), types=ARTICLE, is_dated=True)

    assert state(story) is PageState.ARTICLE


def test_a_story_that_quotes_the_buttons_is_a_story() -> None:
    paragraphs = (
        "Most cookie banners begin with “We value your privacy” and end in a grey “Reject all”.",
        "“Accept all”, on the other hand, is as large as a cookie and of the colour of a tomato.",
    )
    story = page(*paragraphs, types=ARTICLE, is_dated=True, after=("Cookie settings",))

    assert state(story) is PageState.ARTICLE


HEADLINES = tuple(f"Council of Vellmar puts off the vote number {n}" for n in range(20))


def test_the_first_page_of_a_host_is_a_list() -> None:
    front = page(PARAGRAPH, links=HEADLINES[:9], url="https://lantern.example/")

    assert (state(front), judge(front).reason) == (PageState.INDEX, Reason.NOT_AN_ARTICLE)


@pytest.mark.parametrize("headline", [HEADLINES[0], "橋の投票は延期"])
def test_a_body_of_links_is_a_list_also_at_the_address_of_a_story(headline: str) -> None:
    front = cards(f"+{headline}", number=6)
    linked = [len(text) for text in front.texts]
    front = dataclasses.replace(front, link_chars=linked, url="https://lantern.example/2026/bridge")

    assert state(front) is PageState.INDEX


def test_headlines_between_all_paragraphs_are_a_list() -> None:
    texts = [text for n in range(7) for text in (HEADLINES[n], PARAGRAPH)]
    linked = [len(text) if n % 2 == 0 else 0 for n, text in enumerate(texts)]
    section = PageEvidence("", texts, linked, texts[1::2], range(1, 14, 2))

    assert state(section) is PageState.INDEX


def cards(*lines: str, number: int = 3, **known: object) -> PageEvidence:
    """Return the evidence of a page of so many cards; links stand in brackets, the body in `+`."""
    texts, linked, places = [], [], []
    for line in lines * number:
        if line.startswith("+"):
            places.append(len(texts))
        texts.append(line.strip("+[]"))
        linked.append(len(texts[-1].replace(" · ", "")) if line.startswith("[") else 0)
    paragraphs = [texts[place] for place in places]
    evidence = PageEvidence("", texts, linked, paragraphs, places)
    return dataclasses.replace(evidence, **known)  # type: ignore[arg-type]


HEADLINE = f"[{HEADLINES[0]}]"


@pytest.mark.parametrize(
    "lines",
    [
        (HEADLINE, "+By nine votes to two."),
        (HEADLINE, "Ann Reyes", "3 May 2026", "+By nine votes to two."),
        ("+Bridge puts off vote", "+By nine votes to two.", "[Read more]"),
        ("橋の投票は延期", "+賛成九票、反対二票だった。", "[続きを読む]"),
    ],
)
def test_short_texts_that_each_lead_to_another_page_are_a_list(lines: tuple[str, ...]) -> None:
    assert state(cards(*lines)) is PageState.INDEX


def test_one_teaser_is_a_list_where_the_title_is_a_point_of_the_menu() -> None:
    menu = "[Local · World · Sport]"
    section = cards(menu, HEADLINE, "+By nine votes.", HEADLINE, HEADLINE, number=1)

    named = [dataclasses.replace(section, headlines=(title,)) for title in ("Local", "A bridge")]

    assert [state(one) for one in named] == [PageState.INDEX, PageState.ARTICLE]


@pytest.mark.parametrize(
    "story",
    [
        cards(HEADLINE, f"+{PARAGRAPH * 2}"),
        cards(HEADLINE, "+By nine votes to two.", types=ARTICLE, is_dated=True),
        cards(HEADLINE, "+By nine votes to two.", url="https://lantern.example/2026/bridge"),
        cards(HEADLINE, HEADLINE, "+By nine votes to two.", number=1),
        cards("+By nine votes to two.", "+Against the mayor.", HEADLINE, number=1),
        cards("+By nine votes to two.", "Ann", "A reader", "Today", "[Read more]"),
        cards("+The vote.", *(HEADLINE, "+By nine votes to two.") * 3, number=1),
        cards("+The vote.", "+By nine.", "+Against two.", "[Share]", number=1),
        cards("+The vote.", *"abc", *("+By nine votes to two.", "[Read more]") * 3, number=1),
    ],
)
def test_a_short_story_among_links_is_no_list(story: PageEvidence) -> None:
    assert state(story) is PageState.ARTICLE


def test_a_feed_is_a_list() -> None:
    markup = "<?xml version='1.0'?>\n<!-- made daily -->\n<rss version='2.0'><channel>"

    assert state(page(*BRIEF, markup=markup)) is PageState.INDEX


def test_headlines_beside_a_story_are_no_list() -> None:
    story = page(*BRIEF, links=HEADLINES, url="https://lantern.example/news/the-bridge-is-open")

    assert state(story) is PageState.ARTICLE


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"types": frozenset(("videoobject",))}, PageState.VIDEO),
        ({"has_video": True}, PageState.VIDEO),
        ({"has_video": True, "types": ARTICLE}, PageState.ARTICLE),
        ({"url": "https://lantern.example/video/bridge"}, PageState.VIDEO),
        ({"url": "https://lantern.example/bildergalerien/bruecke"}, PageState.VIDEO),
        ({"types": frozenset(("imagegallery",))}, PageState.VIDEO),
        ({"types": frozenset(("imageobject",)) | ARTICLE}, PageState.ARTICLE),
    ],
)
def test_a_page_to_look_at_has_few_words(known: dict[str, object], expected: PageState) -> None:
    assert state(page("The bridge in the morning fog.", **known)) is expected  # type: ignore[arg-type]


def test_a_video_above_a_story_changes_nothing() -> None:
    story = page(*STORY, url="https://lantern.example/video/bridge", has_video=True)

    assert state(story) is PageState.ARTICLE


@pytest.mark.parametrize(
    "call",
    [
        "Subscribe to continue reading",
        "Dieser Artikel ist exklusiv für Abonnenten",
        "Cet article est réservé aux abonnés",
        "Contenido exclusivo para suscriptores",
        "Contenuto riservato agli abbonati",
        "Conteúdo exclusivo para assinantes",
        "Dit artikel is alleen voor abonnees",
        "Dalsza część artykułu dostępna dla prenumeratorów",
        "Článek je pouze pro předplatitele",
        "Материал доступен только подписчикам",
        "Haberin devamını okumak için üye olun",
        "هذا المقال للمشتركين فقط",
        "この記事は有料会員限定です",
        "订阅后继续阅读全文",
        "구독자 전용 기사입니다",
        "För att läsa vidare, logga in",
    ],
)
def test_a_story_that_ends_at_the_till_is_a_stub(call: str) -> None:
    assert state(page(PARAGRAPH, after=(call,))) is PageState.PAYWALL_STUB


@pytest.mark.parametrize(
    ("paragraphs", "is_free", "expected"),
    [
        ((PARAGRAPH,), False, PageState.PAYWALL_STUB),
        ((PARAGRAPH,), True, PageState.ARTICLE),
        ((PARAGRAPH,), None, PageState.ARTICLE),
        (STORY * 3, False, PageState.ARTICLE),
    ],
)
def test_what_a_page_says_of_its_price_is_believed_where_little_is_shown(
    paragraphs: tuple[str, ...], is_free: bool | None, expected: PageState
) -> None:
    assert state(page(*paragraphs, is_free=is_free)) is expected


def test_a_till_without_a_story_is_refused() -> None:
    assert judge(page(after=("Subscribe to continue reading",))).reason is Reason.PAYWALL


def test_an_offer_above_a_story_makes_no_stub() -> None:
    assert state(page(PARAGRAPH, before=("Subscribe to continue reading",))) is PageState.ARTICLE


@pytest.mark.parametrize(
    "known",
    [
        {"is_live": True},
        {"types": frozenset(("liveblogposting",))},
        {"page_title": "Storm Petra – live", "before": ("10:42", "09:30", "07:50", "06:05")},
        {"headlines": ("Liveticker: Sturm",), "before": ("10:42 Uhr",) * 4},
        {"headlines": ("En direct : la tempête",), "before": ("10h42", "9h30", "7h50", "6h05")},
        {"headlines": ("直播：风暴",), "before": ("10:42", "09:30", "07:50", "06:05")},
    ],
)
def test_a_story_told_as_it_happens_is_a_live_blog(known: dict[str, object]) -> None:
    assert state(page(*STORY, **known)) is PageState.LIVE_BLOG  # type: ignore[arg-type]


def test_a_story_with_times_of_day_is_no_live_blog() -> None:
    clocks = ("10:42", "09:30", "07:50", "06:05")

    assert state(page(*STORY, before=clocks, page_title="Trains today")) is PageState.ARTICLE


@pytest.mark.parametrize(
    ("url", "front", "story"),
    [
        (None, False, False),
        ("https://lantern.example", True, False),
        ("https://lantern.example/en/", True, False),
        ("https://lantern.example/index.html", True, False),
        ("https://lantern.example/?p=1234", False, True),
        ("https://lantern.example/sport/", False, False),
        ("https://lantern.example/2024/06/02/bridge", False, True),
        ("https://lantern.example/the-bridge-is-open", False, True),
        ("https://lantern.example/news/article123456.ece", False, True),
        ("http://[broken", True, False),
    ],
)
def test_an_address_says_what_it_leads_to(url: str | None, front: bool, story: bool) -> None:
    assert (looks_like_front(url), looks_like_story(url)) == (front, story)


def test_a_page_that_sends_the_reader_on_is_marked() -> None:
    assert find_marks('<META HTTP-EQUIV="Refresh" content="0;url=/x">') == {"refresh"}


def test_every_word_of_a_list_is_of_one_script() -> None:
    """A letter of another script looks the same and never matches."""
    mixed = []
    for name in ("GONE_LINES", "BOT_LINES", "CONSENT_LINES", "GONE_CALLS", "BOT_CALLS"):
        mixed += [word for line in getattr(state_words, name) for word in line.split()]
    for name in ("CONSENT_CALLS", "PAY_CALLS", "LIVE_WORDS"):
        mixed += [word for line in getattr(state_words, name) for word in line.split()]
    written_together = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"}

    assert [
        word
        for word in mixed
        if len(scripts := {unicodedata.name(c).split()[0] for c in word if c.isalpha()}) > 1
        and not scripts <= written_together
    ] == []


def test_every_line_of_a_list_is_in_short_form() -> None:
    lines = [*state_words.GONE_LINES, *state_words.PAY_CALLS, *state_words.CONSENT_CALLS]

    assert [line for line in lines if short_form(line) != line or len(line) < 2] == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(max_size=60), max_size=8),
    st.lists(st.integers(0, 100), max_size=8),
    st.lists(st.text(max_size=60), max_size=4),
    st.lists(st.integers(0, 20), max_size=4).map(sorted),
    st.text(max_size=40),
)
def test_any_evidence_is_judged(
    texts: list[str], linked: list[int], paragraphs: list[str], places: list[int], url: str
) -> None:
    judgement = judge(PageEvidence("", texts, linked, paragraphs, places, url=url))

    assert judgement.reason is not None or judgement.page_state is not None
