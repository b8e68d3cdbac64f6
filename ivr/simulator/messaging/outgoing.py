"""A text that an application wants to send, judged as Twilio judges it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.simulator.errors import RestError, message
from ivr.simulator.messaging.people import REFUSED, WITHOUT_TEXTS
from ivr.simulator.messaging.segments import units
from ivr.simulator.messaging.services import Service, is_alphanumeric, is_short_code
from ivr.simulator.numbers import country, is_e164, is_possible

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

NAMELESS_COUNTRIES = frozenset({"US", "CA", "PR"})
"""Where Twilio delivers nothing from a sender of letters."""
MOST_MEDIA = 10


@dataclass(frozen=True)
class Outgoing:
    """What is to be sent. `sender` may be left to the `service`; a time is one to send it at."""

    to: str
    sender: str
    body: str
    direction: str
    service: Service | None = None
    media: tuple[str, ...] = ()
    status_callback: str = ""
    validity: float | None = None
    smart: bool | None = None
    send_at: datetime | None = None


def judge(carrier: "Carrier", wanted: Outgoing) -> None:
    """Raise RestError with Twilio's code when it would not take this text."""
    _judge_text(carrier, wanted)
    _judge_sender(carrier, wanted)
    _judge_recipient(carrier, wanted)


def _judge_text(carrier: "Carrier", wanted: Outgoing) -> None:
    if not wanted.body.strip() and not wanted.media:
        raise RestError(400, 21602, "A text message body or media urls must be specified.")
    limit = carrier.settings.text_characters
    if units(wanted.body) > limit:
        raise RestError(
            400, 21617, f"The concatenated message body exceeds the {limit} character limit."
        )
    if len(wanted.media) > MOST_MEDIA:
        raise RestError(400, 21623, f"Number of media files exceeds allowed limit {MOST_MEDIA}.")


def _judge_sender(carrier: "Carrier", wanted: Outgoing) -> None:
    sender, service = wanted.sender, wanted.service
    if service is not None:
        if not service.senders:
            raise RestError(400, 21704)
        if sender and sender not in service.senders:
            raise RestError(400, 21711)
        if not usable_senders(carrier, service, wanted.to):
            raise RestError(400, 21703)
        return
    if is_alphanumeric(sender):
        if country(wanted.to) in NAMELESS_COUNTRIES:
            raise RestError(400, 21612, _unreachable(wanted))
        return
    if not is_e164(sender):
        raise RestError(400, 21212, f"Invalid From Number (caller ID): {sender}")
    if sender not in carrier.directory.lines:
        raise RestError(
            400, carrier.settings.unknown_sender_code,
            f"'From' {sender} is not a Twilio phone number or Short Code country mismatch",
        )  # fmt: skip


def usable_senders(carrier: "Carrier", service: Service, to: str) -> list[str]:
    """The senders of a service that can reach a person: its names where they can, else numbers."""
    names = [sender for sender in service.senders if is_alphanumeric(sender)]
    if names and country(to) not in NAMELESS_COUNTRIES:
        return names
    lines = carrier.directory.lines
    return [
        sender
        for sender in service.senders
        if (sender in lines and sender != to) or is_short_code(sender)
    ]


def _judge_recipient(carrier: "Carrier", wanted: Outgoing) -> None:
    to = wanted.to
    if not is_possible(to):
        raise RestError(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if to == wanted.sender:
        raise RestError(400, 21266, f"'To' and 'From' number cannot be the same: {to}")
    person = carrier.messages.person(to)
    refused = REFUSED.get("invalid" if person.does == "invalid" else person.texts.does)
    if country(to) in carrier.settings.countries_without_texts:
        refused = 21408
    if refused == 21408:
        raise RestError(400, 21408, f"{message(21408)}: {to}")
    if refused is not None:
        words = _unreachable(wanted) if refused == 21612 else f"{message(refused)}: {to}"
        raise RestError(400, refused, words)
    later = wanted.service is not None and carrier.settings.service_judges_later
    if not later:
        judge_consent_and_line(carrier, wanted.to, wanted.sender, wanted.service)


def judge_consent_and_line(
    carrier: "Carrier", to: str, sender: str, service: Service | None
) -> None:
    """Raise RestError for a landline (unless that is found out later), or who has opted out."""
    if carrier.settings.landlines_refused and carrier.messages.line_type(to) in WITHOUT_TEXTS:
        raise RestError(400, 21614, f"'To' number: {to}, is not a valid mobile number")
    if carrier.messages.has_opted_out(to, sender, service):
        raise RestError(400, 21610, message(21610))


def _unreachable(wanted: Outgoing) -> str:
    return (
        f"Message cannot be sent with the current combination of 'To' ({wanted.to}) and/or 'From'"
        f" ({wanted.sender}) parameters"
    )
