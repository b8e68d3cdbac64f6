"""One HTTP request to the application, as it goes over the wire, and what comes back."""

import asyncio
import ssl
from dataclasses import dataclass
from functools import lru_cache
from http.cookies import SimpleCookie

import aiohttp
from aiohttp.abc import AbstractCookieJar
from yarl import URL

from ivr.simulator.attempts import AttemptError, classify
from ivr.simulator.overrides import DEFAULTS, Overrides

REDIRECTS = frozenset({301, 302, 303, 307, 308})
IDLE_CONNECTION = 1.0
"""Seconds. Shorter than any server's own limit, so that none closes a connection as we reuse it."""
USER_AGENT = "TwilioProxy/1.1"


@dataclass(slots=True)
class Answer:
    """What the application answered; `url` is where the last redirect led."""

    url: str
    status: int
    content_type: str
    charset: str | None
    body: bytes
    attempts: int
    milliseconds: float


@dataclass(slots=True)
class Prepared:
    """A request that is ready to be sent: its URL as it is, signed, with the form it posts."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None


class Wire:
    """The connections to the application."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Get ready to send; call it inside the event loop."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_CONNECTION),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept": "*/*"},
            auto_decompress=True,
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def exchange(
        self,
        prepared: Prepared,
        overrides: Overrides,
        cookies: AbstractCookieJar | None,
        limit: int,
    ) -> tuple[Answer, str | None]:
        """Send it and wait: the answer, and where it redirects to.

        Raises AttemptError when there is no complete answer of at most `limit` bytes.
        """
        if self._session is None:
            raise RuntimeError("the webhook client is not open")
        target = URL(prepared.url, encoded=True)
        headers = prepared.headers
        if cookies:
            kept = cookies.filter_cookies(target)
            if kept:
                sent = "; ".join(f"{m.key}={m.coded_value}" for m in kept.values())
                headers = headers | {"Cookie": sent}
        begun = False
        try:
            async with self._session.request(
                prepared.method, target, data=prepared.body, headers=headers,
                allow_redirects=False, timeout=_timeout(overrides),
            ) as response:  # fmt: skip
                begun = True
                if cookies is not None and response.cookies:
                    cookies.update_cookies(SimpleCookie(response.cookies), target)
                location = response.headers.get("Location")
                if response.status in REDIRECTS and location:
                    return _answer(prepared.url, response, b""), location
                content = await _read(response, limit)
                return _answer(prepared.url, response, content), None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise classify(error, begun) from None

    async def send_and_cut(self, prepared: Prepared, overrides: Overrides) -> None:
        """Send it and close the connection at once, without waiting for any answer.

        Raises AttemptError when there is no connection to send it over.
        """
        target = URL(prepared.url, encoded=True)
        host, port = target.host or "", target.port or 80
        secured = ssl.create_default_context() if target.scheme == "https" else None
        headers = {
            "Host": target.raw_authority.rpartition("@")[2],
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            **prepared.headers,
            "Connection": "close",
        }
        if prepared.body is not None:
            headers["Content-Length"] = str(len(prepared.body))
        head = f"{prepared.method} {target.raw_path_qs} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in headers.items()
        )
        try:
            async with asyncio.timeout(overrides.connect):
                _, writer = await asyncio.open_connection(host, port, ssl=secured)
            writer.write(f"{head}\r\n".encode("latin-1") + (prepared.body or b""))
            writer.close()
            await writer.wait_closed()
        except TimeoutError:
            raise AttemptError("ct", 11205, "no connection in time") from None
        except OSError as error:
            raise AttemptError("ct", 11205, str(error)) from None


@lru_cache(maxsize=64)
def _timeout(overrides: Overrides) -> aiohttp.ClientTimeout:
    # Who waits as long as a whole request may take needs no second timer for it.
    read = overrides.read if overrides.read < DEFAULTS.total else None
    return aiohttp.ClientTimeout(total=None, sock_connect=overrides.connect, sock_read=read)


def _answer(url: str, response: aiohttp.ClientResponse, body: bytes) -> Answer:
    declared = response.headers.get("Content-Type")
    content_type = response.content_type.lower() if declared else ""
    return Answer(url, response.status, content_type, response.charset, body, 1, 0.0)


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_chunked(65_536):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise AttemptError(
                "", 11750, f"the answer is larger than {limit} bytes", response.status
            )
    return b"".join(parts)
