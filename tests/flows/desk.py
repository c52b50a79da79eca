"""A desk that is told: a loopback server to which a block of Prefect sends its messages."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Message = dict[str, Any]


class Desk:
    """What a loopback server was sent, in the order in which it came."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.address = ""

    def about(self, text: str) -> list[Message]:
        return [each for each in self.messages if text in each["subject"]]

    def wait_for(self, text: str, seconds: float = 30, *, calm_seconds: float = 3) -> list[Message]:
        """Return the messages about `text`, once there is one and no more have come for a time."""
        end = time.monotonic() + seconds
        while not self.about(text) and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(calm_seconds)
        return self.about(text)


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Open a desk for the length of the block."""
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            desk.messages.append(json.loads(self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()


def make_block(api: str, name: str, address: str) -> str:
    """Make a block of the type custom-webhook at a Prefect server; return how a person names it."""
    kind = call(api, "GET", "block_types/slug/custom-webhook")
    wanted = {"block_schemas": {"block_type_id": {"any_": [kind["id"]]}}}
    (schema, *_) = call(api, "POST", "block_schemas/filter", wanted)
    call(
        api,
        "POST",
        "block_documents/",
        {
            "name": name,
            "block_type_id": kind["id"],
            "block_schema_id": schema["id"],
            "data": {
                "name": name,
                "url": address,
                "method": "POST",
                "json_data": {"subject": "{{subject}}", "body": "{{body}}"},
            },
        },
    )
    return f"custom-webhook/{name}"


def call(api: str, method: str, path: str, content: Any = None) -> Any:
    request = urllib.request.Request(
        f"{api}/{path}",
        None if content is None else json.dumps(content).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    for attempt in range(10):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                told = answer.read()
            return json.loads(told) if told else None
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE or attempt == 9:  # its database is busy
                raise
            time.sleep(0.5)
    return None


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.5)
    return False
