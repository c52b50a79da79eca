"""Scrapy, reading the benchmark's hosts: `scrapy_crawl.py PORT SLOWER SECONDS`; prints what it did.

Each host has a download slot with its own delay and one request at a time. Scrapy counts a delay
from the start of a request to the start of the next one.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import scrapy
from fetch_hosts import make_hosts
from scrapy.crawler import CrawlerProcess

PORT, SLOWER, SECONDS = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
HOSTS = {host.address: host for host in make_hosts(SLOWER)}


class Spider(scrapy.Spider):
    """It asks each host for its next page when the one before has come."""

    name = "hosts"
    done = 0
    started = 0.0
    cpu = 0.0

    async def start(self) -> Any:
        """Ask each host for its first page."""
        Spider.started, Spider.cpu = time.monotonic(), time.process_time()
        for address in HOSTS:
            yield scrapy.Request(f"http://{address}:{PORT}/story/1", cb_kwargs={"number": 1})

    def parse(self, response: Any, number: int) -> Any:
        """Count the page, and ask for the next one."""
        if time.monotonic() - Spider.started > SECONDS:
            return
        Spider.done += bool(response.body)
        yield response.follow(f"/story/{number + 1}", self.parse, cb_kwargs={"number": number + 1})


process = CrawlerProcess(
    {
        "LOG_LEVEL": "ERROR",
        "CONCURRENT_REQUESTS": len(HOSTS),
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "DOWNLOAD_SLOTS": {
            address: {"delay": host.delay_seconds, "concurrency": 1, "randomize_delay": False}
            for address, host in HOSTS.items()
        },
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
    }
)
process.crawl(Spider)
process.start()
print(
    json.dumps(
        {
            "fetches": Spider.done,
            "seconds": time.monotonic() - Spider.started,
            "cpu_seconds": time.process_time() - Spider.cpu,
            "memory": [],
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
