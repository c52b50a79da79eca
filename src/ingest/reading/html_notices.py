"""Notices: the pages that stand where a story should be, and say so themselves.

Only what a short page says in its title or in its first lines counts. A real story that begins
like a notice must not be lost, so a pattern is tied to the whole line where it could be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.words.nouns import PageState, Rejection
from ingest.words.reasons import Reason

# A notice is shorter than this; a story about robots or cookies is mostly longer.
_SHORT_CHARS = 1500
_SHOWN_CHARS = 200

_SAYS = (
    (
        Reason.BOT_CHALLENGE,
        PageState.BOT_CHALLENGE,
        re.compile(
            r"^just a moment|^attention required!? \|? ?cloudflare"
            r"|are you (?:a )?(?:human|robot)\??$"
            r"|verify (?:that )?you are (?:a )?human|pardon our interruption|^security check$"
            r"|^access denied$|^robot check$|^ddos-guard|checking your browser"
            r"|enable javascript and cookies to continue|unusual traffic from your",
            re.IGNORECASE,
        ),
    ),
    (
        Reason.SOFT_404,
        PageState.SOFT_404,
        re.compile(
            r"^(?:error )?404(?: error)?(?:$| ?[-–|:])|\b404 not found"
            r"|page (?:was |could )?not (?:be )?found"
            r"|page (?:you .{0,40})?(?:does not|doesn.t|no longer) exist|^not found$"
            r"|page introuvable|seite (?:wurde )?nicht gefunden|p[áa]gina no encontrada"
            r"|p[áa]gina n[ãa]o encontrada|pagina non trovata|pagina niet gevonden"
            r"|страница не найдена|ページが見つかりません",
            re.IGNORECASE,
        ),
    ),
    (
        Reason.CONSENT,
        PageState.CONSENT,
        re.compile(
            r"^before you continue|we (?:value|care about) your privacy|your privacy choices"
            r"|^(?:cookie|privacy|consent)[\w -]{0,30}(?:consent|settings|preferences|choices)"
            r"|bevor sie (?:zu .{0,40})?weiter|nous respectons votre vie privée"
            r"|zustimmung zur datenverarbeitung|^privacy gate|^dpg media privacy",
            re.IGNORECASE,
        ),
    ),
)


def refuse_notice(opening: Iterable[str], text_chars: int) -> Rejection | None:
    """Return the rejection of a page of `text_chars` whose `opening` lines are those of a notice.

    None means that it is not known for one.
    """
    if text_chars >= _SHORT_CHARS:
        return None
    for line in opening:
        for reason, state, pattern in _SAYS:
            if pattern.search(line):
                detail = f"a short page that says {line[:_SHOWN_CHARS]!r}"
                return Rejection(reason, detail, state)
    return None
