"""What an application is told of its texts."""

from typing import TYPE_CHECKING

from ivr.simulator.fields import API_VERSION
from ivr.simulator.messaging.message import Message

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

TOLD = frozenset({"queued", "sent", "failed", "delivered", "undelivered", "canceled"})
"""The states that Twilio tells of, unless a text begins in one."""


def tell(carrier: "Carrier", message: Message) -> None:
    """Tell of the state that a text has now, in order for each text."""
    if message.status_callback and message.status in TOLD:
        fields = status_fields(carrier.settings.account_sid, message)
        carrier.callbacks.send(
            None, message.status_callback, "POST", fields, "message-status", key=message.sid
        )


def status_fields(account_sid: str, message: Message) -> list[tuple[str, str]]:
    """What Twilio sends about the state of a text; there is no sequence number."""
    fields = [
        ("SmsSid", message.sid),
        ("SmsStatus", message.status),
        ("MessageStatus", message.status),
        ("To", message.to),
        ("MessageSid", message.sid),
        ("AccountSid", account_sid),
        ("From", message.sender),
        ("ApiVersion", API_VERSION),
    ]
    if message.service_sid:
        fields.append(("MessagingServiceSid", message.service_sid))
    if message.error is not None:
        fields.append(("ErrorCode", str(message.error)))
    if message.status in ("delivered", "undelivered") and message.done_at is not None:
        fields.append(("RawDlrDoneDate", message.done_at.strftime("%y%m%d%H%M")))
    return fields
