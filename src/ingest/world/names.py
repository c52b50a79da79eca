"""What the name of a file or of an archive's member says: its suffix, and how it is written down.

Names are the world's: any bytes, any length. Here they become text that every table can hold.
"""

from __future__ import annotations

import re

from ingest.words.nouns import DocumentKind

KINDS = {
    plain + packed: kind
    for plain, kind in (
        (".txt", DocumentKind.TEXT),
        (".text", DocumentKind.TEXT),
        (".html", DocumentKind.HTML),
        (".htm", DocumentKind.HTML),
        (".xhtml", DocumentKind.HTML),
    )
    for packed in ("", ".gz")
}
ARCHIVES = frozenset((".zip", ".tar", ".tar.gz", ".tgz"))
READABLE = ".txt .text .html .htm .xhtml, each also with .gz, and .zip .tar .tar.gz .tgz"

HIDDEN = "(hidden)"
NOT_A_FILE = "(link or device)"


_ESCAPED = re.compile(r"\\(?:x([89a-f][0-9a-f])|u(d[89a-f][0-9a-f]{2})|([\\!]))")
# What Python stands for a byte with that is not UTF-8 (PEP 383).
_SURROGATE_OF_BYTES = 0xDC00


def suffix_of(name: str) -> str:
    """Return the lower-case suffix of `name`, that before .gz included, or "" if it has none."""
    stem, dot, last = name.rpartition(".")
    if not dot or not stem:
        return ""
    suffix = f".{last.lower()}"
    if suffix != ".gz":
        return suffix
    inner, dot, last = stem.rpartition(".")
    return f".{last.lower()}.gz" if dot and inner else suffix


def label_of(suffix: str) -> str:
    """Return the word under which what has `suffix` is counted when no reader takes it.

    There is no end of names, so what is no plain suffix is "(other)".
    """
    if not suffix:
        return "(no suffix)"
    return suffix if re.fullmatch(r"[.a-z0-9_-]{2,12}", suffix) else "(other)"


def escape(name: str) -> str:
    r"""Return `name` as valid Unicode text; no two names give the same text.

    A backslash becomes two, a byte that is not UTF-8 becomes `\xNN`, and `!/`, which stands
    between an archive and its member, becomes `\!/`; so does a `!` at the end, which a folder's
    name would turn into one.
    """
    if name.isascii() and "\\" not in name and "!" not in name:
        return name
    doubled = name.replace("\\", "\\\\").replace("!/", "\\!/")
    if doubled.endswith("!"):
        doubled = doubled[:-1] + "\\!"
    try:
        return doubled.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte
        return doubled.encode("utf-8", "backslashreplace").decode("utf-8")


def unescape(text: str) -> str | None:
    """Return the name that `escape` writes as `text`, None where there is none."""
    name = _ESCAPED.sub(_unescaped, text)
    return name if escape(name) == text else None


def _unescaped(match: re.Match[str]) -> str:
    byte, surrogate, other = match.groups()
    if byte is not None:
        return chr(_SURROGATE_OF_BYTES + int(byte, 16))
    return chr(int(surrogate, 16)) if surrogate is not None else other


def climbs(name: str) -> bool:
    """Return whether the member `name` points outside its archive, on any system."""
    if "\0" in name or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return True
    return ".." in name and ".." in re.split(r"[/\\]", name)
