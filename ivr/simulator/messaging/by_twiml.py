"""A text that TwiML sends: <Message> in answer to a text, <Sms> during a call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import phonenumbers

from ivr.simulator.errors import ApplicationError, RestError
from ivr.simulator.happenings import Level
from ivr.simulator.messaging.message import Message
from ivr.simulator.messaging.outgoing import Outgoing
from ivr.simulator.messaging.reply import Said
from ivr.simulator.messaging.services import Service, is_alphanumeric
from ivr.simulator.numbers import country, is_e164, tidy
from ivr.simulator.twiml.document import Element

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

NoteTaker = Callable[[Level, int, str], None]
"""Takes a level, a code and a sentence for the debugger."""


@dataclass(frozen=True)
class Origin:
    """Where a document that sends texts stands: who is texted by whom unless it says otherwise."""

    to: str
    sender: str
    direction: str
    resolve: Callable[[str], str]
    """Makes an address of the document absolute; raises ApplicationError."""
    service: Service | None = None


def send(
    carrier: "Carrier", verb: Element, said: Said, origin: Origin, note: NoteTaker
) -> Message | None:
    """Send what a verb says; nothing, and a note, when Twilio would not."""
    where = f"line {verb.line}:"
    if not said.body and not said.media:
        note("warning", 14103, f"{where} <{verb.tag}> says nothing")
        return None
    sender = _sender(verb.get("from").strip() or origin.sender)
    to = _recipient(verb.get("to").strip() or origin.to, sender)
    if not is_e164(to):
        note("warning", 14101, f"{where} {to!r}")
        return None
    if not is_e164(sender) and not is_alphanumeric(sender):
        note("warning", 14102, f"{where} {sender!r}")
        return None
    service = origin.service if sender == origin.sender else None
    wanted = Outgoing(
        to, sender, said.body, origin.direction, service, said.media,
        _status_callback(verb, origin, note),
    )  # fmt: skip
    try:
        return carrier.messages.send(wanted)
    except RestError as refused:
        not_ours = refused.code == carrier.settings.unknown_sender_code
        note(
            "warning" if not_ours else "error",
            14108 if not_ours else refused.code,
            f"{where} {refused.detail}",
        )
        return None


def result(sent: Message | None) -> list[tuple[str, str]]:
    """What the ``action`` of a verb is told."""
    sid, status = (sent.sid, "sending") if sent is not None else ("", "invalid")
    return [("SmsSid", sid), ("SmsStatus", status)]


def _sender(text: str) -> str:
    return tidy(text) if is_e164(tidy(text)) else text


def _recipient(text: str, sender: str) -> str:
    """The number in E.164; without a plus it is one of the sender's country."""
    if text.startswith("+"):
        return tidy(text)
    try:
        parsed = phonenumbers.parse(text, country(sender) or None)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _status_callback(verb: Element, origin: Origin, note: NoteTaker) -> str:
    address = verb.get("statusCallback").strip()
    if not address:
        return ""
    try:
        return origin.resolve(address)
    except ApplicationError as error:
        note("warning", 14105, f"line {verb.line}: {error.detail}")
        return ""
