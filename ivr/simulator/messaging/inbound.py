"""A person's text to a line: keywords first, then the application is asked what to answer."""

from datetime import datetime, timedelta
from mimetypes import guess_type
from typing import TYPE_CHECKING

import aiohttp

from ivr.simulator.fields import API_VERSION, PLACES
from ivr.simulator.inputs import Fetch
from ivr.simulator.messaging.conversation import Conversation
from ivr.simulator.messaging.keywords import DEFAULT_KEYWORDS, HELP, START, STOP
from ivr.simulator.messaging.message import Message
from ivr.simulator.messaging.services import Service
from ivr.simulator.numbers import country
from ivr.simulator.session import Fallback

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier
    from ivr.simulator.directory import Line

COOKIES_LAST = timedelta(hours=4)


class Inbound:
    """Takes in what people write. Cookies are kept for each pair of numbers, as Twilio does."""

    def __init__(self, carrier: "Carrier") -> None:
        self._carrier = carrier
        self._jars: dict[tuple[str, str], tuple[datetime, aiohttp.CookieJar]] = {}

    def receive(self, message: Message, line: "Line", service: Service | None) -> None:
        """Heed a keyword, and ask the application that answers the line."""
        kind = self._heed(message, service)
        source, fallback = self._address(line, service)
        if source is None:
            self._carrier.messages.note(
                message, "warning", 0, f"{line.number} has no sms_url: nobody is asked"
            )
            return
        fields = inbound_fields(self._carrier.settings.account_sid, message)
        if kind and service is not None and service.advanced_opt_out is not None:
            fields.append(("OptOutType", kind))
        talk = Conversation(self._carrier, message, service, fields, fallback, self._jar(message))
        self._carrier.spawn(talk.run(source))

    def _heed(self, message: Message, service: Service | None) -> str:
        """Do what STOP, START and HELP ask for, and answer; the keyword's kind, or nothing."""
        keywords = service.keywords if service is not None else DEFAULT_KEYWORDS
        kind = keywords.kind(message.body)
        if not kind:
            return ""
        messages = self._carrier.messages
        scope = service.sid if service is not None else message.to
        was_out = messages.has_opted_out(message.sender, message.to, service)
        if kind != HELP:
            messages.opt_outs.decide(scope, message.sender, out=kind == STOP)
        # Who is out hears nothing but that they are in again; who is in is not told so.
        if keywords.answers[kind] and was_out == (kind == START):
            messages.show(message.sender, message.to, keywords.answers[kind])
        return kind

    def _address(
        self, line: "Line", service: Service | None
    ) -> tuple[Fetch | None, Fallback | None]:
        url, method = line.sms_url, line.sms_method
        other, other_method = line.sms_fallback_url, line.sms_fallback_method
        if service is not None and service.inbound_url:
            url, method = service.inbound_url, service.inbound_method
            other, other_method = service.fallback_url, service.fallback_method
        fallback = Fallback(other, other_method) if other else None
        return (Fetch(url, method, purpose="message") if url else None), fallback

    def _jar(self, message: Message) -> aiohttp.CookieJar:
        pair, now = (message.sender, message.to), self._carrier.clock.now()
        used, jar = self._jars.pop(pair, (now, None))
        if jar is None or now - used > COOKIES_LAST:
            jar = aiohttp.CookieJar(unsafe=True)
        self._jars[pair] = (now, jar)
        if len(self._jars) > self._carrier.settings.finished_messages:
            del self._jars[next(iter(self._jars))]
        return jar


def inbound_fields(account_sid: str, message: Message) -> list[tuple[str, str]]:
    """What Twilio sends with every request about a text that came in."""
    fields = [
        ("ToCountry", country(message.to)),
        ("SmsMessageSid", message.sid),
        ("NumMedia", str(len(message.media))),
        ("SmsSid", message.sid),
        ("SmsStatus", "received"),
        ("Body", message.body),
        ("FromCountry", country(message.sender)),
        ("To", message.to),
        ("NumSegments", str(message.segments)),
        ("MessageSid", message.sid),
        ("AccountSid", account_sid),
        ("From", message.sender),
        ("ApiVersion", API_VERSION),
    ]
    fields += [(side + place, "") for side in ("From", "To") for place in PLACES]
    if message.service_sid:
        fields.append(("MessagingServiceSid", message.service_sid))
    for index, url in enumerate(message.media):
        fields += [(f"MediaContentType{index}", media_type(url)), (f"MediaUrl{index}", url)]
    return fields


def media_type(url: str) -> str:
    """The type that an address of media suggests."""
    return guess_type(url.partition("?")[0])[0] or "application/octet-stream"
