"""Who wrote a story: names of people, out of what pages write where a name should be."""

# ruff: noqa: E501 (a pattern is read by its languages, one line each)
from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.reading.html.titles import squeeze
from ingest.reading.text.agencies import is_agency

_MAX_CHARS = 400
_MAX_NAMES = 40
_MAX_WORDS = 6
_MAX_NAME = 60

_BY = re.compile(
    r"(?:(?:written|words|text|story|report(?:ed|ing|age)?|posted|published|edited|reviewed|compiled|authored|analysis|opinion|interview|review|photographs?|pictures|übersetzt|ein(?:e)? (?:kommentar|analyse|gastbeitrag|interview|essay|kolumne|bericht|reportage)|(?:propos )?recueillis?|texte|texto|testo|tekst|skrevet|skrivet|geschreven|scritto|escrito|rédigé|publié|publicado|pubblicato)\s+)?"
    r"(?:by|von|vom|par|por|di|da|a cura di|door|av|af|od|przez|oleh|viết bởi|από|του|автор|автори|авторы|от|від|από τον|από την|autor(?:in|en|es|a|ka)?|auteurs?|autore|autori|authors?|szerző|szerzők|írta|yazar|yazan|haber|penulis|reporter|journalist|tác giả|بقلم|كتب|كتبت|إعداد|نویسنده|מאת|kirjoittaja|toimittaja|mwandishi|text|texte|texto|testo|tekst|foto|fotos|photos?|reporter)(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
_CJK = re.compile(
    r"^(?:記者|记者|文|撰文|作者|取材・文|執筆|筆者|著者|責任編輯|编辑|글|기자)[／/:：\s]\s*|[\s　]*(?:기자|記者|记者|特派員|編集委員|論説委員|특파원|報導)$"
)
_BRACKETS = re.compile(r"\s*[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]\s*")
_SEPARATOR = re.compile(r"\s*(?:[,;|•·、،؛\n\t]|\s/\s|\s&\s|\s\+\s|\s[–—-]\s|[／｜])\s*")
_JOINED = re.compile(
    r"\s+(?:and|und|et|y|e|i|ja|og|och|en|ve|dan|with|mit|con|com|avec|и|та|і|και|και|و|och|a|és|și|si|in collaboration with|sowie)\s+",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"[\d@?!:=\"“”„<>{}%#_*$€£]|https?|www\.|\.(?:com|de|org|net|fr|es|it|uk|at|ch|info|news)\b",
    re.IGNORECASE,
)
# Words of work and of offices. In a name they are none; a piece that holds one is a title.
_ROLE = re.compile(
    r"\b(?:staff|reporters?|reporting|correspondents?|editors?|editorial|writers?|columnists?|contributors?|contributing|journalists?|bureau|desk|team|newsroom|news|agency|agencies|agentur(?:en)?|wire|service|press|media|online|digital|magazine|magazin|newspaper|network|admin(?:istrator)?|webmaster|guest|author|producer|photographers?|professor|director|president|founder|manager|analyst|specialist|expert|fellow|lecturer|researcher|phd student|specially|special to|for the|from the|updated?|published|posted|"
    r"redaktion\w*|redakteur\w*|redaktør\w*|redaktör\w*|redaktor\w*|redacci[oó]n|redactie|redacteur|r[ée]daction|redazione|reda[cç][aã]o|redacția|redakcj?[aei]|redakc\w+|korrespondent\w*|correspond[ae]nt\w*|corresponsal|corrispondente|journaliste?s?|periodista|giornalista|jornalista|dziennikarz|rep[oó]rter\w*|fotograf\w*|photographe|autorenteam|gastbeitrag|gastautor\w*|volont[äa]r\w*|praktikant\w*|agencias?|agence|agenzia|ag[eê]ncia|zeitung|verlag|nachrichten|journal|haber|merkezi|muhabir\w*|edit[öo]r\w*|gazetesi|servisi|редакци\w*|редакція|корреспондент\w*|журналист\w*|обозреватель|agensi|tim|toimitus|toimituskunta|szerkeszt\w+|hírszerkesztő|مراسل|تحرير|وكالات|هيئة)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "del",
        "della",
        "dei",
        "van",
        "von",
        "vom",
        "zu",
        "zur",
        "zum",
        "der",
        "den",
        "ten",
        "ter",
        "la",
        "le",
        "el",
        "al",
        "los",
        "las",
        "bin",
        "ibn",
        "bint",
        "abu",
        "y",
        "e",
        "i",
        "af",
        "av",
        "du",
        "des",
        "san",
        "st",
        "mc",
        "o'",
        "d'",
        "ben",
        "bar",
        "te",
        "'t",
        "op",
        "'t",
        "in",
        "van't",
        "und",
        "dal",
        "degli",
    ]
)
_HONOURS = re.compile(
    r"^(?:dr|prof|professor|mr|mrs|ms|sir|dame|dott|dipl|ing|mag|rev)\.?\s+(?:dr\.?\s+|ing\.?\s+)?(?=\S+\s+\S)",
    re.IGNORECASE,
)


def clean_names(
    raw: Iterable[str], outlets: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the people that `raw` names, and what else it names as its author: agencies, offices.

    `outlets` are names of the site, which is no author.
    """
    sites = {squeeze(outlet) for outlet in outlets} - {""}
    people: dict[str, str] = {}
    others: dict[str, str] = {}
    for text in raw:
        for name in split_names(text):
            if len(people) >= _MAX_NAMES:
                break
            key = squeeze(name)
            if not key:
                continue
            if key in sites or not is_person(name):
                others.setdefault(key, name)
            else:
                people.setdefault(key, name)
    return tuple(people.values()), tuple(others.values())


def split_names(text: str) -> list[str]:
    """Return the pieces of `text` between commas, dashes and words for "and"."""
    text = " ".join(text[:_MAX_CHARS].split())
    if not text:
        return []
    text = _CJK.sub("", text)
    for _ in range(2):
        opening = _BY.match(text)
        if opening is None:
            break
        text = text[opening.end() :]
    text = _BRACKETS.sub(" , ", text)
    pieces = [piece for piece in _SEPARATOR.split(text) if piece]
    if len(pieces) == 2 and text.count(",") == 1 and all(_is_word(piece) for piece in pieces):
        return [f"{pieces[1]} {pieces[0]}"]  # "Doe, John"
    names = []
    for piece in pieces:
        names += _split_joined(piece)
    return [name for name in (name.strip(" .,;|-–—()'\"*") for name in names) if name]


def _is_word(text: str) -> bool:
    return text.isascii() and text.isalpha() and text.istitle()


def _split_joined(piece: str) -> list[str]:
    """Split at "and" where both sides can be names by themselves: "Maria Sá e Silva" is one."""
    parts = _JOINED.split(piece)
    if len(parts) > 1 and all(" " in part or not part.isascii() for part in parts):
        return parts
    return [piece]


def is_person(name: str) -> bool:
    """Return whether `name` has the form of a person's: words, no office, no agency, no address."""
    if not 1 < len(name) <= _MAX_NAME or _NOT_A_NAME.search(name) or _ROLE.search(name):
        return False
    if is_agency(name):
        return False
    words = name.split()
    if len(words) == 1:
        # Written without spaces, or an artist's one name; a bare acronym is an office.
        return not name.isascii() or (name.istitle() and len(name) > 3)
    if len(words) > _MAX_WORDS:
        return False
    return all(
        not word[0].islower()
        or word.casefold() in _SMALL
        or word[:2].casefold() in ("d'", "d’", "l'", "o'")
        for word in words
    ) or (name == name.lower() and name.isascii() and len(words) == 2)
