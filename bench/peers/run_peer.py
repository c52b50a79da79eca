"""The driver in which one extractor answers: pages in on standard input, answers out.

    python -I run_peer.py ADAPTER.py

Runs in the extractor's own environment, so it needs nothing but the standard library. Each line
of the input is JSON: a page, `{"html": base64, "url": ...}`, or `{"resident": true}`. The output
is a line `{"ready": true}`, then one for each line of the input: `{"cpu": seconds, "answer": ...}`,
`{"cpu": seconds, "error": "..."}` or `{"resident_kib": n}`. The seconds are of this process's
processor, for the call alone: neither the parsing of the line nor the writing of the answer
counts. What an extractor prints goes to the standard error.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Extract = Callable[[bytes, "str | None"], dict[str, Any]]


def load_adapter(path: Path) -> Extract:
    """Return the `extract` of the adapter at `path`, whose name may be that of its library."""
    spec = importlib.util.spec_from_file_location(f"adapter_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    extract: Extract = module.extract
    return extract


def answer(extract: Extract, html: bytes, url: str | None) -> dict[str, Any]:
    """Return the answer of `extract` to one page, or its error, with its processor seconds."""
    started = time.process_time()
    try:
        read = extract(html, url)
    except Exception as error:  # noqa: BLE001 (an extractor that fails has no answer)
        failed = f"{type(error).__name__}: {error}"[:300]
        return {"cpu": time.process_time() - started, "error": failed}
    return {"cpu": time.process_time() - started, "answer": read}


def resident_kib() -> int:
    """Return the memory that is resident now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def main() -> None:
    """Answer line by line until the input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    extract = load_adapter(Path(sys.argv[1]))
    out.write(json.dumps({"ready": True}) + "\n")
    out.flush()
    for line in sys.stdin.buffer:
        page = json.loads(line)
        if page.get("resident"):
            replied: dict[str, Any] = {"resident_kib": resident_kib()}
        else:
            replied = answer(extract, base64.b64decode(page["html"]), page["url"])
        out.write(json.dumps(replied) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
