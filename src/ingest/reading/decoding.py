"""Decoding: from bytes of unknown encoding to clean text. The only owner of chardet.

A wrong guess is worse than a lost byte: once mojibake is in the warehouse, nobody counts it. So
the certain ways go first (byte order mark, valid UTF-8, UTF-8 with a scratch), then what the
page declares, and only then what the bytes look like.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ingest.words.nouns import DocumentKind, Rejection
from ingest.words.reasons import Reason

# Detection reads no further: 64 KB tell what a whole book tells, at a fortieth of a second.
_DETECT_BYTES = 1 << 16
# Where a declaration may stand. WHATWG says 1,024; real pages put scripts before it.
_DECLARED_BYTES = 4096
# A UTF-8 file with more bad bytes than this is not a UTF-8 file with a scratch.
_SCRATCHED_SHARE = 0.01
# Where UTF-8 is declared, so many letters in runs without a bad byte for each bad byte say that it
# is true. Text of other encodings looks so by chance: .06 for each at most, in 161 pages.
_CLEAN_SHARE = 0.2
# A text whose letters have several bytes has no more damage than this for each letter that is not
# ASCII, if it is in the encoding that it is said to be in: some teasers cut within a letter. One
# in fifty texts fits another such encoding as well, so this comes last before detection.
_CUT_SHARE = 0.01
# Text has fewer control characters than this; pictures and programs have many more.
_BINARY_SHARE = 0.01

# UTF-32 before UTF-16, whose little-endian mark begins the same.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Formats that are all text or nearly so, yet hold no article that could be read here.
_SIGNATURES = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\3\4", b"\x1f\x8b", b"{\\rtf")
_NO_PAGE = (*_SIGNATURES, *(mark for mark, _ in _MARKS))
_CONTROL_BYTES = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1a\x1b"})

# The escapes of ISO-2022, whose bytes are all ASCII and so look like valid UTF-8.
_ESCAPE = re.compile(rb"\x1b(?:\$[@AB]|\([BIJ]|\$\([CD]|\$\)C)")
_FOREIGN_RUN = re.compile("[^\0-\x7f]+")
_META = re.compile(rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w:.+-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.+-]{2,40})", re.IGNORECASE)

# What a declared label means, by the Encoding Standard: the narrow encoding where it fits, else
# the wide one that browsers use for it. A label that is not here is not believed; some of
# Python's codecs are no encodings at all ("unicode_escape", "zlib").
_LABELS = {
    label: tuple(codecs_.split())
    for codecs_, labels in {
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8",
        "cp1252": "iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1 ascii us-ascii "
        "ansi_x3.4-1968 windows-1252 cp1252 x-cp1252 cp819",
        "iso8859-2 cp1250": "iso-8859-2 iso8859-2 iso_8859-2 latin2",
        "iso8859-3": "iso-8859-3 latin3",
        "iso8859-4": "iso-8859-4 latin4",
        "iso8859-5": "iso-8859-5 iso8859-5 cyrillic",
        "iso8859-6 cp1256": "iso-8859-6 arabic",
        "iso8859-7 cp1253": "iso-8859-7 iso8859-7 greek",
        "iso8859-8 cp1255": "iso-8859-8 iso-8859-8-i hebrew logical",
        "cp1254": "iso-8859-9 iso8859-9 latin5 windows-1254 cp1254",
        "iso8859-10": "iso-8859-10 latin6",
        "iso8859-13": "iso-8859-13",
        "iso8859-14": "iso-8859-14",
        "iso8859-15": "iso-8859-15 iso8859-15 latin9 latin-9",
        "iso8859-16": "iso-8859-16",
        "cp874": "iso-8859-11 tis-620 windows-874 dos-874",
        "cp1250": "windows-1250 cp1250 x-cp1250",
        "cp1251": "windows-1251 cp1251 x-cp1251",
        "cp1253": "windows-1253 cp1253",
        "cp1255": "windows-1255 cp1255",
        "cp1256": "windows-1256 cp1256",
        "cp1257": "windows-1257 cp1257",
        "cp1258": "windows-1258 cp1258",
        "koi8-r": "koi8-r koi8 koi",
        "koi8-u": "koi8-u koi8-ru",
        "cp866": "ibm866 cp866 866",
        "cp855": "ibm855 cp855 855",
        "mac-roman": "macintosh mac x-mac-roman",
        "mac-cyrillic": "x-mac-cyrillic maccyrillic x-mac-ukrainian",
        "gb2312 gb18030": "gb2312 x-gbk gbk gb18030 gb_2312-80 chinese euc-cn",
        "big5 cp950 big5hkscs": "big5 big5-hkscs x-x-big5 cn-big5 cp950",
        "euc-jp": "euc-jp x-euc-jp eucjp",
        "iso2022-jp iso2022-jp-2": "iso-2022-jp csiso2022jp",
        "shift-jis cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms_kanji cp932",
        "euc-kr cp949": "euc-kr ks_c_5601-1987 korean ksc5601 windows-949 cp949",
        "johab": "johab cp1361",
    }.items()
    for label in labels.split()
}

# The widest forms of the encodings whose letters can be cut in two, as browsers use them.
_SEVERAL_BYTES = frozenset({"gb18030", "big5hkscs", "euc-jp", "cp932", "cp949", "johab"})

# Whoever writes anything writes it early; a copy of a long text is spared.
_SEEN_CHARS = 1000

_NEWLINES = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]+")
# The same, but for \r, in bytes: a hundred times faster to look for.
_RARE_BYTES = bytes({*range(32), 127} - {*b"\t\n\r"})
_NEW_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
_INVISIBLE = " \t\n\r\v\f\u00a0\u200b\u200c\u200d\u2060"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without control characters but tab and newline, and how its encoding was known."""

    text: str
    encoding: str  # as Python names it
    method: str  # "bom", "utf-8", "declaration" or "detection"


def decode(body: bytes, kind: DocumentKind, stated: str | None = None) -> Decoded | Rejection:
    """Return the text that `body` is, or why it is none. Total: it never raises.

    `stated` is the encoding that the answer gave which brought the body. It wins over what the
    document declares and never over its bytes: what is UTF-8 is UTF-8.

    The text of a page may hold control characters and any newlines: its reader drops them from
    what it keeps, which is a twentieth of the page.
    """
    if _is_page(body) if kind is DocumentKind.HTML else _is_plain(body):
        # Nearly every document ends here, so nothing is asked before that is not asked of all.
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return _decode_other(body, kind, stated)
        if "\r" in text and kind is not DocumentKind.HTML:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return _given(text, "utf-8", "utf-8")
    return _decode_other(body, kind, stated)


def _is_page(body: bytes) -> bool:
    """Return whether `body`, if it is UTF-8, is a page without mark, escapes or noise."""
    return not (b"\0" in body or b"\x1b" in body or body.startswith(_NO_PAGE) or _is_binary(body))


def _is_plain(body: bytes) -> bool:
    """Return whether `body`, if it is UTF-8, has no character that must be seen to."""
    if len(body.translate(None, _RARE_BYTES)) < len(body) or body.startswith(_SIGNATURES):
        return False
    return body.isascii() or not (
        _NEW_CONTROLS.search(body)
        or b"\xe2\x80\xa8" in body
        or b"\xe2\x80\xa9" in body
        or b"\xef\xbb\xbf" in body
    )


def _given(text: str, encoding: str, method: str) -> Decoded | Rejection:
    """Return `text` unless there is nothing in it."""
    if text[:_SEEN_CHARS].strip(_INVISIBLE) or text.strip(_INVISIBLE):
        return Decoded(text, encoding, method)
    return Rejection(Reason.EMPTY, "nothing but white space")


def _cleaned(text: str, encoding: str, method: str) -> Decoded | Rejection:
    """Return `text` without control characters and with one kind of newline."""
    return _given(_DROPPED.sub("", _NEWLINES.sub("\n", text)), encoding, method)


def _decode_other(body: bytes, kind: DocumentKind, stated: str | None) -> Decoded | Rejection:
    """Decode what is not plainly UTF-8: by its mark, its scratches, its declaration, its looks."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            # A body cut in the middle of a character loses that one only.
            return _cleaned(body[len(mark) :].decode(encoding, "replace"), encoding, "bom")
    if b"\0" in body:
        return _decode_with_nul(body, kind, stated)
    if body.startswith(_SIGNATURES) or _is_binary(body):
        return _no_text(body)
    if not _ESCAPE.search(body):
        declared = _declared(body) if kind is DocumentKind.HTML else None
        known = (
            _scratched(body, is_declared="utf-8" in (_codecs(stated) or _codecs(declared)))
            or _labelled(body, stated, "content-type")
            or _labelled(body, declared, "declaration")
            or _cut(body, stated, "content-type")
            or _cut(body, declared, "declaration")
        )
        if known:
            return _cleaned(*known)
    return _detected(body)


def _no_text(body: bytes) -> Rejection:
    return Rejection(Reason.BINARY, f"it begins with {body[:8]!r}; expected text")


def _decode_with_nul(body: bytes, kind: DocumentKind, stated: str | None) -> Decoded | Rejection:
    """Decode a body with NULs: UTF-16 or UTF-32 without a mark, text with dirt, or no text."""
    if body.count(0, 0, _DETECT_BYTES) > _BINARY_SHARE * min(len(body), _DETECT_BYTES):
        encoding = _detect(body)
        if not encoding.startswith(("utf-16", "utf-32")):
            return _no_text(body)
        return _cleaned(body.decode(encoding, "replace"), encoding, "detection")
    return decode(body.replace(b"\0", b""), kind, stated)


def _is_binary(body: bytes) -> bool:
    head = body[:_DETECT_BYTES]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    return controls > _BINARY_SHARE * len(head)


def _scratched(body: bytes, *, is_declared: bool) -> tuple[str, str, str] | None:
    """Return `body` as UTF-8, with replacements if it plainly was that before it was damaged."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    is_utf8 = not bad or (
        bad <= _SCRATCHED_SHARE * len(body)
        and (good > bad or (is_declared and _clean(text) >= _CLEAN_SHARE * bad))
    )
    return (text, "utf-8", "utf-8") if is_utf8 else None


def _clean(text: str) -> int:
    """Return how many letters of `text` that are not ASCII have nothing broken beside them."""
    return sum(len(run) for run in _FOREIGN_RUN.findall(text) if "\ufffd" not in run)


def _declared(body: bytes) -> str | None:
    """Return the encoding that the document says it has."""
    head = body[:_DECLARED_BYTES]
    found = _XML.search(head) or _META.search(head)
    return found[1].decode("ascii", "replace") if found else None


def _codecs(label: str | None) -> tuple[str, ...]:
    return _LABELS.get((label or "").lower(), ())


def _labelled(body: bytes, label: str | None, method: str) -> tuple[str, str, str] | None:
    """Return `body` in the encoding that people call `label`, where it is known and fits."""
    for encoding in _codecs(label):
        try:
            return body.decode(encoding), encoding, method
        except UnicodeDecodeError:
            continue
    return None


def _cut(body: bytes, label: str | None, method: str) -> tuple[str, str, str] | None:
    """Return `body` as `label` has it but for a few letters, where these have several bytes.

    Of encodings with a byte a letter this says nothing: nearly every text fits most of them.
    """
    encoding = next((each for each in _codecs(label) if each in _SEVERAL_BYTES), "")
    if not encoding:
        return None
    text = body.decode(encoding, "replace")
    bad = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return (text, encoding, method) if bad <= _CUT_SHARE * foreign else None


def _detected(body: bytes) -> Decoded | Rejection:
    encoding = _detect(body)
    if not encoding:
        return _no_text(body)
    # What was detected may be the narrow form of what is meant; beyond the bytes that were looked
    # at, only the wide form is sure to fit.
    for candidate in (*_LABELS.get(encoding, ()), encoding, "cp1252"):
        try:
            return _cleaned(body.decode(candidate), candidate, "detection")
        except UnicodeDecodeError:
            continue
    return _cleaned(body.decode(encoding, "replace"), encoding, "detection")


def _detect(body: bytes) -> str:
    """Return what chardet takes the encoding for, as Python names it, or "" for no text."""
    import chardet  # noqa: PLC0415 (its models cost 0.1 s, and most documents are UTF-8)

    # No newsroom writes the code pages of mainframes, but noise often looks like one.
    eras = chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME
    head = body[:_DETECT_BYTES]
    encoding = chardet.detect(head, encoding_era=eras, max_bytes=_DETECT_BYTES)["encoding"]
    return (encoding or "").lower()
