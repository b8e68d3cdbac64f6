"""The form fields of a message create or update, judged as Twilio judges them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from multidict import MultiMapping

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.messaging.outgoing import Outgoing
from ivr.simulator.messaging.services import LONGEST_VALIDITY, Service
from ivr.simulator.numbers import is_e164, tidy
from ivr.simulator.rest.parameters import Parameters
from ivr.simulator.rest.resource import text
from ivr.simulator.sids import is_sid
from ivr.simulator.urls import is_http_url

CREATE = Parameters(
    carried_out="To From MessagingServiceSid Body MediaUrl StatusCallback ValidityPeriod"
    " SmartEncoded ScheduleType SendAt",
    no_effect="MaxPrice ProvideFeedback Attempt ForceDelivery RiskCheck TrafficType"
    " ContentRetention AddressRetention",
    refused="ApplicationSid ContentSid ContentVariables PersistentAction SendAsMms ShortenUrls",
    judged_here="To From MessagingServiceSid Body MediaUrl StatusCallback ValidityPeriod SendAt",
)
UPDATE = Parameters(carried_out="Body Status", judged_here="Body Status")
WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


def outgoing(carrier: Carrier, fields: MultiMapping[str]) -> Outgoing:
    """The text that is to be sent; raises RestError for what makes no sense."""
    for name in ("To", "From"):
        channel, colon, _ = text(fields, name).partition(":")
        if colon:
            raise RestError(400, 20001, f"this simulator carries texts only, not {channel}:")
    to = _number(text(fields, "To"))
    if not to:
        raise RestError(400, 21604, "A 'To' phone number is required.")
    sender, service = _from(carrier, fields)
    return Outgoing(
        to, sender, str(fields.get("Body", "")), "outbound-api", service, _media(fields),
        _status_callback(fields), _validity(fields), _smart(fields),
        _send_at(carrier, fields, service),
    )  # fmt: skip


def _number(value: str) -> str:
    number = tidy(value)
    return number if is_e164(number) else value


def _from(carrier: Carrier, fields: MultiMapping[str]) -> tuple[str, Service | None]:
    """The sender and the Messaging Service; a service's SID may stand in From too."""
    sender, sid = _number(text(fields, "From")), text(fields, "MessagingServiceSid")
    if not sid and is_sid(sender, "MG"):
        sender, sid = "", sender
    if not sender and not sid:
        raise RestError(
            400, 21603, "A 'From' or 'MessagingServiceSid' parameter is required to send a message"
        )
    if not sid:
        return sender, None
    service = carrier.messages.service(sid)
    if service is None:
        raise RestError(400, 21701, f"The Messaging Service {sid} does not exist")
    return sender, service


def _media(fields: MultiMapping[str]) -> tuple[str, ...]:
    media = tuple(str(url).strip() for url in fields.getall("MediaUrl", []) if str(url).strip())
    for url in media:
        if not is_http_url(url):
            raise RestError(400, 21620, f"Invalid media URL(s): {url}")
    return media


def _status_callback(fields: MultiMapping[str]) -> str:
    url = text(fields, "StatusCallback")
    if url and (not is_http_url(url) or "_" in (urlsplit(url).hostname or "")):
        raise RestError(400, 21609, f"The StatusCallback URL {url} is not a valid URL.")
    return url


def _validity(fields: MultiMapping[str]) -> float | None:
    value = text(fields, "ValidityPeriod")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= LONGEST_VALIDITY):
        raise RestError(
            400, 21624, f"The Validity Period value {value} is not from 1 to {LONGEST_VALIDITY}"
        )
    return float(value)


def _smart(fields: MultiMapping[str]) -> bool | None:
    value = text(fields, "SmartEncoded").lower()
    return None if not value else value == "true"


def _send_at(
    carrier: Carrier, fields: MultiMapping[str], service: Service | None
) -> datetime | None:
    kind, value = text(fields, "ScheduleType"), text(fields, "SendAt")
    if not kind and not value:
        return None
    if not kind:
        raise RestError(400, 20001, "SendAt without ScheduleType: write ScheduleType=fixed")
    if service is None:
        raise RestError(400, 35118)
    if not value:
        raise RestError(400, 35111)
    settings = carrier.settings
    least, most = settings.schedule_least, settings.schedule_most
    try:
        moment = datetime.strptime(value, WRITTEN).replace(tzinfo=UTC)
    except ValueError:
        raise RestError(400, 35114, f"SendAt {value} is not written YYYY-MM-DDTHH:MM:SSZ") from None
    ahead = moment - carrier.clock.now()
    if not timedelta(seconds=least) < ahead <= timedelta(seconds=most):
        raise RestError(
            400, 35114,
            f"SendAt time must be more than {least:g} seconds and at most {most / 86_400:g} days"
            f" ({most:g} seconds) in the future",
        )  # fmt: skip
    return moment
