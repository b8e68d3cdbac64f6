"""Carries out the TwiML that answers one inbound text."""

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import aiohttp

from ivr.simulator.errors import ApplicationError
from ivr.simulator.inputs import Fetch
from ivr.simulator.messaging import by_twiml
from ivr.simulator.messaging.by_twiml import Origin
from ivr.simulator.messaging.message import Message
from ivr.simulator.messaging.reply import check, content
from ivr.simulator.messaging.services import Service
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
        if (
            self._fallback is None
            or source.purpose == "message-fallback"
            or error.code == DOCUMENT_LIMIT
        ):
            return None
        fields = (("ErrorCode", str(error.code)), ("ErrorUrl", error.url or source.url))
        return Fetch(self._fallback.url, self._fallback.method, fields, "message-fallback")

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
                return Fetch(url, verb.method(), purpose="message-redirect")
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
        origin = Origin(
            self._message.sender, self._message.to, "outbound-reply", self._resolve, self._service
        )
        sent = by_twiml.send(self._carrier, verb, content(verb), origin, self._note)
        if not action:
            return None
        told = by_twiml.result(sent)
        fields = (*told, *((name.replace("Sms", "Message"), value) for name, value in told))
        return Fetch(action, verb.method(), fields, "message-action")

    def _resolve(self, url: str) -> str:
        absolute = urljoin(self._url, url.strip())
        if not is_http_url(absolute):
            raise ApplicationError(11100, f"{url!r} is no http or https address", absolute)
        return absolute

    def _note(self, level: str, code: int, text: str) -> None:
        self._carrier.messages.note(self._message, level, code, text)
