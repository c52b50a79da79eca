"""Wire agencies: their names, and the places where a story says that it is theirs."""

# ruff: noqa: E501 (a pattern is read by its languages, one line each)
from __future__ import annotations

import re

# As written, folded, to the name that is kept.
_AGENCIES: dict[str, str] = {
    "aa": "AA", "anadolu": "AA", "anadolu agency": "AA", "anadolu ajansı": "AA", "aap": "AAP",
    "afp": "AFP", "agence france-presse": "AFP", "ag. france-presse": "AFP", "ani": "ANI",
    "ansa": "ANSA", "ap": "AP", "associated press": "AP", "the associated press": "AP",
    "apa": "APA", "belga": "Belga", "bernama": "Bernama", "bloomberg": "Bloomberg",
    "bta": "BTA", "cna": "CNA", "cp": "The Canadian Press", "the canadian press": "The Canadian Press",
    "canadian press": "The Canadian Press", "ctk": "ČTK", "čtk": "ČTK", "dpa": "dpa",
    "dpa-afx": "dpa-AFX", "efe": "EFE", "epd": "epd", "europa press": "Europa Press",
    "fides": "Fides", "hina": "HINA", "ians": "IANS", "interfax": "Interfax",
    "интерфакс": "Interfax", "irna": "IRNA", "jiji": "Jiji", "時事": "Jiji", "時事通信": "Jiji",
    "keystone-sda": "Keystone-SDA", "kna": "KNA", "kyodo": "Kyodo", "共同": "Kyodo",
    "共同通信": "Kyodo", "lusa": "Lusa", "mti": "MTI", "ntb": "NTB", "anp": "ANP", "pap": "PAP",
    "pa": "PA", "pa media": "PA", "press association": "PA", "pti": "PTI", "reuters": "Reuters",
    "рейтер": "Reuters", "رويترز": "Reuters", "ロイター": "Reuters", "路透": "Reuters",
    "路透社": "Reuters", "ria": "RIA Novosti", "ria novosti": "RIA Novosti", "риа новости": "RIA Novosti",
    "ritzau": "Ritzau", "sana": "SANA", "saba": "Saba", "sda": "SDA", "ats": "ATS", "sid": "SID",
    "sputnik": "Sputnik", "stt": "STT", "tanjug": "Tanjug", "танјуг": "Tanjug", "tass": "TASS",
    "тасс": "TASS", "итар-тасс": "TASS", "tt": "TT", "ukrinform": "Ukrinform",
    "укрінформ": "Ukrinform", "upi": "UPI", "xinhua": "Xinhua", "新华社": "Xinhua",
    "新華社": "Xinhua", "yonhap": "Yonhap", "연합뉴스": "Yonhap", "wam": "WAM", "وام": "WAM",
    "spa": "SPA", "واس": "SPA", "kuna": "KUNA", "أ ف ب": "AFP", "أ.ف.ب": "AFP",
    "فرانس برس": "AFP", "الأناضول": "AA", "د ب أ": "dpa", "trt": "TRT", "dha": "DHA",
    "iha": "İHA", "i̇ha": "İHA", "antara": "Antara", "vna": "VNA", "ttxvn": "VNA", "adnkronos": "Adnkronos",
    "agi": "AGI", "telam": "Télam", "télam": "Télam", "agencia brasil": "Agência Brasil",
    "agência brasil": "Agência Brasil", "agerpres": "Agerpres", "mia": "MIA", "ina": "INA",
    "app": "APP", "uni": "UNI", "bss": "BSS", "unb": "UNB", "nan": "NAN", "gna": "GNA",
    "panapress": "Panapress", "ips": "IPS", "dapd": "dapd", "ddp": "ddp", "tap": "TAP", "map": "MAP", "aps": "APS",
}  # fmt: skip

# Names that are also words, or that outlets print for other ends: believed only after "Source:".
_ONLY_LABELLED = frozenset(
    {"aa", "pa", "tt", "trt", "uni", "map", "app", "mia", "ips", "ina", "nan", "tap", "spa", "ria",
     "aps", "sid", "bloomberg", "cna", "agi", "saba", "sana", "sputnik", "interfax"}
)  # fmt: skip

_LABELLED = re.compile(
    r"^(?:source|sources|via|agency|quelle|quellen|fonte|fuente|kaynak|источник|джерело|извор|"
    r"zdroj|źródło|forrás|sursa|πηγή|lähde|kilde|källa|bron|المصدر|منبع|ذریعہ|स्रोत|সূত্র|sumber|"
    r"nguồn|ที่มา|来源|來源|出典|출처|izvor|vir)\s*[:：\-–]\s*(.{2,60})$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"[(\[（/]([^()\[\]（）/\d]{2,24})[)\]）/]")
_CREDITED = re.compile(r"(?:^|[\s–—(/])([^\s–—()/,]{2,16})\)?\.?$")


def find_labelled_agency(text: str) -> str | None:
    """Return the agency of a line like `SOURCE:AA`, whoever that is; None for other lines."""
    if len(text) > 80 or not any(sign in text for sign in ":：-–"):  # noqa: PLR2004 (a label and a name)
        return None
    match = _LABELLED.match(text)
    if match is None:
        return None
    for name in re.split(r"\s*(?:,|/|&|\band\b|\bund\b|\bet\b|\by\b|\bve\b)\s*", match[1]):
        agency = _AGENCIES.get(name.strip(" .()").casefold())
        if agency is not None:
            return agency
    return None


def find_opening_agency(text: str) -> str | None:
    """Return the agency named in brackets in a story's first words: `BEIRUT (Reuters) -`."""
    for match in _IN_BRACKETS.finditer(text[:120]):
        name = match[1].strip().casefold()
        agency = _AGENCIES.get(name)
        if agency is not None and (name not in _ONLY_LABELLED or match[1].strip().isupper()):
            return agency
    return None


def find_closing_agency(text: str) -> str | None:
    """Return the agency at a story's very end: `(dpa)`, `– AFP`, or alone on its line."""
    tail = text[-40:].strip()
    match = _CREDITED.search(tail)
    if match is None:
        return None
    name = match[1].casefold()
    agency = _AGENCIES.get(name)
    if agency is None or name in _ONLY_LABELLED:
        return None
    bare = tail.casefold().strip("().–— ")
    marked = tail[: match.start(1)].rstrip()[-1:] in ("(", "–", "—", "/")
    return agency if marked or bare == name else None


def is_agency(name: str) -> bool:
    """Return whether `name` is an agency's."""
    return name.strip(" .()").casefold() in _AGENCIES
