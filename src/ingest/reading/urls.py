"""Addresses in one form: two ways to write an address are one, two stories never are.

`resolve` makes an address absolute and writes it in one way without changing where it leads;
`canonicalize` also leaves out what only says where a reader came from. Both leave alone what some
server may tell apart: http and https, `www.` and mobile hosts, the case of a path, a slash at its
end, index pages. That two of those are one story, the page itself has to say.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import idna

from ingest.reading.sites import is_address, site_of
from ingest.reading.url_parameters import story_query, without_session

# Addresses of stories have a hundred characters; those that carry another address in themselves
# some thousand. Servers refuse more than 8,000.
MAX_URL_CHARACTERS = 4096
# Cutting wrappers off ends: a wrapper within a wrapper within a wrapper is no link that a person
# has followed.
_MAX_WRAPPERS = 3
_MAX_HOST_CHARACTERS = 253
_MAX_LABEL_CHARACTERS = 63
_MAX_PORT = 65535
_MAX_PORT_DIGITS = 10
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Browsers leave these out wherever they stand, and any number of slashes either way opens a host.
_LEFT_OUT = str.maketrans("", "", "\t\r\n")
_AROUND = "".join(map(chr, range(0x21)))
_ABSOLUTE = re.compile(r"(https?):[/\\]*", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
# What a person pastes behind a prefix that was there already.
_TWICE = re.compile(r"https?:[/\\]*(?=https?:[/\\]{2})", re.IGNORECASE)
_PARTS = re.compile(r"([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?\Z", re.DOTALL)

_PLAIN_PATH = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/]*\Z")
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*\Z")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_NOT_IN_PATH = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]+")
_NOT_IN_QUERY = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SLASHES = re.compile(r"(?<!:)//+")
_SURROGATE = re.compile("[\ud800-\udfff]")

_HOST = re.compile(r"[a-z0-9_\-]+(?:\.[a-z0-9_\-]+)*\Z")

# The address of a copy holds that of the page: /c/ is a document, /s/ says https.
_AMP_CACHE = re.compile(
    r"https?://[^/?#]+\.(?:cdn\.ampproject\.org|bing-amp\.com)/[a-z](/s)?/([^/?#]+\.[^?#]*.*)\Z"
)
_AMP_VIEWER = re.compile(r"https?://(?:www\.)?google\.[a-z.]+/amp(/s)?/([^/?#]+\.[^?#]*.*)\Z")
_WRAPPER = re.compile(
    r"https?://(?:(?:www\.)?google\.[a-z.]+/url|lm?\.facebook\.com/l\.php)\?(?:.*&)?"
    r"(?:q|url|u)=(https?%3A%2F%2F[^&#]+|https?://[^&#]+)",
    re.IGNORECASE,
)


def resolve(url: str, base: str | None = None) -> str | None:
    """Return `url` as seen from `base`, absolute and written in one way; None where it is none.

    It leads where it led: nothing is left out but a fragment, and that one stays that begins with
    `!`, by which some sites choose the page. An address with a name and a password is none: they
    would be stored. Total: it never raises.
    """
    if not url or len(url) > MAX_URL_CHARACTERS:
        return None
    url = url.translate(_LEFT_OUT).strip(_AROUND)
    twice = _TWICE.match(url)
    if twice:
        url = url[twice.end() :]
    absolute = _ABSOLUTE.match(url)
    if absolute:
        return _write(absolute[1].lower(), url[absolute.end() :])
    if _OTHER_SCHEME.match(url):
        return None
    slashed = _slash(url)
    if slashed.startswith("//"):
        scheme = "http" if base and base.lower().startswith("http:") else "https"
        return _write(scheme, slashed.lstrip("/"))
    start = resolve(base) if base else None
    if start is None:
        return None
    scheme, _, rest = start.partition("://")
    host, path, query, _ = _split(rest)
    if not slashed or slashed[0] == "#":
        slashed = path + ("" if query is None else f"?{query}") + slashed
    elif slashed[0] == "?":
        slashed = path + slashed
    elif slashed[0] != "/":
        slashed = path.rpartition("/")[0] + "/" + slashed
    return _write(scheme, host + slashed)


def canonicalize(url: str, base: str | None = None) -> str | None:
    """Return the one address under which a story is known, None where `url` is no web address.

    What tracks readers is left out, parameters stand in the order of their names, and the copies
    of AMP caches and the redirects of search engines are the page that they name. Total: it never
    raises, and its own result stays as it is.
    """
    plain = resolve(url, base)
    for _ in range(_MAX_WRAPPERS):
        inner = plain and _unwrap(plain)
        if not inner:
            break
        plain = resolve(inner)
    if plain is None or _unwrap(plain):
        return None
    scheme, _, rest = plain.partition("://")
    host, path, query, fragment = _split(rest)
    if ";" in path:
        path = without_session(path)
    if query:
        query = story_query(query)
    return _join(scheme, host, path, query, fragment)


def host_of(url: str) -> str | None:
    """Return the host of `url` in lower case, without its port; None where it has none."""
    plain = resolve(url)
    if plain is None:
        return None
    host = plain.partition("://")[2].partition("/")[0]
    return host.partition("]")[0] + "]" if host[0] == "[" else host.partition(":")[0]


def path_of(url: str) -> str:
    """Return what of a resolved `url` follows its host: path and query, "/" where there is none."""
    return "/" + url.partition("://")[2].partition("#")[0].partition("/")[2]


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses are of one owner: `www.` and other subdomains are."""
    host, other_host = host_of(one), host_of(other)
    return None not in {host, other_host} and site_of(host or "") == site_of(other_host or "")


def is_inside(url: str, include: Sequence[str] = (), exclude: Iterable[str] = ()) -> bool:
    """Return whether `url` fits one of `include` (all do where there is none) and no `exclude`.

    A pattern reads as in robots.txt: it is the beginning of what it means, `*` is any run of
    characters, `$` at the end is the end. It begins with `/` for the path and the query, and with
    anything else for the host before them: `/sport/`, `blog.example.org/`, `*/video/*`.
    """
    plain = resolve(url)
    if plain is None:
        return False
    rest = plain.partition("://")[2]
    path = path_of(plain)
    if any(_fits(pattern, path if pattern.startswith("/") else rest) for pattern in exclude):
        return False
    return not include or any(
        _fits(pattern, path if pattern.startswith("/") else rest) for pattern in include
    )


def _fits(pattern: str, text: str) -> bool:
    """Return whether `text` begins as `pattern` says; in one pass, whatever the pattern."""
    at_end = pattern.endswith("$")
    first, *others = (pattern[:-1] if at_end else pattern).split("*")
    if not text.startswith(first):
        return False
    place = len(first)
    last = others.pop() if others and at_end else None
    for piece in others:
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if last is not None:
        return len(text) - len(last) >= place and text.endswith(last)
    return not at_end or place == len(text)


def _slash(url: str) -> str:
    """Return `url` with the backslashes of its path as the slashes that browsers read them as."""
    if "\\" not in url:
        return url
    end = min((place for place in (url.find("?"), url.find("#")) if place >= 0), default=len(url))
    return url[:end].replace("\\", "/") + url[end:]


def _split(rest: str) -> tuple[str, str, str | None, str | None]:
    """Return host, path, query and fragment of what follows the scheme."""
    match = _PARTS.match(rest)
    return match.group(1, 2, 3, 4) if match else (rest, "", None, None)  # type: ignore[return-value]


def _join(scheme: str, host: str, path: str, query: str | None, fragment: str | None) -> str:
    query = f"?{query}" if query else ""
    fragment = f"#{fragment}" if fragment and fragment[0] == "!" else ""
    return f"{scheme}://{host}{path}{query}{fragment}"


def _write(scheme: str, rest: str) -> str | None:
    host, path, query, fragment = _split(_slash(rest))
    place = _place(scheme, host)
    if place is None:
        return None
    url = _join(
        scheme,
        place,
        _normal_path(path),
        query and _normal(query, _PLAIN_QUERY, _NOT_IN_QUERY),
        fragment and _normal(fragment, _PLAIN_QUERY, _NOT_IN_QUERY),
    )
    return url if len(url) <= MAX_URL_CHARACTERS else None


@lru_cache(maxsize=4096)
def _place(scheme: str, authority: str) -> str | None:
    """Return the host, and the port where it is not the usual one; None where neither is one."""
    if "@" in authority:
        return None
    if authority.startswith("["):
        inner, bracket, port = authority[1:].partition("]")
        host = _ipv6(inner)
        if not bracket or (port and port[0] != ":"):
            return None
        port = port[1:]
    else:
        name, _, port = authority.partition(":")
        host = _host(name)
    if not host or not port:
        return host
    number = int(port) if port.isascii() and port.isdigit() and len(port) < _MAX_PORT_DIGITS else 0
    if not 0 < number <= _MAX_PORT:
        return None
    return host if number == _DEFAULT_PORTS[scheme] else f"{host}:{number}"


def _ipv6(text: str) -> str | None:
    """Return an IPv6 address as it stands in a URL; one of a single link is none."""
    try:
        return None if "%" in text else f"[{ipaddress.IPv6Address(text).compressed}]"
    except ValueError:
        return None


def _host(name: str) -> str | None:
    """Return a host name as the name system knows it, None where it can be none."""
    if "%" in name:
        try:
            name = unquote_to_bytes(name).decode("utf-8")
        except (UnicodeDecodeError, UnicodeEncodeError):
            return None
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    host = name.lower().removesuffix(".")
    if not _HOST.match(host) or len(host) > _MAX_HOST_CHARACTERS:
        return None
    if is_address(host):
        return _ipv4(host)
    return host if max(map(len, host.split("."))) <= _MAX_LABEL_CHARACTERS else None


def _ipv4(host: str) -> str | None:
    """Return `host` if it is four numbers; 2130706433, 0x7f.1 and 127.1 are made to be misread."""
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        return None


def _normal_path(path: str) -> str:
    path = _normal(path, _PLAIN_PATH, _NOT_IN_PATH)
    # An archive's address holds another one, whose slashes are its own.
    if "//" in path:
        path = _SLASHES.sub("/", path)
    return _without_dots(path) if "/." in path else path or "/"


def _without_dots(path: str) -> str:
    kept: list[str] = []
    pieces = path.split("/")[1:]
    for piece in pieces:
        if piece == "..":
            if kept:
                kept.pop()
        elif piece != ".":
            kept.append(piece)
    if pieces[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _normal(text: str, plain: re.Pattern[str], foreign: re.Pattern[str]) -> str:
    """Return `text` with escapes where they are needed, in upper case, and nowhere else."""
    if plain.match(text):
        return text
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    return foreign.sub(_escape, _ESCAPE.sub(_normal_escape, text))


def _normal_escape(match: re.Match[str]) -> str:
    digits: str | None = match[1]
    if digits is None:
        return "%25"
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"


def _escape(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8"))


def _unwrap(url: str) -> str | None:
    """Return the address that `url` is a copy of or a way to, None where it is the page itself."""
    if "amp" in url:
        copy = _AMP_CACHE.match(url) or _AMP_VIEWER.match(url)
        if copy:
            return f"{'https' if copy[1] else 'http'}://{copy[2]}"
    if "/url?" in url or "/l.php?" in url:
        wrapped = _WRAPPER.match(url)
        if wrapped:
            return unquote_to_bytes(wrapped[1]).decode("utf-8", "replace")
    return None
