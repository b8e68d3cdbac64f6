"""Carries out TwiML on one leg: fetches a document, does its verbs, follows where they lead."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ivr.simulator.call import Call
from ivr.simulator.errors import HOP_LIMIT, ApplicationError
from ivr.simulator.fields import standard_fields
from ivr.simulator.inputs import Fetch, Inline, Interrupted, Redirected, Source
from ivr.simulator.twiml.coverage import warn_of_missing
from ivr.simulator.twiml.document import Element, parse
from ivr.simulator.twiml.grammar import check, children_of
from ivr.simulator.urls import is_http_url
from ivr.simulator.webhooks import Answer

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

log = logging.getLogger(__name__)

TWIML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
APOLOGY = "We are sorry, an application error has occurred. Goodbye."
CANNED = Inline(f"<Response><Say>{APOLOGY}</Say></Response>", "canned")


class Flow(Enum):
    """What a verb may say besides where to go next."""

    HANG_UP = "hang_up"
    LEAVE = "leave"
    """The call leaves the queue in which it waits."""


Step = Source | Flow | None
"""What comes after a verb: another document, the end of the call, or (None) the next verb."""

Verb = Callable[["Session", Element], Awaitable[Step]]


@dataclass(frozen=True)
class Fallback:
    """Who is asked when the application fails."""

    url: str
    method: str = "POST"


class Session:
    """The run of documents on one leg.

    `allowed` limits the verbs, as Twilio does for what the called party hears before it is
    connected, or a caller while waiting; such documents are run inside a verb of another session,
    which decides what a redirect or a failure means. `overheard_by` is the caller whose screen
    (not ear) shows what a called party hears.
    """

    def __init__(
        self,
        carrier: "Carrier",
        call: Call,
        fallback: Fallback | None = None,
        allowed: frozenset[str] | None = None,
        overheard_by: Call | None = None,
        forbidden: int = 12200,
    ) -> None:
        self.carrier = carrier
        self.call = call
        self.settings = carrier.settings
        self.fallback = fallback
        self.allowed = allowed
        self.overheard_by = overheard_by
        self.forbidden = forbidden
        """The code of the error that a verb is which is not allowed."""
        self.ended_by = "the document ended"
        self.failed = False
        """Whether the application failed and no fallback was left to ask."""
        self._url: str | None = None
        self._documents = 0
        self._unheard = 0
        self._seen = (-1.0, -1)  # telephony seconds and things heard when the last was fetched

    async def run(self, source: Source) -> None:
        """Do everything from `source` on, and end the call."""
        try:
            if await self.play_out(source):
                self.ended_by = "the application hung up"
            self.call.end("completed", self.ended_by)
        except Interrupted:
            pass
        except Exception:
            log.exception("call %s: the simulator failed", self.call.sid)
            self.call.end("failed", "the simulator failed; see its log")

    async def play_out(self, source: Source) -> Flow | None:
        """Do everything from `source` on: what ended it, or nothing when the documents ran out.

        Raises Interrupted when the call ends meanwhile or, in a session inside another, is to do
        something else.
        """
        step: Step = source
        while isinstance(step, Fetch | Inline):
            current = step
            try:
                step = await self._one_document(current)
            except Interrupted as interrupted:
                if self.allowed is not None or not isinstance(interrupted.cause, Redirected):
                    raise
                self.call.interrupt = None
                step = interrupted.cause.source
            except ApplicationError as error:
                step = self._after_failure(current, error)
            finally:
                self.call.listen(False)
        return step

    def resolve(self, url: str) -> str:
        """An address of the current document as an absolute one; raises ApplicationError."""
        url = url.strip()
        if self._url is None:
            if not is_http_url(url):
                raise ApplicationError(15004, f"{url!r} in TwiML that has no address of its own")
            return url
        absolute = urljoin(self._url, url)
        if not is_http_url(absolute):
            raise ApplicationError(11100, f"{url!r} is no http or https address", absolute)
        return absolute

    def action(
        self, element: Element, fields: list[tuple[str, str]], purpose: str = "action"
    ) -> Fetch:
        """The request that follows a verb: its ``action``, or the current document again."""
        return Fetch(self.action_url(element), element.method(), tuple(fields), purpose)

    def action_url(self, element: Element) -> str:
        """Where a verb's result goes; raises ApplicationError when there is no such place."""
        address = element.get("action").strip()
        if address:
            return self.resolve(address)
        if self._url is None:
            raise ApplicationError(
                11100, f"<{element.tag}> without action in TwiML that has no address of its own"
            )
        return self._url

    def warn(self, code: int, text: str) -> None:
        """A warning of the debugger; the call goes on."""
        self.carrier.note(self.call, "warning", code, text)

    def _after_failure(self, source: Source, error: ApplicationError) -> Step:
        self.carrier.note(self.call, "error", error.code, error.detail)
        if source.purpose == "canned":
            return None
        asked = source.purpose == "fallback" or error.code == HOP_LIMIT
        changed = self.call.fallback if self.allowed is None else None
        fallback = Fallback(*changed) if changed is not None else self.fallback
        if fallback is None or asked:
            self.ended_by = "application error"
            self.failed = True
            self._url = None
            return CANNED if self.allowed is None else Flow.HANG_UP
        url = error.url or (source.url if isinstance(source, Fetch) else "")
        fields = (("ErrorCode", str(error.code)), ("ErrorUrl", url))
        return Fetch(fallback.url, fallback.method, fields, "fallback")

    async def _one_document(self, source: Source) -> Step:
        root = await self._obtain(source)
        if source.purpose != "canned":
            for warning in (*check(root), *warn_of_missing(root)):
                self.warn(warning.code, warning.text)
        verbs = list(root)
        if not _keeps_ringing(verbs):
            self.call.answer()
        for element in verbs:
            step = await self._carry_out(element)
            if step is not None:
                return step
        return None

    async def _carry_out(self, element: Element) -> Step:
        verb = self.carrier.verbs.get(element.tag)
        if verb is None:
            if element.tag in children_of("VoiceResponse"):
                raise ApplicationError(
                    12200, f"line {element.line}: this simulator does not carry out <{element.tag}>"
                )
            return None
        if self.allowed is not None and element.tag not in self.allowed:
            dials = element.tag == "Dial" and self.forbidden == 12200
            code = 13201 if dials else self.forbidden
            raise ApplicationError(
                code, f"line {element.line}: <{element.tag}> is not allowed here"
            )
        return await verb(self, element)

    async def _obtain(self, source: Source) -> Element:
        if isinstance(source, Inline):
            self._url = None
            return parse(source.twiml.encode())
        self._count_document(source.url)
        answer = await self.call.during(self._fetch(source))
        self._url = answer.url if answer.url != source.url.partition("#")[0] else source.url
        return self._read(answer)

    async def _fetch(self, source: Fetch) -> Answer:
        fields = self.fields(source)
        details = {"method": source.method, "url": source.url, "purpose": source.purpose}
        started = self.carrier.clock.seconds()
        try:
            answer = await self.carrier.webhooks.request(
                source.method, source.url, fields, purpose=source.purpose,
                call_sid=self.call.sid, cookies=self.call.cookies,
            )  # fmt: skip
        except ApplicationError as error:
            milliseconds = round((self.carrier.clock.seconds() - started) * 1000, 1)
            self.call.tell("request", **details, status=None, ms=milliseconds, error=error.code)
            raise
        self.call.tell(
            "request", **details, status=answer.status, ms=answer.milliseconds, error=None
        )
        return answer

    def fields(self, source: Fetch) -> list[tuple[str, str]]:
        """What a request for a document bears."""
        return standard_fields(self.call) + list(source.fields)

    def _read(self, answer: Answer) -> Element:
        """The document that an answer is, by its type."""
        kind = answer.content_type
        try:
            if kind in TWIML_TYPES:
                return parse(answer.body, answer.charset)
            if kind.startswith("audio/"):
                return _response("Play", answer.url)
            if kind == "text/plain":
                try:
                    return parse(answer.body, answer.charset)
                except ApplicationError:
                    return _response(
                        "Say", answer.body.decode(answer.charset or "utf-8", "replace")
                    )
        except ApplicationError as error:
            raise ApplicationError(
                error.code, f"{answer.url}: {error.detail}", answer.url
            ) from None
        named = kind or "no Content-Type"
        raise ApplicationError(12300, f"{answer.url}: {named}, expected text/xml", answer.url)

    def _count_document(self, url: str) -> None:
        """Refuse to run in a circle in which nobody hears anything."""
        seen = (round(self.call.waited, 1), self.call.heard)
        self._unheard = self._unheard + 1 if seen == self._seen else 1
        self._seen = seen
        self._documents += 1
        if self._unheard > self.settings.documents_without_hearing:
            raise ApplicationError(HOP_LIMIT, f"{self._unheard} documents in a circle", url)
        if self.allowed is None and self._documents > self.settings.documents_per_call:
            raise ApplicationError(HOP_LIMIT, f"{self._documents} documents in one call", url)


def _keeps_ringing(verbs: list[Element]) -> bool:
    """Whether a document that is first in a call leaves the telephone unanswered."""
    if not verbs:
        return False
    first = verbs[0]
    return first.tag == "Reject" or (first.tag == "Dial" and first.flag("answerOnBridge", False))


def _response(tag: str, text: str) -> Element:
    return Element("Response", content=[Element(tag, content=[text], line=1)])
