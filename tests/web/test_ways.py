"""Other ways to a host: TLS, which proves names; HTTP/2, where the host speaks it; a proxy."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from tests.web.conftest import opened
from tests.web.server import PAGE, answer, redirect, serving

from ingest.words.reasons import Reason
from ingest.words.web import Answer, Ask
from ingest.world.web.client import anyone_may

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl makes the certificates, and is not here"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """Return what a host shows that proves to be `name`, to whoever trusts its own file."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    if not cert.exists():
        subprocess.run(
            [
                *(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                ),
                *("-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", f"/CN={name}"),
                *("-addext", f"subjectAltName=DNS:{name}"),
            ],
            check=True,
            capture_output=True,
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def fetch_tls(folder: Path, *, shown: str, trusted: str | None, asked: str) -> Answer:
    certificate(folder, trusted or shown)

    async def run() -> Answer:
        verify = folder / f"{trusted}.pem" if trusted else True
        async with (
            serving(context=certificate(folder, shown)) as server,
            opened(verify=verify) as web,
        ):
            url = f"https://{asked}:{server.port}/"
            return await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)

    return asyncio.run(run())


def test_a_host_that_proves_its_name_is_read(folder: Path) -> None:
    found = fetch_tls(
        folder, shown="ledger.example", trusted="ledger.example", asked="ledger.example"
    )

    assert found.body == PAGE, found.detail


@pytest.mark.parametrize(
    ("shown", "trusted", "asked", "detail"),
    [
        ("ledger.example", None, "ledger.example", "self-signed certificate"),
        ("ledger.example", "lantern.example", "ledger.example", "self-signed certificate"),
        ("lantern.example", "lantern.example", "ledger.example", "Hostname mismatch"),
    ],
)
def test_a_host_that_does_not_prove_its_name_is_unreachable(
    folder: Path, shown: str, trusted: str | None, asked: str, detail: str
) -> None:
    found = fetch_tls(folder, shown=shown, trusted=trusted, asked=asked)

    assert (found.reason, detail in found.detail) == (Reason.UNREACHABLE, True), found.detail


def test_a_host_that_speaks_no_tls_is_unreachable() -> None:
    async def run() -> Answer:
        async with serving() as server, opened() as web:
            url = f"https://ledger.example:{server.port}/"
            return await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)

    assert asyncio.run(run()).reason in {Reason.UNREACHABLE, Reason.TIME_OUT}


class H2Host:
    """A host that speaks HTTP/2 and answers each path with `headers` and `body`."""

    def __init__(self, headers: list[tuple[str, str]], body: bytes) -> None:
        self.headers = headers
        self.body = body
        self.asked: list[dict[str, str]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        connection = h2.connection.H2Connection(config)
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        try:
            while data := await reader.read(65536):
                for event in connection.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        self.asked.append(dict(event.headers))
                        connection.send_headers(
                            event.stream_id, [(":status", "200"), *self.headers]
                        )
                        connection.send_data(event.stream_id, self.body, end_stream=True)
                writer.write(connection.data_to_send())
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def h2_serving(folder: Path, host: H2Host) -> AsyncIterator[int]:
    context = certificate(folder, "ledger.example")
    context.set_alpn_protocols(["h2"])
    listener = await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=context)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()


def fetch_h2(folder: Path, host: H2Host, times: int = 1) -> list[Answer]:
    certificate(folder, "ledger.example")

    async def run() -> list[Answer]:
        async with (
            h2_serving(folder, host) as port,
            opened(verify=folder / "ledger.example.pem") as web,
        ):
            ask = Ask(f"https://ledger.example:{port}/story")
            return [await web.fetch(ask, delay_seconds=0.0, may=anyone_may) for _ in range(times)]

    return asyncio.run(run())


def test_http_2_is_spoken_where_the_host_does(folder: Path) -> None:
    host = H2Host([("content-type", "text/html")], PAGE)
    found = fetch_h2(folder, host, times=3)

    assert [each.body for each in found] == [PAGE] * 3, found[0].detail
    assert [asked[":path"] for asked in host.asked] == ["/story"] * 3


def test_headers_without_measure_are_refused_in_http_2_too(folder: Path) -> None:
    host = H2Host([(f"x-{number}", "a" * 1_000) for number in range(100)], b"")
    [found] = fetch_h2(folder, host)

    assert found.reason is Reason.TOO_LARGE


def fetch_by_proxy(target: str, **more: object) -> tuple[Answer, list[str]]:
    async def run() -> tuple[Answer, list[str]]:
        async with serving() as proxy:
            # a proxy is asked for whole addresses
            proxy.paths[target] = answer()
            proxy.paths["http://ledger.example/away"] = redirect("http://10.0.0.1/")
            settings = {"proxy": f"http://127.0.0.1:{proxy.port}", "allowed": ()}
            async with opened(**settings | more) as web:  # type: ignore[arg-type]
                found = await web.fetch(Ask(target), delay_seconds=0.0, may=anyone_may)
            return found, [request.path for request in proxy.requests]

    return asyncio.run(run())


def nobody(_host: str, _port: int) -> list[str]:
    return []


def public(_host: str, _port: int) -> list[str]:
    return ["93.184.216.34"]


def private(_host: str, _port: int) -> list[str]:
    return ["10.0.0.1"]


@pytest.mark.parametrize("resolve", [nobody, public])
def test_a_proxy_is_asked_where_the_settings_name_one(resolve: object) -> None:
    found, asked = fetch_by_proxy("http://ledger.example/a", resolve=resolve)

    assert (found.body, asked) == (PAGE, ["http://ledger.example/a"]), found.detail


@pytest.mark.parametrize(
    ("target", "resolve", "reason"),
    [
        ("http://ledger.example/a", private, Reason.UNREACHABLE),
        ("http://10.0.0.1/", public, Reason.FORBIDDEN_ADDRESS),
        ("http://localhost/", private, Reason.UNREACHABLE),
    ],
)
def test_a_proxy_is_not_asked_for_private_hosts(
    target: str, resolve: object, reason: Reason
) -> None:
    found, asked = fetch_by_proxy(target, resolve=resolve)

    assert (found.reason, asked) == (reason, [])


def test_a_proxy_is_not_asked_for_a_private_host_that_a_redirect_names() -> None:
    found, asked = fetch_by_proxy("http://ledger.example/away", resolve=public)

    assert (found.reason, asked) == (Reason.FORBIDDEN_ADDRESS, ["http://ledger.example/away"])


def test_a_proxy_s_password_goes_to_the_proxy_in_a_header() -> None:
    async def run() -> list[str]:
        target = "http://ledger.example/a"
        async with serving({target: answer()}) as proxy:
            address = f"http://desk:sec%40ret@127.0.0.1:{proxy.port}"
            async with opened(proxy=address, allowed=(), resolve=nobody) as web:
                await web.fetch(Ask(target), delay_seconds=0.0, may=anyone_may)
            return [request.headers["proxy-authorization"] for request in proxy.requests]

    # the server of these tests reads headers in lower case
    expected = b64encode(b"desk:sec@ret").decode().lower()

    assert asyncio.run(run()) == [f"basic {expected}"]
