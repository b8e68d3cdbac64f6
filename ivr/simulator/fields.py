"""The form fields that bear every request about a call."""

from functools import lru_cache

from ivr.simulator.call import Call
from ivr.simulator.numbers import country

API_VERSION = "2010-04-01"
PLACES = ("City", "State", "Zip")


def standard_fields(call: Call) -> list[tuple[str, str]]:
    """What Twilio sends with every document request and status callback of this call."""
    fields = [
        ("CallSid", call.sid),
        ("AccountSid", call.carrier.settings.account_sid),
        ("From", call.caller),
        ("To", call.called),
        ("CallStatus", call.status),
        ("ApiVersion", API_VERSION),
        ("Direction", call.direction),
        ("Caller", call.caller),
        ("Called", call.called),
    ]
    fields += call.carried
    if call.token:
        fields.append(("CallToken", call.token))
    if call.parent is not None:
        fields.append(("ParentCallSid", call.parent.sid))
    fields += _places("From", call.caller)
    fields += _places("To", call.called)
    fields += _places("Caller", call.caller)
    fields += _places("Called", call.called)
    return fields


@lru_cache(maxsize=8_192)
def _places(side: str, number: str) -> tuple[tuple[str, str], ...]:
    """Where a number is, as far as it tells; asked with every request of a call."""
    return (*((side + place, "") for place in PLACES), (side + "Country", country(number)))


SIP_CODES = {
    "completed": "200", "in-progress": "200", "busy": "486", "no-answer": "487",
    "canceled": "487", "failed": "404",
}  # fmt: skip
"""What a SIP endpoint answered, by the status of the call."""


def outcome_fields(call: Call) -> list[tuple[str, str]]:
    """What a status callback tells of who answered, as far as it is known."""
    fields = [("AnsweredBy", call.answered_by)] if call.answered_by else []
    if call.called.startswith("sip:") and call.is_over:
        fields.append(("SipResponseCode", SIP_CODES[call.status]))
    return fields
