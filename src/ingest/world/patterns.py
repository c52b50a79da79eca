"""Patterns: the paths that `news/**/*.txt` stands for, in a tree that may loop.

The standard library's `glob` follows links to folders under `**`, and a folder with two links to
itself keeps it busy for ever; here `**` follows none.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import re


def expand(pattern: str) -> set[str]:
    """Return the paths that match the absolute `pattern`, hidden ones only where it has the dot.

    `**` is any number of folders. A folder that cannot be listed is among what is returned, so
    that whoever goes on with it meets the error.
    """
    found: set[str] = set()
    waiting = [("/", tuple(part for part in pattern.split("/") if part))]
    seen = set(waiting)
    while waiting:
        path, parts = waiting.pop()
        if not parts or parts == ("**",):
            found.add(path)
            continue
        try:
            steps = _steps(path, parts)
        except PermissionError:
            found.add(path)
            continue
        except OSError:  # no folder, or gone meanwhile: nothing below it matches
            continue
        waiting += [step for step in steps if step not in seen]
        seen.update(steps)
    return found


def exists(path: str) -> bool:
    """Return whether there is anything at `path` that a link there, if it is one, leads to."""
    try:
        os.stat(path)  # noqa: PTH116 (Path.exists raises on some of what is no path)
    except (OSError, ValueError):
        return False
    return True


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether `entry` is a folder or a link to one. Total."""
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _steps(path: str, parts: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what matching `parts` below the folder `path` comes down to, one step on."""
    head, rest = parts[0], parts[1:]
    if not glob.has_magic(head):
        deeper = f"{path.rstrip('/')}/{head}"
        return [(deeper, rest)] if exists(deeper) else []
    with os.scandir(path) as entries:
        shown = [entry for entry in entries if head[0] == "." or entry.name[0] != "."]
    if head == "**":
        folders = [entry for entry in shown if entry.is_dir(follow_symlinks=False)]
        return [(path, rest), *((entry.path, parts) for entry in folders)]
    matches = re.compile(fnmatch.translate(head)).match
    matching = [entry for entry in shown if matches(entry.name)]
    return [(entry.path, rest) for entry in matching if not rest or is_folder(entry)]
