"""No address that is not public is connected to, whoever names it and however it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import opened, to_loopback
from tests.web.server import PAGE, redirect, serving

from ingest.words.reasons import Reason
from ingest.words.web import PASSING, Answer, Ask
from ingest.world.web.client import anyone_may
from ingest.world.web.guard import Guard, LeadsAstray

PUBLIC = ("93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:81b::200e")
NOT_PUBLIC = (
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1"),
    *("172.31.255.255", "192.168.1.1", "169.254.169.254", "169.254.170.2", "100.64.0.1"),
    *("100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2001::1", "2001:0:5ef5:79fd::1"),
    *("2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "fc00::1", "fd00:ec2::254", "fe80::1"),
    *("fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "3fff::1", "5f00::1", "::1%lo"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert Guard().refusal(address, 443) is None


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert Guard().refusal(address, 443) is not None


@pytest.mark.parametrize("address", ["localhost", "", "2130706433", "0x7f000001", "127.1", "a:b"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert Guard().refusal(address, 443) is not None


@given(st.ip_addresses())
def test_no_address_is_let_through_that_python_does_not_call_global(address: object) -> None:
    refusal = Guard().refusal(str(address), 443)

    assert refusal is not None or (
        address.is_global and not address.is_multicast  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize(
    ("port", "may"),
    [(80, True), (443, True), (8080, True), (1024, True), (22, False), (25, False), (0, False)],
)
def test_only_ports_of_the_web_are_connected_to(port: int, may: bool) -> None:
    assert (Guard().refusal("1.1.1.1", port) is None) is may


def test_a_network_that_is_allowed_has_every_port_and_its_neighbours_none() -> None:
    guard = Guard(["10.1.0.0/16"])
    refused = [
        address
        for address in ("10.1.2.3", "10.2.0.1", "127.0.0.1")
        if guard.refusal(address, 22) is not None
    ]

    assert refused == ["10.2.0.1", "127.0.0.1"]


def test_of_a_name_s_addresses_only_the_public_ones_are_tried() -> None:
    addresses = ["2606:4700::1111", "10.0.0.1", "1.1.1.1", "::1"]

    assert Guard().permitted(addresses, 443) == ["1.1.1.1", "2606:4700::1111"]


def test_a_name_with_private_addresses_only_is_refused_with_the_reason() -> None:
    with pytest.raises(LeadsAstray, match=r"10\.0\.0\.1 is in 10\.0\.0\.0/8, a private network"):
        Guard().permitted(["10.0.0.1", "::1"], 443)


def fetch(url: str, **more: object) -> Answer:
    async def run() -> Answer:
        async with opened(**more) as web:
            return await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)

    return asyncio.run(run())


def fetch_from_here(host: str, resolve: object) -> tuple[Answer, int]:
    """Return what is had of a server on this machine by that name, and how often it was reached."""

    async def run() -> tuple[Answer, int]:
        async with serving() as server, opened(resolve=resolve, allowed=()) as web:
            url = f"http://{host}:{server.port}/"
            found = await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)
            return found, server.connections

    return asyncio.run(run())


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"),
        *("[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "100.64.0.1"),
    ],
)
def test_a_private_address_in_a_url_is_forbidden(host: str) -> None:
    assert fetch(f"http://{host}/", allowed=()).reason is Reason.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "host",
    [
        *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.0.0.1", "017700000001"),
        *("127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1", "[::1%25lo]"),
    ],
)
def test_a_private_address_that_is_written_oddly_is_not_asked(host: str) -> None:
    """Each form is either no address, or read as the one that it is."""
    reason = fetch(f"http://{host}/", allowed=()).reason

    assert reason in {Reason.BAD_URL, Reason.FORBIDDEN_ADDRESS}


@pytest.mark.parametrize("host", ["ledger.example", "localhost", "localhost.", "LOCALHOST"])
def test_a_name_that_leads_to_this_machine_is_not_connected_to(host: str) -> None:
    """That may pass: the resolver of a portal before its log-in leads every name to itself."""
    found, connections = fetch_from_here(host, to_loopback)

    assert (found.reason, connections) == (Reason.UNREACHABLE, 0)
    assert "no public address: 127.0.0.1 is in 127.0.0.0/8, this machine" in found.detail


def test_the_machine_s_own_resolver_is_guarded_too() -> None:
    # a machine without that name is welcome, too
    found, connections = fetch_from_here("localhost", None)

    assert (found.reason, connections) == (Reason.UNREACHABLE, 0)
    assert "no connection: " not in found.detail


def test_a_port_that_is_not_the_web_s_is_forbidden_whatever_the_name() -> None:
    found = fetch("http://ledger.example:25/", resolve=lambda _host, _port: ["93.184.216.34"])

    assert (found.reason, found.detail) == (
        Reason.FORBIDDEN_ADDRESS,
        "port 25 is no port of the web",
    )


def test_a_name_that_leads_home_for_a_minute_is_asked_for_again() -> None:
    leads_to = iter(["10.1.2.3", "127.0.0.1"])

    async def run() -> list[Answer]:
        async with (
            serving() as server,
            opened(resolve=lambda _host, _port: [next(leads_to)]) as web,
        ):
            ask = Ask(f"http://ledger.example:{server.port}/a")
            return [await web.fetch(ask, delay_seconds=0.0, may=anyone_may) for _ in range(2)]

    first, second = asyncio.run(run())

    assert (first.reason in PASSING, second.body) == (True, PAGE)


def test_a_name_without_an_address_is_unreachable() -> None:
    found = fetch("http://nobody.example/", resolve=lambda _host, _port: [])

    assert (found.reason, found.detail) == (Reason.UNREACHABLE, "nobody.example: no such name")


@pytest.mark.parametrize("allowed", ["127.0.0.1/32", "127.0.0.2/32"])
def test_an_address_is_the_one_that_was_looked_at(allowed: str) -> None:
    """The name leads to a permitted address when asked once, and elsewhere from then on."""
    asked = count()
    names = {0: allowed.removesuffix("/32")}

    def resolve(_host: str, _port: int) -> Sequence[str]:
        return [names.get(next(asked), "127.0.0.3")]

    async def run() -> tuple[Answer, Answer]:
        async with serving() as server, opened(resolve=resolve, allowed=(allowed,)) as web:
            # the server is at 127.0.0.1 alone: at 127.0.0.2 nobody answers
            url = f"http://ledger.example:{server.port}/a"
            first = await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)
            await web._connections.close()
            return first, await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)

    first, second = asyncio.run(run())
    expected = (PAGE, None) if allowed == "127.0.0.1/32" else (None, Reason.UNREACHABLE)

    # the second look found another address, and that one was looked at as well
    assert (first.body, first.reason, second.reason) == (*expected, Reason.UNREACHABLE)
    assert "127.0.0.3 is in 127.0.0.0/8" in second.detail


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", Reason.FORBIDDEN_ADDRESS),
        ("http://[::1]/", Reason.FORBIDDEN_ADDRESS),
        ("http://inside.example/", Reason.UNREACHABLE),
        ("https://inside.example:8443/", Reason.UNREACHABLE),
        ("//inside.example/", Reason.UNREACHABLE),
    ],
)
def test_a_redirect_to_a_private_host_is_not_followed(target: str, reason: Reason) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["10.0.0.1"] if host == "inside.example" else await to_loopback(host, port)

    async def run() -> Answer:
        paths = {"/a": redirect(target)}
        async with (
            serving(paths) as server,
            opened(resolve=resolve, allowed=("127.0.0.1/32",)) as web,
        ):
            url = f"http://ledger.example:{server.port}/a"
            return await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)

    found = asyncio.run(run())

    assert (found.reason, len(found.hops)) == (reason, 1)
    assert reason is Reason.FORBIDDEN_ADDRESS or "10.0.0.1 is in 10.0.0.0/8" in found.detail


def test_a_literal_address_is_refused_before_anybody_is_asked_about_it() -> None:
    asked = []

    async def may(url: str) -> bool:
        asked.append(url)
        return True

    async def run() -> Answer:
        async with opened(allowed=()) as web:
            return await web.fetch(Ask("http://127.0.0.1/"), delay_seconds=0.0, may=may)

    assert (asyncio.run(run()).reason, asked) == (Reason.FORBIDDEN_ADDRESS, [])
