"""Who wrote a story: names of people, out of what pages write where a name should be."""

# ruff: noqa: E501 (a pattern is read by its languages, one line each)
from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from ingest.reading.dates_months import MONTHS
from ingest.reading.html.titles import squeeze
from ingest.reading.text.agencies import is_agency
from ingest.reading.text.labels import LABELS, Label, fold

_MAX_CHARS = 400
_MAX_ENTRIES = 60
_MAX_PIECES = 60
_MAX_WORDS = 6
_MAX_NAME = 60
_MAX_LINE = 200
_MIN_SITE = 4


class Kind(Enum):
    """What an author is."""

    PERSON = auto()
    AGENCY = auto()
    OFFICE = auto()  # a desk, a company, an alias: whoever is not called like a person
    SITE = auto()


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, and what it names."""

    text: str
    kind: Kind


_BY = re.compile(
    r"[\W_]*(?:(?:(?:view|show|see|read|zeige|voir|ver) )?(?:(?:all|alle|alles|mehr|more|weitere|other|tous|todas|todos|toutes)\s+)+(?:les |las |los )?(?:posts?|articles?|artikel|beiträge|stories|entries|artículos|entradas)?\s*|(?:written|words|story|report(?:ed|ing|age)?|posted|published|edited|reviewed|compiled|authored|analysis|opinion|interview|review|exclusive|updated|contributed|created|übersetzt|ein(?:e)? (?:kommentar|analyse|gastbeitrag|interview|essay|kolumne|bericht|reportage|gastkommentar)|(?:propos )?recueillis?|texte|texto|testo|tekst|text|skrevet|skrivet|geschreven|scritto|escrito|écrit|rédigé|publié|article|artículo|articolo|publicado|pubblicato|gepostet|verfasst|geschrieben|veröffentlicht|erstellt|eingestellt|gespeichert|hinzugefügt|opublikowane|napsal|написал|skriven|scritto)\s+)?"
    r"(?:by|von|vom|par|por|di|a cura di|door|av|af|od|przez|oleh|viết bởi|από|του|автор|автори|авторы|от|від|από τον|από την|autor(?:in|en|es|a|ka)?|auteurs?|autore|autori|authors?|szerző|szerzők|írta|yazar|yazan|haber|penulis|reporter|journalist|tác giả|بقلم|كتب|كتبت|إعداد|نویسنده|מאת|kirjoittaja|toimittaja|mwandishi|imeandikwa na|teksti|текст|συντάκτ(?:ης|ρια)|autor(?:ius|ė|s)|avtor(?:ica)?|аутор(?:ка)?|пише|piše|wartawan|pengarang|โดย|ผู้เขียน|เขียนโดย|เรื่องโดย|लेखक|लेखिका|লেখক|প্রতিবেদক|تحریر|مصنف|نوشته|نوشتۀ|خبرنگار|كتبه|ავტორი|հեղինակ|ရေးသားသူ|စာရေးသူ|text|texte|texto|testo|tekst)(?:\s*[:：՝]\s*|\s+[-–—]\s+|\s+)(?:by\s+|von\s+|par\s+|por\s+)?",
    re.IGNORECASE,
)
_CJK = re.compile(
    r"^記者(?=[\u4e00-\u9fff]{2,4}[／/])|[／/｜][\u4e00-\u9fff]{1,8}(?:報導|報道|报道)$|\s+(?:द्वारा|tarafından)$|"
    r"^(?:記者|记者|文|撰文|作者|取材・文|執筆|筆者|著者|責任編輯|编辑|글|기자)[／/:：\s]\s*|[\s　]*(?:기자|記者|记者|特派員|編集委員|論説委員|특파원|報導)$"
)
_BRACKETS = re.compile(r"\s*[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]\s*")
# What a name holds in brackets: Jan (Johnny) Smith.
_NICKNAME = re.compile(r"(?<=\w) \([^()]{1,40}\) (?=\w+$)")
_SEPARATOR = re.compile(r"\s*(?:[,;|•·、،؛\n\t]|\s/\s|\s&\s|\s\+\s|\s[–—-]\s|[／｜])\s*")
_JOINED = re.compile(
    r"\s+(?:and|und|et|y|e|i|ja|og|och|en|ve|dan|with|mit|con|com|avec|и|та|і|και|و|a|és|și|si|in collaboration with|sowie)\s+",
    re.IGNORECASE,
)
# What is left of "and" behind a comma: "A, B, and C".
_LEFT_AND = re.compile(r"(?:and|und|et|y|e|og|och|en|sowie|и|та|ve|dan|&)\s+(?=\S)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"@|https?:|www\.|\.(?:com|de|org|net|fr|es|it|uk|at|ch|info|news|ru|ua|tr|jp|eu)\b",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(r"[\d?!:=\"“”„<>{}%#_*$€£…»«]")
_WEEKDAYS = frozenset(
    [
        "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch",
        "donnerstag", "freitag", "samstag", "sonntag", "mon", "tue", "tues", "wed", "thu",
        "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
        "dimanche", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
        "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
    ]
)  # fmt: skip
_LONG = 5  # letters: a shorter weekday, or month, is part of a name too
_LONG_DAYS = "|".join(sorted(day for day in _WEEKDAYS if len(day) >= _LONG))
_LONG_MONTHS = "|".join(sorted(re.escape(month) for month in MONTHS if len(month) >= _LONG))
# Small words are names too: "Le" and "In" as Thuy Linh Le and Kim Soo In are called. So what is
# behind them must be a day, or they are small in a place: "Jane Doe in Paris".
_WHEN = (
    rf"(?:le|op|am|on|at|in)\s+(?:\d|(?:{_LONG_DAYS})\b)|(?:on|at|in)\s+(?:{_LONG_MONTHS})\b|"
    r"(?-i:on|at|in(?! 't)|am|ON|AT|IN)\s+\w"
)
# What follows a name on its line: when it was published, how long it takes to read.
_TAIL = re.compile(
    rf"\s+(?:{_WHEN}|(?:(?:first |last )?(?:published|updated|posted|modified|edited)|aktualisiert|veröffentlicht|publié|mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|gepubliceerd|bijgewerkt|publisert|oppdatert|publicerad|uppdaterad|julkaistu)\b).*$|\s+\d.*$",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"(?:ph\.? ?d|m\.? ?d|m\.? ?a|m\.? ?s|m\.? ?b\.? ?a|b\.? ?a|jr|sr|ii|iii|esq|r\.? ?d|r\.? ?n|cpa|dds)\.?",
    re.IGNORECASE,
)
# Words of work and of offices. A person's name has none of them.
_ROLE = re.compile(
    r"\b(?:staff|reporters?|reporting|correspondents?|editors?|editorial|writers?|columnists?|contributors?|contributing|journalists?|bureau|desk|team|newsroom|news|agency|agencies|agentur(?:en)?|presse-agentur|wire|service|services|press|media|online|digital|magazine|magazin|newspaper|network|admin(?:istrator)?|webmaster|guest|author|authors|producer|photographers?|professor|director|president|founder|co-founder|ceo|manager|analyst|specialist|expert|experts|fellow|lecturer|researcher|student|special to|for the|from the|updated?|published|posted|"
    r"twitter|facebook|instagram|linkedin|whatsapp|youtube|sponsored|gesponsert\w*|anzeige|advert\w*|inc|llc|ltd|gmbh|corp|group|university|institute|ministry|company|bank|association|foundation|marketing|photography|clinic|center|centre|department|committee|council|blog|studio|studios|solutions|consulting|insurance|contributor|representative|more|about|comments?|share|read|"
    r"redaktion\w*|redakteur\w*|redaktør\w*|redaktör\w*|redaktor\w*|redacci[oó]n|redactie|redacteur|r[ée]daction|redazione|reda[cç][aã]o|redacția|redakcj?[aei]|redakc\w+|korrespondent\w*|correspond[ae]nt\w*|corresponsal|corrispondente|journaliste?s?|periodista|giornalista|jornalista|dziennikarz|rep[oó]rter\w*|fotograf\w*|photographe|autorenteam|gastbeitrag|gastautor\w*|volont[äa]r\w*|praktikant\w*|agencias?|agence|agenzia|ag[eê]ncia|zeitung|verlag|nachrichten|haber|haberleri|merkezi|muhabir\w*|edit[öo]r\w*|gazetesi|servisi|редакци\w*|редакція|корреспондент\w*|журналист\w*|обозреватель|agensi|toimitus|toimituskunta|szerkeszt\w+|hírszerkesztő|مراسل|تحرير|وكالات|هيئة)\b",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"(?:新聞|新闻|日報|日报|時報|时报|通信|通訊|通讯|編集部|编辑部|編輯部|オンライン|デジタル|ニュース|報道|取材班|Web|신문|일보|뉴스|편집)"
)
_SMALL = frozenset(
    [
        "de", "da", "do", "dos", "das", "di", "del", "della", "dei", "van", "von", "vom", "zu",
        "zur", "zum", "der", "den", "ten", "ter", "la", "le", "el", "al", "los", "las", "bin",
        "ibn", "bint", "abu", "y", "e", "i", "af", "av", "du", "des", "san", "st", "mc", "o'",
        "d'", "ben", "bar", "te", "'t", "op", "und", "dal", "degli",
    ]
)  # fmt: skip
# What ends in a stop by itself: an initial, "Jr.", "e.V.".
_INITIAL = re.compile(r"(?:(?<!\w)\w|Jr|Sr|\.\w)\.$")
_ARTICLES = frozenset(["the", "die", "das", "les", "gli"])


def read_names(
    entries: Iterable[str],
    outlets: Collection[str],
    offices: Collection[str] = (),
    *,
    for_machines: bool = False,
) -> list[Name]:
    """Return whom `entries` name, each once. Total.

    Where an entry holds several pieces, only the people and agencies among them are kept: the rest
    is what they do and where. `outlets` are names of the site; `offices` are entries that are said
    to be no person. What is stated `for_machines` is a name, where a line for readers says "by".
    """
    sites = {squeeze(outlet) for outlet in outlets} - {""}
    found: dict[str, Name] = {}
    for entry, _ in zip(entries, range(_MAX_ENTRIES), strict=False):
        is_office = entry in offices
        if for_machines and not is_office and _is_whole(entry, sites):
            found.setdefault(squeeze(entry), Name(" ".join(entry.split()), Kind.PERSON))
            continue
        for name in _read_entry(entry, sites, is_office=is_office):
            key = squeeze(name.text)
            if key and len(found) < _MAX_ENTRIES:
                found.setdefault(key, name)
    return list(found.values())


def _is_whole(entry: str, sites: Collection[str]) -> bool:
    """Return whether `entry` is a name of two words that begins like "by": Par Nilsson."""
    given, _, family = " ".join(entry[: 2 * _MAX_NAME].split()).partition(" ")
    return (
        given in {"Di", "Par", "Von", "Av"}
        and family.isalpha()
        and family[0].isupper()
        and not family.isupper()  # an office: Von NDR
        and kind_of(family, sites) not in {Kind.AGENCY, Kind.SITE}
        and is_person(f"{given} {family}")
    )


# "By" of languages in which it is spelled like another word of others: of so many letters.
_BY_IN = {"sw": "na ", "ro": "de ", "tl": "ni ", "fil": "ni "}


def read_byline(line: str, outlets: Collection[str], language: str | None = None) -> list[Name]:
    """Return whom a line like "By A and B, in Paris" names; empty for any other line. Total."""
    if len(line) > _MAX_LINE:
        return []
    by = _BY_IN.get(language or "")
    if by is not None and line[: len(by)].lower() == by:
        line = f"by {line[len(by) :]}"
    opening = _BY.match(line)
    if opening is None and _CJK.search(line) is None:
        return []
    found = read_names([line], outlets)
    first = split_names(line)[:1]
    if not found or not first or found[0].text != first[0]:
        return []
    return [name for name in found if name.kind in {Kind.PERSON, Kind.AGENCY}]


# What plugins write for "written by", where a byline is spelled otherwise.
_WRITTEN_BY = frozenset(
    (
        *("scritto da", "escrit per", "ditulis oleh", "napisane przez", "napisal", "napsal(a)"),
        *("napisao/la", "scris de", "kirjoittanut", "skriven av", "γράφτηκε από", "написано"),
        *("написано от", "написано автором", "yazan", "執筆者", "글쓴이", "כתב", "נכתב על ידי"),
    )
)


def says_author(label: str) -> bool:
    """Return whether `label`, which stands by itself before a name, says that it is an author's."""
    folded = fold(label[:_MAX_NAME])
    return (
        LABELS.get(folded) is Label.BYLINE
        or folded in _WRITTEN_BY
        or _BY.fullmatch(f"{folded} ") is not None
    )


def is_alias(line: str, names: Collection[Name]) -> bool:
    """Return whether `line` says "by" and then one word: what bloggers and forums sign with."""
    if len(names) != 1 or len(line) > _MAX_NAME or _BY.match(line) is None:
        return False
    name = next(iter(names))
    return name.kind is Kind.OFFICE and name.text.isalnum() and not _ROLE.search(name.text)


def _read_entry(entry: str, sites: set[str], *, is_office: bool) -> list[Name]:
    names = [(name, kind_of(name, sites)) for name in split_names(entry)]
    if len(names) == 1:
        name, kind = names[0]
        if is_office and kind is Kind.PERSON:
            kind = Kind.OFFICE
        if _ADDRESS.search(entry) and kind is not Kind.AGENCY:
            # An address is no name; one beside a name says that it is the site's.
            if "@" in entry or "//" in entry:
                return []
            kind = Kind.SITE
        return [Name(name, kind)]
    if any(kind is Kind.SITE for _, kind in names) and _ADDRESS.search(entry):
        return []
    return [
        Name(name, kind)
        for name, kind in names
        if kind is Kind.AGENCY or (kind is Kind.PERSON and (" " in name or not name.isascii()))
    ]


def kind_of(name: str, sites: Collection[str] = ()) -> Kind:
    """Return what `name` names, as far as its form tells; `sites` are squeezed names of the site."""
    key = squeeze(name)
    if key in sites:
        return Kind.SITE
    if is_agency(name):
        return Kind.AGENCY
    if is_person(name):
        return Kind.PERSON
    is_desk = any(len(site) >= _MIN_SITE and key.startswith(site) for site in sites)
    return Kind.SITE if is_desk else Kind.OFFICE


def split_names(text: str) -> list[str]:
    """Return the pieces of `text` between commas, dashes and words for "and", without "By"."""
    text = " ".join(text[:_MAX_CHARS].split())
    text = _CJK.sub("", text)
    if (opening := _BY.match(text)) is not None:
        text = text[opening.end() :]
    if "(" in text:
        text = _NICKNAME.sub(" ", text)
    if "(" in text or "[" in text or "（" in text or "【" in text:
        text = _BRACKETS.sub(" , ", text)
    pieces = [piece for piece in _SEPARATOR.split(text) if piece.strip()][:_MAX_PIECES]
    is_pair = len(pieces) == 2  # noqa: PLR2004 (a pair)
    if is_pair and text.count(",") == 1 and _is_word(pieces[0]) and _is_given(pieces[1]):
        return [f"{pieces[1]} {pieces[0]}"]  # "Doe, John", "Jong, Michiel de"
    names: list[str] = []
    for at, piece in enumerate(pieces):
        before_date = at + 1 < len(pieces) and pieces[at + 1][:1].isdigit()
        own = _LEFT_AND.sub("", piece, count=1) if at and _LEFT_AND.match(piece) else piece
        for name in _split_joined(_without_tail(own, before_date=before_date)):
            names += [kept] if (kept := _trimmed(name)) else []
    return names


def _trimmed(name: str) -> str:
    """Return `name` without the marks around it, and once where it is written twice."""
    kept = name.strip(" ,;|-–—()'\"*©:")
    if not _INITIAL.search(kept):
        kept = kept.strip(".")
    words = kept.split()
    half = len(words) // 2
    if half > 1 and words[:half] == words[half:]:
        kept = " ".join(words[:half])
    return kept


def _without_tail(piece: str, *, before_date: bool) -> str:
    """Cut what follows a name on its line: "Jane Doe Published March 3"."""
    cut = _TAIL.sub("", piece)
    if " " not in cut:
        return piece
    if cut == piece and not before_date:
        return piece
    words = cut.split()
    while len(words) > 2 and _is_calendar(words[-1]):  # noqa: PLR2004 (a name has two)
        words.pop()
    return " ".join(words)


def _is_calendar(word: str) -> bool:
    word = word.casefold().rstrip(".")
    return word in MONTHS or word in _WEEKDAYS


def _is_word(text: str) -> bool:
    return text.isascii() and text.isalpha() and text.istitle()


def _is_given(text: str) -> bool:
    """Return whether `text` is what stands behind a family name: a given name, an initial."""
    given, _, particle = text.partition(" ")
    return (_is_word(given.rstrip("."))) and (not particle or particle in _SMALL)


def _split_joined(piece: str) -> list[str]:
    """Split at "and" where both sides can be names by themselves: "Maria Sá e Silva" is one."""
    parts = _JOINED.split(piece)
    if len(parts) > 1 and all(
        " " in part or not part.isascii() or is_agency(part) for part in parts
    ):
        return parts
    return [piece]


def is_person(name: str) -> bool:
    """Return whether `name` has the form of a person's: words, no office, no address."""
    if not 1 < len(name) <= _MAX_NAME or _NOT_A_NAME.search(name) or _DEGREE.fullmatch(name):
        return False
    words = name.split()
    if len(words) > _MAX_WORDS or words[0].casefold() in _ARTICLES:
        return False
    if _ROLE.search(name) or _ADDRESS.search(name):
        return False
    if not name.isascii() and _DESK.search(name):
        return False
    if len(words) == 1:
        # Written without spaces; elsewhere one word is a place, an office or an alias.
        return not name.isascii() and name.lower() == name.upper()
    return (
        all(
            not (word[0].islower() and word[0] != word[0].title())  # Georgian has no capitals
            or word.casefold() in _SMALL
            or word[:2].casefold() in {"d'", "d’", "l'", "o'", "al"}
            for word in words
        )
        and not all(word in MONTHS or word.isdigit() for word in name.casefold().split())
    )
