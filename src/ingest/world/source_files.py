"""Source files: a source written as the `sources/NAME.toml` that a person would have written.

What differs from the defaults is stated, the other keys stand there as comments with what holds
without them. A file is there whole or not at all, it is understood as what was meant before it
counts, and it takes the place of another only where that is asked for.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from ingest.words.errors import WrongUse
from ingest.words.sources import Selectors, Source
from ingest.world.disk import sync
from ingest.world.sources import understand_source

# File systems take 255 bytes; the rest is for ".toml" and for what is written at first.
_MAX_NAME_BYTES = 200
_NAME = re.compile(r"\w[\w.-]*")
_ONE_LINE_CHARS = 80


@dataclass(frozen=True, slots=True)
class _Group:
    """Keys that stand together, with what is said of them and what one may look like."""

    comment: str
    examples: dict[str, str]


# An example is a comment for a key that is not stated; one without is left out.
_GROUPS = (
    _Group("", {"title": "", "homepage": "", "country": '"GB"', "language": '"en"'}),
    _Group("Where it lists its articles.", {"feeds": "", "sitemaps": ""}),
    _Group("Articles that no list names.", {"pages": ""}),
    _Group(
        "Which addresses are wanted: * is anything in one part of a path, ** any parts.",
        {"include": '["/news/"]', "exclude": '["/**/live"]'},
    ),
    _Group("What a sitemap dates earlier is not asked for.", {"since": "2026-01-01"}),
    _Group("false: nothing is asked for until it is true again.", {"enabled": "true"}),
    _Group(
        "How it is asked; what robots.txt asks for is kept beside.",
        {
            "delay_seconds": "2.0",
            "min_poll_minutes": "15",
            "max_poll_minutes": "360",
            "pages_per_run": "200",
            "revisits_per_run": "50",
        },
    ),
    _Group(
        "What is normal: fewer or more articles a day are reported.",
        {"min_articles_per_day": "1", "max_articles_per_day": "500"},
    ),
)
_DEFAULTS = Source(name="")


def write_source(folder: Path, source: Source, *, replacing: bool = False) -> Path:
    """Write `source` into `folder`, on the disk itself, and return its file.

    Raises WrongUse where there is one of its name already, unless it is for `replacing`, and where
    the source is none that could be read again.
    """
    check_name(source.name)
    file = folder / f"{source.name}.toml"
    content = _encode(source)
    if understand_source(source.name, content, f"the new {file.name}") != source:
        raise WrongUse(f"{file}: it would not be read as it is meant; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    # Not .toml: it is no source yet.
    draft = folder / f".{source.name}.{os.getpid()}.draft"
    try:
        draft.write_bytes(content)
        sync(draft)
        if replacing:
            draft.replace(file)
        else:
            file.hardlink_to(draft)  # unlike a rename it fails where there is a file
    except FileExistsError as error:
        raise WrongUse(
            f"{file}: is there already; choose another name, or ask to replace it"
        ) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    sync(folder)
    return file


def check_name(name: str) -> None:
    """Raise WrongUse where `name` is none for a source that is written."""
    if not _NAME.fullmatch(name) or len(name.encode("utf-8", "replace")) > _MAX_NAME_BYTES:
        raise WrongUse(
            f"a source cannot be named {name[:_MAX_NAME_BYTES]!r}: expected letters, digits, "
            f"- _ and ., a letter or digit first, of at most {_MAX_NAME_BYTES} bytes"
        )


def _encode(source: Source) -> bytes:
    try:
        return describe(source).encode("utf-8")
    except UnicodeEncodeError as error:
        raise WrongUse(f"source {source.name}: {error.object!r} is no valid text") from error


def describe(source: Source) -> str:
    """Return `source` as TOML for people; read again, it is the same."""
    parts = [_describe_group(group, source) for group in _GROUPS]
    parts += [_describe_selectors(each) for each in source.selectors]
    return "\n\n".join(part for part in parts if part) + "\n"


def _describe_group(group: _Group, source: Source) -> str:
    lines = [f"# {group.comment}"] if group.comment else []
    for key, example in group.examples.items():
        value = getattr(source, key)
        if value != getattr(_DEFAULTS, key):
            lines.append(f"{key} = {_value(value)}")
        elif example:
            lines.append(f"# {key} = {example}")
    return "\n".join(lines) if len(lines) > bool(group.comment) else ""


def _describe_selectors(selectors: Selectors) -> str:
    stated = [(each.name, getattr(selectors, each.name)) for each in fields(selectors)]
    lines = [f"{key} = {_value(value)}" for key, value in stated if value is not None]
    return "\n".join(["[[selectors]]", *lines])


def _value(value: object) -> str:
    if isinstance(value, tuple):
        items = [_value(item) for item in value]
        line = f"[{', '.join(items)}]"
        if len(items) < 2 or len(line) <= _ONE_LINE_CHARS:  # noqa: PLR2004 (more than one)
            return line
        return "\n".join(["[", *(f"  {item}," for item in items), "]"])
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for one letter that only TOML refuses.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
