"""Real HTTP from the telephone company to the application."""

import asyncio
import time
import uuid
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from aiohttp.abc import AbstractCookieJar

from ivr.simulator import overrides as connection
from ivr.simulator.attempts import AttemptError
from ivr.simulator.clock import Clock
from ivr.simulator.errors import ApplicationError
from ivr.simulator.faults import Fault, Faults, Kind, Request
from ivr.simulator.faults.toward_application import StruckAttempt, wait_before
from ivr.simulator.journal import BODY_KEPT, Exchange, Journal
from ivr.simulator.overrides import Overrides
from ivr.simulator.settings import Settings
from ivr.simulator.signature import sign
from ivr.simulator.urls import Fields, encode, sendable, with_query, without_credentials
from ivr.simulator.wire import Answer, Prepared, Wire

__all__ = ["MEDIA_BYTES", "Answer", "Webhooks"]

KEEPS_METHOD = frozenset({307, 308})
MEDIA_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class _Hop:
    method: str
    url: str
    fields: Fields
    signed: bool


@dataclass(slots=True)
class _Task:
    """One request while it is under way: what holds for all of its attempts and hops."""

    purpose: str
    overrides: Overrides
    cookies: AbstractCookieJar | None
    limit: int
    token: str
    fault: Fault | None
    total: float
    spent: float = 0.0
    """Seconds of real HTTP so far."""
    attempts: int = 0


class Webhooks:
    """The HTTP client: signs, retries, follows redirects, keeps cookies and the journal."""

    def __init__(self, settings: Settings, clock: Clock, journal: Journal, faults: Faults) -> None:
        self._settings = settings
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._wire = Wire()

    async def open(self) -> None:
        """Get ready to send; call it inside the event loop."""
        await self._wire.open()

    async def close(self) -> None:
        """Close every connection."""
        await self._wire.close()

    def meet(
        self, kind: Kind, method: str, url: str, fields: Fields, purpose: str, sid: str
    ) -> Fault | None:
        """The fault that such a request meets with now; asking counts."""
        if not self._faults:
            return None
        bare = url.partition("#")[0]
        return self._faults.strike(Request(kind, purpose, method, bare, sid, tuple(fields)))

    async def request(
        self,
        method: str,
        url: str,
        fields: Fields = (),
        *,
        purpose: str,
        call_sid: str = "",
        cookies: AbstractCookieJar | None = None,
        signed: bool = True,
        limit: int | None = None,
    ) -> Answer:
        """Send one request and wait for its answer; stepped time stands still meanwhile.

        Raises ApplicationError with Twilio's code when there is no answer below status 400 within
        the time allowed, or when it is larger than `limit` bytes (the document limit by default).
        """
        fault = self.meet("documents", method, url, fields, purpose, call_sid)
        if fault is not None:
            await wait_before(fault, self._clock)
        return await self.carry_out(
            method, url, fields, purpose=purpose, call_sid=call_sid, cookies=cookies,
            signed=signed, limit=limit, fault=fault,
        )  # fmt: skip

    async def carry_out(
        self,
        method: str,
        url: str,
        fields: Fields,
        *,
        purpose: str,
        call_sid: str,
        cookies: AbstractCookieJar | None,
        signed: bool = True,
        limit: int | None = None,
        fault: Fault | None = None,
    ) -> Answer:
        """As `request`, struck by a fault that was met, and waited for, before."""
        started = time.perf_counter()
        task = _Task(
            purpose, connection.DEFAULTS, cookies, limit or self._settings.document_bytes,
            str(uuid.uuid4()), fault, self._settings.webhook_time,
        )  # fmt: skip
        try:
            answer = await self._attempt_all(_Hop(method, url, fields, signed), task)
        except (ApplicationError, AttemptError) as error:
            code, detail = error.code, error.detail
            status = getattr(error, "status", None)
            self._record(task, call_sid, method, url, fields, started, status, code, detail, b"")
            raise ApplicationError(code, f"{method} {url}: {detail}", url) from None
        answer.attempts, answer.milliseconds = task.attempts, _since(started)
        self._record(
            task, call_sid, method, url, fields, started, answer.status, None, "", answer.body
        )
        return answer

    def _record(
        self, task: _Task, call_sid: str, method: str, url: str, fields: Fields, started: float,
        status: int | None, error: int | None, detail: str, body: bytes,
    ) -> None:  # fmt: skip
        text = body[:BODY_KEPT].decode("utf-8", "replace")
        self._journal.record(
            Exchange(
                at=self._clock.now(), direction="out", purpose=task.purpose, method=method, url=url,
                call_sid=call_sid, fields=tuple(fields), status=status,
                milliseconds=_since(started), attempts=task.attempts, error=error, detail=detail,
                body=text, fault=task.fault.does if task.fault else "",
            )
        )  # fmt: skip

    async def _attempt_all(self, hop: _Hop, task: _Task) -> Answer:
        bare, task.overrides = connection.split(hop.url)
        hop = _Hop(hop.method, sendable(bare), hop.fields, hop.signed)
        task.total = min(task.overrides.total, self._settings.webhook_time)
        deadline = self._clock.seconds() + task.total
        while True:
            task.attempts += 1
            left = min(deadline - self._clock.seconds(), task.total - task.spent)
            if left <= 0:
                raise _too_late(task)
            try:
                return await self._attempt(hop, task, left)
            except AttemptError as failure:
                used_up = task.attempts > task.overrides.retries
                if used_up or not task.overrides.retries_on(failure.kind):
                    raise

    async def _attempt(self, hop: _Hop, task: _Task, left: float) -> Answer:
        fault = task.fault
        if fault is None or (fault.attempts is not None and task.attempts > fault.attempts):
            with self._clock.hold():
                return await self._follow_in_time(hop, task)
        struck = StruckAttempt(
            fault, self._clock,
            send=lambda: self._follow_in_time(hop, task),
            cut=lambda: self._wire.send_and_cut(self._prepare(hop, task, None), task.overrides),
            read=min(task.overrides.read, left),
        )  # fmt: skip
        return await struck.carry_out()

    async def _follow_in_time(self, hop: _Hop, task: _Task) -> Answer:
        """The answer at the end of the redirects, unless the time for the request runs out."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(task.total - task.spent):
                return await self._follow(hop, task)
        except TimeoutError:
            raise _too_late(task) from None
        finally:
            task.spent += time.perf_counter() - began

    async def _follow(self, hop: _Hop, task: _Task) -> Answer:
        for _ in range(self._settings.webhook_redirects + 1):
            answer, location = await self._send(hop, task)
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

    async def _send(self, hop: _Hop, task: _Task) -> tuple[Answer, str | None]:
        """One request on the wire: the answer, and where it redirects to."""
        url, credentials = without_credentials(hop.url)
        bare = hop if url == hop.url else replace(hop, url=url)
        authorisation: str | None = None
        while True:
            prepared = self._prepare(bare, task, authorisation)
            answer, location = await self._wire.exchange(
                prepared, task.overrides, task.cookies, task.limit
            )
            if answer.status != 401 or credentials is None or authorisation is not None:
                break
            authorisation = credentials
        if answer.status >= 400:
            kind = f"{answer.status // 100}xx"
            raise AttemptError(kind, 11200, f"status {answer.status}", answer.status)
        return answer, location

    def _prepare(self, hop: _Hop, task: _Task, authorisation: str | None) -> Prepared:
        url, body = hop.url, None
        if hop.method == "GET":
            url = with_query(url, hop.fields)
        else:
            body = encode(hop.fields).encode()
        headers = {"I-Twilio-Idempotency-Token": task.token}
        if hop.signed:
            posted = hop.fields if body is not None else ()
            headers["X-Twilio-Signature"] = sign(
                self._settings.auth_token, url, posted,
                about_text=task.purpose.startswith("message"),
            )  # fmt: skip
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if authorisation is not None:
            headers["Authorization"] = authorisation
        if self._settings.time_header:
            headers[self._settings.time_header] = self._clock.now().isoformat()
        return Prepared(hop.method, url, headers, body)


def _too_late(task: _Task) -> AttemptError:
    return AttemptError("rt", 11200, f"no complete answer within {task.total:g} s")


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
