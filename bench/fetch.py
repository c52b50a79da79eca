"""How close fetching comes to what politeness allows, and what it costs.

    python bench/fetch.py [--seconds 60] [--slower 1] [--fetches 100000]
        [--only ours,httpx,scrapy,memory]

500 hosts on loopback, served by a process of its own, each with a delay of 0.2 to 2 s (times
--slower, for a machine that has other work) that it asks for and a time of some 120 ms that it
takes to answer. What is allowed: the pages that a reader gets
in the same time who needs none itself, and rests for the delay from the end of each answer. Scrapy
counts its delay from the start of a request, so more is allowed to it. Then, with neither delay nor
waiting, so many fetches at full speed, and the memory after each tenth of them.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fetch_hosts import make_hosts
from peers.running import python_of

BENCH = Path(__file__).resolve().parent


@contextmanager
def server(slower: float) -> Iterator[tuple[int, Any]]:
    """Run the hosts; give their port, and a function that asks what they have seen."""
    command = [sys.executable, BENCH / "fetch_hosts.py", str(slower)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seen() -> dict[str, int]:
        process.stdin.write("\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        stats: dict[str, int] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
        return stats

    try:
        yield int(process.stdout.readline()), seen  # type: ignore[union-attr]
    finally:
        process.stdin.close()  # type: ignore[union-attr]
        process.wait(timeout=10)


def allowed(seconds: float, slower: float, *, from_start: bool) -> int:
    """Return how many pages the delays let through in `seconds`."""
    total = 0
    for host in make_hosts(slower):
        rest = host.delay_seconds
        each = max(rest, host.latency_seconds) if from_start else rest + host.latency_seconds
        total += math.floor((seconds - host.latency_seconds) / each) + 1
    return total


def run(command: list[str | Path]) -> dict[str, Any]:
    """Return what a client says that it did."""
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--slower", type=float, default=1.0)
    parser.add_argument("--fetches", type=int, default=100_000)
    parser.add_argument("--only", default="ours,httpx,scrapy,memory")
    wanted = parser.parse_args()
    clients = wanted.only.split(",")
    commands: dict[str, list[str | Path]] = {
        "ours": [sys.executable, BENCH / "fetch_clients.py", "ours"],
        "httpx": [sys.executable, BENCH / "fetch_clients.py", "httpx"],
    }
    if "scrapy" in clients:
        scrapy = python_of("scrapy_crawl")
        commands["scrapy"] = [scrapy, BENCH / "peers" / "scrapy_crawl.py"]
    print("| | pages | allowed | share | too soon | CPU ms a page | peak MiB |")
    print("|---|---|---|---|---|---|---|")
    for name, command in commands.items():
        if name not in clients:
            continue
        with server(wanted.slower) as (port, seen):
            said = run([*command, str(port), str(wanted.slower), str(wanted.seconds)])
            stats = seen()
        may = allowed(wanted.seconds, wanted.slower, from_start=name == "scrapy")
        print(
            f"| {name} | {said['fetches']:,} | {may:,} | {100 * said['fetches'] / may:.1f} % "
            f"| {stats['too_soon']:,} "
            f"| {1000 * said['cpu_seconds'] / said['fetches']:.2f} | {said['peak_mib']:.0f} |",
            flush=True,
        )
    if "memory" in clients:
        with server(0) as (port, _):
            said = run([*commands["ours"], str(port), "0", str(wanted.fetches)])
        print(
            f"\n{said['fetches']:,} fetches at full speed: {said['seconds']:.0f} s, "
            f"{1000 * said['cpu_seconds'] / said['fetches']:.2f} ms of CPU each; resident MiB "
            f"after each tenth: {', '.join(f'{mib:.0f}' for mib in said['memory'])}"
        )


if __name__ == "__main__":
    main()
