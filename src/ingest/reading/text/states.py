"""Pages that are not the story: walls, questions and refusals, known by their own words.

Owns the phrases. They count only on a page with little or no body: a story about cookies or
paywalls says the same words.
"""

# ruff: noqa: E501 (a pattern is read by its languages, one line each)
from __future__ import annotations

import re

from ingest.words.nouns import PageState, Rejection
from ingest.words.reasons import Reason

_BOT = re.compile(
    r"verify (?:that )?you are (?:a )?human|are you a robot|not a robot|unusual (?:traffic|activity)|checking your browser|"
    r"just a moment|enable javascript and cookies to continue|captcha|access (?:to this page has been )?denied|"
    r"pardon our interruption|ddos protection|please verify you|bist du ein mensch|sind sie ein roboter|"
    r"vérifi\w+ que vous (?:êtes|n'êtes pas)|no eres un robot|no soy un robot|ray id|security check",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b404\b|page (?:you (?:requested|are looking for)[^.]{0,40})?(?:was |could |can ?not |can't )*(?:not )?be found|page not found|"
    r"page (?:doesn't|does not|no longer) exist|no longer available|article (?:not found|has been removed)|"
    r"seite (?:\w+ )?nicht gefunden|seite existiert nicht|nicht mehr verfügbar|page introuvable|page non trouvée|"
    r"página no encontrada|no se (?:ha )?encontr\w+ la página|pagina non trovata|página não encontrada|"
    r"pagina niet gevonden|sidan (?:kunde inte hittas|hittades inte)|siden (?:ble|blev) ikke funnet|sivua ei löyt|"
    r"nie znaleziono strony|strona nie (?:istnieje|została znaleziona)|stránka nenalezena|страница не найдена|сторінку не знайдено|"
    r"sayfa bulunamadı|الصفحة غير موجودة|لم يتم العثور|صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد|ページが見つかりません|お探しのページ|页面不存在|找不到(?:该)?页面|找不到網頁|페이지를 찾을 수 없|halaman tidak ditemukan|không tìm thấy trang|पृष्ठ नहीं मिला",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"(?:we|our partners|wir|nous|usamos|utilizamos|utilizziamo|wij|vi|мы|biz)\b[^.]{0,80}\b(?:cookies?|çerez|куки)|"
    r"accept (?:all|cookies)|reject all|manage (?:your )?(?:cookies|preferences|choices|consent)|alle akzeptieren|"
    r"tout accepter|aceptar todo|accetta tutto|aceitar (?:todos|tudo)|alles accepteren|godta alle|godkänn alla|"
    r"zustimmen (?:und|&) weiter|mit werbung|pur-abo|consent|einwilligung|value your privacy|respectons votre vie privée|принять все|tümünü kabul|同意する|全部接受",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe to (?:continue|read|unlock)|to continue reading|continue reading (?:this|with)|subscribers? only|subscriber[- ]exclusive|"
    r"for subscribers|already a subscriber|exclusive to subscribers|unlock this article|start your (?:free )?trial|"
    r"(?:this|article) is (?:reserved )?for (?:subscribers|members)|become a (?:member|subscriber)|register (?:for free )?to (?:continue|read)|"
    r"you(?:'ve| have) reached your (?:free )?(?:article )?limit|jetzt weiterlesen|weiterlesen mit|artikel freischalten|nur für abonnenten|"
    r"exklusiv für abonnenten|bereits abonnent|mit (?:einem )?\w*abo (?:weiterlesen|lesen)|dieser (?:artikel|inhalt) ist (?:exklusiv|kostenpflichtig)|"
    r"réservé (?:aux|à nos) abonnés|il vous reste [\d,.]+ ?% (?:de cet article )?à (?:lire|découvrir)|la suite est réservée|déjà abonné|"
    r"(?:contenido )?(?:exclusivo )?para suscriptores|suscríbete para|sigue leyendo con|contenuto riservato|riservato agli abbonati|"
    r"exclusivo para assinantes|alleen voor abonnees|voor abonnees|endast för prenumeranter|kun for abonnenter|for abonnenter|vain tilaajille|"
    r"dla subskrybentów|pro předplatitele|pouze pro předplatitele|для подписчиков|только для подписчиков|лише для передплатників|"
    r"abonelere özel|للمشتركين فقط|会員限定|有料会員|残り[:：]?\s?\d[\d,]*文字|この記事は(?:有料|会員)|订阅后(?:阅读|继续)|会员专享|訂閱後|구독자 전용|유료 회원",
    re.IGNORECASE,
)

# One of these stands in every phrase above.
_PAYWALL_HINTS = (
    "subscri", "continue reading", "to continue", "unlock this", "start your", "member", "register",
    "article limit", "free limit", "your limit", "weiterlesen", "freischalten", "abon", "abo lesen",
    "exklusiv", "kostenpflichtig", "réservé", "il vous reste", "la suite est", "suscri", "leyendo",
    "riservat", "assinante", "prenumer", "tilaaj", "subskryb", "předplatit", "подписчик",
    "передплатник", "للمشتركين", "会員", "残り", "有料", "订阅", "会员", "訂閱", "구독", "유료",
)  # fmt: skip

# What a wall or a refusal shows besides itself is small.
_MAX_WALL_CHARS = 12_000


def asks_for_money(text: str) -> bool:
    """Return whether `text` says that the rest is for those who pay."""
    low = text.casefold()
    return any(hint in low for hint in _PAYWALL_HINTS) and _PAYWALL.search(text) is not None


def refuse(text: str, line_count: int, link_count: int) -> Rejection:
    """Return why the page `text`, in which no body was found, gives no article."""
    head = text[:_MAX_WALL_CHARS]
    if len(text) <= _MAX_WALL_CHARS:
        for pattern, reason, state in (
            (_BOT, Reason.BOT_CHALLENGE, PageState.BOT_CHALLENGE),
            (_GONE, Reason.SOFT_404, PageState.SOFT_404),
            (_PAYWALL, Reason.PAYWALL, PageState.PAYWALL_STUB),
            (_CONSENT, Reason.CONSENT, PageState.CONSENT),
        ):
            match = pattern.search(head)
            if match is not None:
                return Rejection(reason, f"the page says: {match[0][:80]}", state)
    match = _PAYWALL.search(head)
    if match is not None:
        return Rejection(Reason.PAYWALL, f"the page says: {match[0][:80]}", PageState.PAYWALL_STUB)
    # A page of links with no sentences is a front page or a section.
    if link_count >= 15 and link_count * 2 > line_count:  # noqa: PLR2004 (fewer is a short page)
        return Rejection(
            Reason.NOT_AN_ARTICLE, f"{link_count} lines are headlines or links", PageState.INDEX
        )
    return Rejection(Reason.NO_TEXT, f"no paragraph in {line_count} lines")
