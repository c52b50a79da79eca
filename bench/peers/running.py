"""Run extractors, each in a process and an environment of its own, and keep their answers.

A peer is `<name>.py` (its adapter) and `<name>.txt` (its environment, every version pinned); the
environment is made in `.envs/<name>` when it is first asked for, or when the list has changed.
`ours` and `ours_lists` have no list: they run in the environment of the program that asks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import select
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

HERE = Path(__file__).resolve().parent
OURS = "ours"
OUR_LISTS = "ours_lists"
# These read feeds, not pages.
LIST_PEERS = ("fastfeedparser", "feedparser")
# This one fetches them.
WEB_PEERS = ("scrapy_crawl",)
# A page that takes longer counts as not answered, and the process is started anew.
PATIENCE_SECONDS = 120.0
_ONE_THREAD = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
        *("VECLIB_MAXIMUM_THREADS", "RAYON_NUM_THREADS", "TOKENIZERS_PARALLELISM"),
    ),
    "1",
)


@dataclass(frozen=True)
class Answer:
    """What an extractor said of a page, and what that cost."""

    cpu_seconds: float
    read: dict[str, Any] = field(default_factory=dict)
    error: str | None = None

    @property
    def text(self) -> str:
        """The body, empty where there is none."""
        return self.read.get("text") or ""


def peers() -> list[str]:
    """Return the names of all peers that read pages."""
    return sorted({path.stem for path in HERE.glob("*.txt")} - {*LIST_PEERS, *WEB_PEERS})


def version(name: str) -> str:
    """Return the version that the environment of `name` pins; it is the one in its list's name."""
    if name in {OURS, OUR_LISTS}:
        return "here"
    wanted = {name.replace("_", "-"), {"lexbor": "selectolax"}.get(name, name)}
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        package, _, pinned = line.partition("==")
        if package.lower() in wanted:
            return pinned
    raise ValueError(f"{name}.txt: none of its packages is {' or '.join(sorted(wanted))}")


def python_of(name: str) -> Path:
    """Return the interpreter of the environment of `name`, made first where it is not ready."""
    if name in {OURS, OUR_LISTS}:
        return Path(sys.executable)
    folder, listed = HERE / ".envs" / name, HERE / f"{name}.txt"
    ready, python = folder / ".ready", folder / "bin" / "python"
    if not ready.exists() or ready.read_text(encoding="utf-8") != listed.read_text(
        encoding="utf-8"
    ):
        print(f"making the environment of {name}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        install = (python, "-m", "pip", "install", "-q", "--disable-pip-version-check")
        subprocess.run([*install, "-r", listed], check=True, stderr=subprocess.DEVNULL)
        ready.write_bytes(listed.read_bytes())
    return python


class Extractor:
    """One extractor, running from `with` on, restarted after a page that it could not bear."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._python = python_of(name)
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, html: bytes, url: str | None) -> Answer:
        """Return the answer to one page; where there is none, the error says why."""
        packed = base64.b64encode(html).decode("ascii")
        replied = self._exchange({"html": packed, "url": url})
        if "cpu" not in replied:
            return Answer(float("nan"), error=replied["error"])
        return Answer(replied["cpu"], replied.get("answer") or {}, replied.get("error"))

    def resident_kib(self) -> int:
        """Return the resident memory of the process."""
        return int(self._exchange({"resident": True})["resident_kib"])

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        process = self._process or self._start()
        try:
            stdin = _pipe(process.stdin)
            stdin.write(json.dumps(message).encode() + b"\n")
            stdin.flush()
            line = self._line(process)
        except BrokenPipeError:
            line = b""
        except TimeoutError:
            self.close()
            return {"error": f"no answer in {PATIENCE_SECONDS:.0f} s"}
        if line:
            replied: dict[str, Any] = json.loads(line)
            return replied
        ended = process.wait()
        self.close()
        return {"error": f"the process ended with exit code {ended}"}

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        """Return the next line, nothing at the end; raise `TimeoutError` where none comes."""
        source = _pipe(process.stdout).fileno()
        while b"\n" not in self._unread:
            if not select.select([source], [], [], PATIENCE_SECONDS)[0]:
                raise TimeoutError
            if not (more := os.read(source, 1 << 16)):
                return b""
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the process and wait until its library is loaded, which is not the page's cost."""
        self._unread = b""
        log = HERE / ".cache" / f"{self.name}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("wb") as complaints:
            self._process = subprocess.Popen(
                [self._python, "-I", HERE / "run_peer.py", HERE / f"{self.name}.py"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, **_ONE_THREAD},
            )
        if not self._line(self._process):
            self.close()
            raise RuntimeError(f"{self.name} does not start; {log} says why")
        return self._process


class Kept:
    """The answers of one version of one peer with one adapter, kept in a file of lines."""

    def __init__(self, name: str) -> None:
        adapter = hashlib.sha256((HERE / f"{name}.py").read_bytes()).hexdigest()[:8]
        self._path = HERE / ".cache" / f"{name}-{version(name)}-{adapter}.jsonl"
        self._answers: dict[str, Answer] = {}
        for line in self._path.read_bytes().splitlines() if self._path.exists() else ():
            row = json.loads(line)
            page = row.pop("page")
            self._answers[page] = Answer(**row)

    def get(self, page: str) -> Answer | None:
        """Return the answer to `page`, if it was asked before."""
        return self._answers.get(page)

    def add(self, page: str, answer: Answer) -> None:
        """Keep the answer to `page`, now and for later runs."""
        self._answers[page] = answer
        row = {
            "page": page,
            "cpu_seconds": answer.cpu_seconds,
            "read": answer.read,
            "error": answer.error,
        }
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def ask_all(name: str, pages: Iterable[tuple[str, bytes, str | None]]) -> Iterator[Answer]:
    """Yield the answer of `name` to each page (key, bytes, URL); a peer is asked only once ever."""
    kept = None if name == OURS else Kept(name)
    with Extractor(name) as extractor:
        for key, html, url in pages:
            known = kept.get(key) if kept else None
            answer = known or extractor.ask(html, url)
            if kept and known is None:
                kept.add(key, answer)
            yield answer


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the process has no pipe")
    return pipe
