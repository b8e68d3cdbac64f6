"""Carries out the TwiML that answers one inbound text."""

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import aiohttp

from ivr.simulator.errors import ApplicationError, RestError
from ivr.simulator.inputs import Fetch
from ivr.simulator.messaging.message import Message
from ivr.simulator.messaging.outgoing import Outgoing
from ivr.simulator.messaging.reply import check, content
from ivr.simulator.messaging.services import Service, is_alphanumeric
from ivr.simulator.numbers import is_e164, tidy
from ivr.simulator.session import TWIML_TYPES, Fallback
from ivr.simulator.twiml.document import Element, parse
from ivr.simulator.urls import Fields, is_http_url
from ivr.simulator.webhooks import Answer

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

NO_CONTENT = 204
DOCUMENT_LIMIT = 14106


class Conversation:
    """The run of documents that answer a text."""

    def __init__(
        self, carrier: "Carrier", message: Message, service: Service | None, fields: Fields,
        fallback: Fallback | None, cookies: aiohttp.CookieJar,
    ) -> None:  # fmt: skip
        self._carrier = carrier
        self._message = message
        self._service = service
        self._fields = tuple(fields)
        self._fallback = fallback
        self._cookies = cookies
        self._url = ""
        self._documents = 0
        self._replies = 0

    async def run(self, source: Fetch) -> None:
        """Do everything from `source` on; a failure asks the fallback, whose own ends it."""
        step: Fetch | None = source
        while step is not None:
            current = step
            try:
                step = await self._one_document(current)
            except ApplicationError as error:
                step = self._after_failure(current, error)

    def _after_failure(self, source: Fetch, error: ApplicationError) -> Fetch | None:
        level = "warning" if error.code == DOCUMENT_LIMIT else "error"
        self._note(level, error.code, error.detail)
        if self._fallback is None or source.purpose == "fallback" or error.code == DOCUMENT_LIMIT:
            return None
        fields = (("ErrorCode", str(error.code)), ("ErrorUrl", error.url or source.url))
        return Fetch(self._fallback.url, self._fallback.method, fields, "fallback")

    async def _one_document(self, source: Fetch) -> Fetch | None:
        self._documents += 1
        limit = self._carrier.settings.documents_per_text
        if self._documents > limit:
            raise ApplicationError(DOCUMENT_LIMIT, f"more than {limit} documents", source.url)
        answer = await self._carrier.webhooks.request(
            source.method, source.url, [*self._fields, *source.fields], purpose=source.purpose,
            call_sid=self._message.sid, cookies=self._cookies,
        )  # fmt: skip
        self._url = answer.url
        root = self._read(answer)
        for warning in check(root):
            self._note("warning", warning.code, warning.text)
        for verb in root:
            if verb.tag == "Redirect":
                address = verb.text
                url = self._resolve(address) if address else self._url
                return Fetch(url, verb.method(), purpose="redirect")
            if verb.tag in ("Message", "Sms"):
                step = self._send(verb)
                if step is not None:
                    return step
        return None

    def _read(self, answer: Answer) -> Element:
        """The document that an answer is; words in plain text are sent as they are."""
        if answer.status == NO_CONTENT:
            return Element("Response")
        kind = answer.content_type
        if kind == "text/plain":
            words = answer.body.decode(answer.charset or "utf-8", "replace")
            content = [Element("Message", content=[words], line=1)] if words.strip() else []
            return Element("Response", content=list(content))
        if kind not in TWIML_TYPES:
            named = kind or "no Content-Type"
            raise ApplicationError(12300, f"{answer.url}: {named}, expected text/xml", answer.url)
        try:
            return parse(answer.body, answer.charset)
        except ApplicationError as error:
            raise ApplicationError(
                error.code, f"{answer.url}: {error.detail}", answer.url
            ) from None

    def _send(self, verb: Element) -> Fetch | None:
        """Send one reply; where to go on, when the verb has an ``action``."""
        limit = self._carrier.settings.replies_per_text
        self._replies += 1
        if self._replies > limit:
            self._note("warning", 14109, f"line {verb.line}: at most {limit} replies")
            return None
        action = self._resolve(verb.get("action")) if verb.get("action").strip() else ""
        sent = self._sent(verb)
        if not action:
            return None
        sid, status = (sent.sid, "sending") if sent is not None else ("", "invalid")
        fields = (
            ("MessageSid", sid), ("MessageStatus", status), ("SmsSid", sid), ("SmsStatus", status),
        )  # fmt: skip
        return Fetch(action, verb.method(), fields, "action")

    def _sent(self, verb: Element) -> Message | None:
        said = content(verb)
        to, sender = tidy(verb.get("to")) or self._message.sender, verb.get("from").strip()
        where = f"line {verb.line}:"
        if not said.body and not said.media:
            self._note("warning", 14103, f"{where} <{verb.tag}> says nothing")
            return None
        if not is_e164(to):
            self._note("warning", 14101, f"{where} {to!r}")
            return None
        if sender and not is_e164(tidy(sender)) and not is_alphanumeric(sender):
            self._note("warning", 14102, f"{where} {sender!r}")
            return None
        callback = ""
        if verb.get("statusCallback").strip():
            callback = self._callback(verb)
        # Without `from` a reply comes from the line that was written to, service or not.
        service = self._service if not sender or tidy(sender) == self._message.to else None
        wanted = Outgoing(
            to, (tidy(sender) if is_e164(tidy(sender)) else sender) or self._message.to,
            said.body, "outbound-reply", service, said.media, callback,
        )  # fmt: skip
        try:
            return self._carrier.messages.send(wanted)
        except RestError as refused:
            code = 14108 if refused.code == self._carrier.settings.unknown_sender_code else None
            self._note("warning" if code else "error", code or refused.code,
                       f"{where} {refused.detail}")  # fmt: skip
            return None

    def _callback(self, verb: Element) -> str:
        url = urljoin(self._url, verb.get("statusCallback").strip())
        if is_http_url(url):
            return url
        self._note("warning", 14105, f"line {verb.line}: {url!r}")
        return ""

    def _resolve(self, url: str) -> str:
        absolute = urljoin(self._url, url.strip())
        if not is_http_url(absolute):
            raise ApplicationError(11100, f"{url!r} is no http or https address", absolute)
        return absolute

    def _note(self, level: str, code: int, text: str) -> None:
        self._carrier.messages.note(self._message, level, code, text)
