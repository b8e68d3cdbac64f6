"""Real HTTP from the telephone company to the application."""

import asyncio
import time
import uuid
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from ivr.simulator import overrides as connection
from ivr.simulator.attempts import AttemptError, classify
from ivr.simulator.clock import Clock
from ivr.simulator.errors import ApplicationError
from ivr.simulator.journal import BODY_KEPT, Exchange, Journal
from ivr.simulator.overrides import Overrides
from ivr.simulator.settings import Settings
from ivr.simulator.signature import sign
from ivr.simulator.urls import Fields, encode, sendable, with_query, without_credentials

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPS_METHOD = frozenset({307, 308})
MEDIA_BYTES = 32 * 1024 * 1024
IDLE_CONNECTION = 1.0
"""Seconds. Shorter than any server's own limit, so that none closes a connection as we reuse it."""


@dataclass(frozen=True)
class Answer:
    """What the application answered; `url` is where the last redirect led."""

    url: str
    status: int
    content_type: str
    charset: str | None
    body: bytes
    attempts: int
    milliseconds: float


@dataclass(frozen=True)
class _Hop:
    method: str
    url: str
    fields: Fields
    signed: bool


class Webhooks:
    """The HTTP client: signs, retries, follows redirects, keeps cookies and the journal."""

    def __init__(self, settings: Settings, clock: Clock, journal: Journal) -> None:
        self._settings = settings
        self._clock = clock
        self._journal = journal
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Get ready to send; call it inside the event loop."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_CONNECTION),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "TwilioProxy/1.1", "Accept": "*/*"},
            auto_decompress=True,
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def request(
        self,
        method: str,
        url: str,
        fields: Fields = (),
        *,
        purpose: str,
        call_sid: str = "",
        cookies: "aiohttp.abc.AbstractCookieJar | None" = None,
        signed: bool = True,
        limit: int | None = None,
    ) -> Answer:
        """Send one request and wait for its answer; stepped time stands still meanwhile.

        Raises ApplicationError with Twilio's code when there is no answer below status 400 within
        the time allowed, or when it is larger than `limit` bytes (the document limit by default).
        """
        started = time.perf_counter()
        attempts = [0]
        with self._clock.hold():
            try:
                answer = await self._attempt_all(
                    _Hop(method, url, fields, signed), cookies, limit, attempts
                )
            except (ApplicationError, AttemptError) as error:
                code, detail = error.code, error.detail
                status = getattr(error, "status", None)
                self._record(purpose, call_sid, method, url, fields, started, attempts[0], status,
                             code, detail, b"")  # fmt: skip
                raise ApplicationError(code, f"{method} {url}: {detail}", url) from None
        answer = replace(answer, attempts=attempts[0], milliseconds=_since(started))
        self._record(purpose, call_sid, method, url, fields, started, attempts[0], answer.status,
                     None, "", answer.body)  # fmt: skip
        return answer

    def _record(
        self, purpose: str, call_sid: str, method: str, url: str, fields: Fields, started: float,
        attempts: int, status: int | None, error: int | None, detail: str, body: bytes,
    ) -> None:  # fmt: skip
        text = body[:BODY_KEPT].decode("utf-8", "replace")
        self._journal.record(
            Exchange(
                at=self._clock.now(), direction="out", purpose=purpose, method=method, url=url,
                call_sid=call_sid, fields=tuple(fields), status=status,
                milliseconds=_since(started), attempts=attempts, error=error, detail=detail,
                body=text,
            )
        )  # fmt: skip

    async def _attempt_all(
        self,
        hop: _Hop,
        cookies: "aiohttp.abc.AbstractCookieJar | None",
        limit: int | None,
        attempts: list[int],
    ) -> Answer:
        bare, overrides = connection.split(hop.url)
        hop = replace(hop, url=sendable(bare))
        total = min(overrides.total, self._settings.webhook_time)
        token = str(uuid.uuid4())
        try:
            async with asyncio.timeout(total):
                while True:
                    attempts[0] += 1
                    try:
                        return await self._follow(hop, overrides, cookies, limit, token)
                    except AttemptError as failure:
                        used_up = attempts[0] > overrides.retries
                        if used_up or not overrides.retries_on(failure.kind):
                            raise
        except TimeoutError:
            raise AttemptError("rt", 11200, f"no complete answer within {total:g} s") from None

    async def _follow(
        self,
        hop: _Hop,
        overrides: Overrides,
        cookies: "aiohttp.abc.AbstractCookieJar | None",
        limit: int | None,
        token: str,
    ) -> Answer:
        for _ in range(self._settings.webhook_redirects + 1):
            answer, location = await self._send(hop, overrides, cookies, limit, token)
            if location is None:
                return answer
            url = sendable(urljoin(hop.url, location))
            if answer.status in KEEPS_METHOD or hop.method == "GET":
                hop = replace(
                    hop, url=url, fields=hop.fields if answer.status in KEEPS_METHOD else ()
                )
            else:
                hop = _Hop("GET", url, (), hop.signed)
        raise AttemptError("", 11215, f"more than {self._settings.webhook_redirects} redirects")

    async def _send(
        self,
        hop: _Hop,
        overrides: Overrides,
        cookies: "aiohttp.abc.AbstractCookieJar | None",
        limit: int | None,
        token: str,
    ) -> tuple[Answer, str | None]:
        """One request on the wire: the answer, and where it redirects to."""
        url, credentials = without_credentials(hop.url)
        authorisation: str | None = None
        while True:
            answer, location = await self._exchange(
                replace(hop, url=url), overrides, cookies, limit, token, authorisation
            )
            if answer.status != 401 or credentials is None or authorisation is not None:
                break
            authorisation = credentials
        if answer.status >= 400:
            kind = f"{answer.status // 100}xx"
            raise AttemptError(kind, 11200, f"status {answer.status}", answer.status)
        return answer, location

    async def _exchange(
        self,
        hop: _Hop,
        overrides: Overrides,
        cookies: "aiohttp.abc.AbstractCookieJar | None",
        limit: int | None,
        token: str,
        authorisation: str | None,
    ) -> tuple[Answer, str | None]:
        if self._session is None:
            raise RuntimeError("the webhook client is not open")
        url, body = hop.url, None
        if hop.method == "GET":
            url = with_query(url, hop.fields)
        else:
            body = encode(hop.fields).encode()
        headers = {"I-Twilio-Idempotency-Token": token}
        if hop.signed:
            posted = hop.fields if body is not None else ()
            headers["X-Twilio-Signature"] = sign(self._settings.auth_token, url, posted)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if authorisation is not None:
            headers["Authorization"] = authorisation
        target = URL(url, encoded=True)
        if cookies is not None:
            kept = cookies.filter_cookies(target)
            if kept:
                headers["Cookie"] = "; ".join(f"{m.key}={m.coded_value}" for m in kept.values())
        begun = False
        try:
            async with self._session.request(
                hop.method, target, data=body, headers=headers, allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=overrides.connect, sock_read=overrides.read
                ),
            ) as response:  # fmt: skip
                begun = True
                if cookies is not None and response.cookies:
                    cookies.update_cookies(SimpleCookie(response.cookies), target)
                location = response.headers.get("Location")
                if response.status in REDIRECTS and location:
                    return _answer(hop.url, response, b""), location
                content = await _read(response, limit or self._settings.document_bytes)
                return _answer(hop.url, response, content), None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise classify(error, begun) from None


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


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
