"""Questions to Twilio's REST API, with failures that say what to do about them (`errors`).

The client is Twilio's own. It sends requests to another address than Twilio's when the settings
say so, which is how the telephone company on loopback stands in for it.
"""

from __future__ import annotations

from twilio.rest import Client

from ivr.carrier.rest.account import SKEW
from ivr.carrier.rest.calls import Calls, CallStatus, FoundCall
from ivr.carrier.rest.conferences import Conferences
from ivr.carrier.rest.errors import (
    BusyError,
    CarrierError,
    GoneError,
    PermanentError,
    RefusedError,
    TemporaryError,
    UnknownError,
)
from ivr.carrier.rest.queues import Member, Queues
from ivr.carrier.rest.recordings import Recordings, RecordingStatus
from ivr.carrier.rest.texts import FoundText, Texts
from ivr.carrier.rest.transport import PATIENCE, TWILIO, Transport


class Carrier(Calls, Conferences, Queues, Recordings, Texts):
    """The carrier's REST API for one account."""


def connect(
    account_sid: str, auth_token: str, *, base_url: str = TWILIO, patience: float = PATIENCE
) -> Carrier:
    """The API at `base_url`; waits `patience` seconds for each answer.

    Raises RefusedError when the account or its token is not set.
    """
    if not account_sid or not auth_token:
        raise RefusedError("Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to ask the carrier.")
    return Carrier(Client(account_sid, auth_token, http_client=Transport(base_url, patience)))


__all__ = [
    "PATIENCE",
    "SKEW",
    "TWILIO",
    "BusyError",
    "CallStatus",
    "Carrier",
    "CarrierError",
    "FoundCall",
    "FoundText",
    "GoneError",
    "Member",
    "PermanentError",
    "RecordingStatus",
    "RefusedError",
    "TemporaryError",
    "UnknownError",
    "connect",
]
