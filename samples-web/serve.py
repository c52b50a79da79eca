"""Serve the two outlets of this folder on this machine: `python samples-web/serve.py [--next-day]`.

Only the standard library, only files, only loopback. With --next-day the files in `next-day/` stand
in front of the others: a new story at each outlet, two edits, and one story taken away.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

FOLDER = Path(__file__).parent
# The addresses stand in the files, as they do in those of any outlet.
PORTS = {"fennick-packet": 8701, "moorlander-bote": 8702}
NEXT_DAY = "next-day"
GONE = {"/town/clock-lends-an-hour.html"}


class Outlet(SimpleHTTPRequestHandler):
    """An outlet's files, as they are on one day or the next."""

    extensions_map = {  # noqa: RUF012 (the library's own is a dict)
        **SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".xml": "application/xml",
        ".atom": "application/atom+xml",
    }

    def __init__(self, *words: object, name: str, next_day: bool) -> None:
        self.name = name
        self.next_day = next_day
        super().__init__(*words, directory=str(FOLDER / name))  # type: ignore[arg-type]

    def send_head(self):  # type: ignore[no-untyped-def] # noqa: ANN201 (a file or None)
        """Answer as files on a disk do; what is gone on the next day is gone."""
        if self.next_day and self.path in GONE:
            self.send_error(410)
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        """Return the file at a path: that of the next day, where there is one and it has come."""
        plain = Path(super().translate_path(path))
        later = FOLDER / NEXT_DAY / plain.relative_to(FOLDER)
        if self.next_day and (later.is_file() or (later / "index.html").is_file()):
            # both files may be as old as the checkout: who asks for changes since then gets it
            del self.headers["If-Modified-Since"]
            return str(later / "") if path.endswith("/") else str(later)
        return str(plain / "") if path.endswith("/") else str(plain)


def serve(*, next_day: bool) -> list[ThreadingHTTPServer]:
    """Start a server for each outlet and return them."""
    servers = []
    for name, port in PORTS.items():
        handler = partial(Outlet, name=name, next_day=next_day)
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
    return servers


def main() -> None:
    """Serve until somebody stops it."""
    parser = argparse.ArgumentParser(description="serve two small outlets on this machine")
    parser.add_argument("--next-day", action="store_true", help="as they are on the day after")
    servers = serve(next_day=parser.parse_args().next_day)
    for name, port in PORTS.items():
        sys.stdout.write(f"{name}: http://127.0.0.1:{port}/\n")
    sys.stdout.write("stop it with Ctrl-C\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
    for server in servers:
        server.shutdown()


if __name__ == "__main__":
    main()
