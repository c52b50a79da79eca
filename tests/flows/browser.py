"""A headless Chromium that a test drives: it goes to pages, clicks, types and takes pictures.

Over the browser's own protocol, because what a person sees is what is to be tested, and a driver
would bring a browser of its own, ten times the size of everything else here.
"""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
_WAIT_SECONDS = 60.0
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--no-first-run",
)


class Page:
    """A page of the browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give the browser a command of its protocol; return what it answers."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=_WAIT_SECONDS))
            if answer.get("id") == number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                found: dict[str, Any] = answer["result"]
                return found

    def go(self, url: str) -> None:
        """Go to an address."""
        self.tell("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """Return what an expression of JavaScript gives in the page."""
        answer = self.tell("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def text(self) -> str:
        """Return what the page shows."""
        return str(self.run("document.body ? document.body.innerText : ''"))

    def wait(self, until: Callable[[str], object], what: str) -> str:
        """Return what the page shows once it is as wanted."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            text = self.text()
            if until(text):
                return text
            if time.monotonic() > deadline:
                raise AssertionError(f"the page never showed {what}; it shows:\n{text}")
            time.sleep(0.2)

    def wait_for(self, *words: str) -> str:
        """Return what the page shows once it shows these words."""
        return self.wait(lambda text: all(word in text for word in words), " and ".join(words))

    def click(self, words: str) -> None:
        """Click on what is called so, as soon as it is there."""
        script = f"""(() => {{
            const found = [...document.querySelectorAll('*')].filter(
                (each) => each.offsetParent && each.innerText?.trim() === {json.dumps(words)});
            const clicked = found.pop();
            clicked?.click();
            return Boolean(clicked);
        }})()"""
        deadline = time.monotonic() + _WAIT_SECONDS
        while not self.run(script):
            assert time.monotonic() < deadline, f"nothing to click is called {words!r}"
            time.sleep(0.2)

    def type_into(self, selector: str, words: str) -> None:
        """Put the cursor into a field and type."""
        deadline = time.monotonic() + _WAIT_SECONDS
        focus = f"(() => {{const e = document.querySelector({json.dumps(selector)}); "
        focus += "if (!e) return false; e.focus(); if (e.select) e.select(); return true;})()"
        while not self.run(focus):
            assert time.monotonic() < deadline, f"no field {selector}"
            time.sleep(0.2)
        self.tell("Input.insertText", text=words)

    def picture(self, file: Path) -> None:
        """Write what the page looks like to a PNG file."""
        data = self.tell("Page.captureScreenshot", format="png")["data"]
        file.write_bytes(base64.b64decode(data))


@contextmanager
def browse(folder: Path, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """Open a page in a browser that keeps its own things in `folder`."""
    assert PROGRAM is not None
    profile = folder / "chromium"
    process = subprocess.Popen(
        [PROGRAM, *_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port_file = profile / "DevToolsActivePort"
        deadline = time.monotonic() + _WAIT_SECONDS
        while not port_file.exists() or not port_file.read_text().strip():
            assert time.monotonic() < deadline, "chromium does not start"
            time.sleep(0.1)
        port = port_file.read_text().split()[0]
        new = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(new, timeout=_WAIT_SECONDS) as answer:
            address = json.load(answer)["webSocketDebuggerUrl"]
        with connect(address, max_size=None) as socket:
            page = Page(socket)
            page.tell(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=height,
                deviceScaleFactor=1,
                mobile=False,
            )
            yield page
    finally:
        process.terminate()
        process.wait(timeout=30)
