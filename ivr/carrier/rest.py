"""Questions to Twilio's REST API, with failures that say what to do about them.

    CarrierError
    +-- PermanentError        asking again gives the same answer
    |   +-- GoneError         there is no such call or recording (any more)
    |   +-- RefusedError      our credentials or our account: somebody must look
    +-- TemporaryError        asking again later may help
        +-- BusyError         not done: too many at once, or nobody reached
        +-- UnknownError      asked, and no usable answer: it may have been done

The client is Twilio's own. It sends requests to another address than Twilio's when the settings
say so, which is how the telephone company on loopback stands in for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from ivr.carrier.forms import RecordingState, recording_state

TWILIO = "https://api.twilio.com"
PATIENCE = 10.0
"""Seconds without an answer after which the outcome is unknown. Twilio's client has no limit."""

SKEW = 300.0
"""Seconds by which the carrier's clock may be behind ours; it tells whole seconds besides."""
FEW_TEXTS = 50
"""Texts to one number that are looked at, the newest first."""

_CALL_ID = re.compile(r"CA[0-9a-f]{32}\Z")
_RECORDING_ID = re.compile(r"RE[0-9a-f]{32}\Z")
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_AUTHENTICATION = (401, 403)
_NO_SUCH_THING = (404, 410)
_TOO_MANY = 429
# Twilio's client looks into the JSON without asking what it is.
_SENSELESS = (
    TwilioException, requests.RequestException, ValueError, KeyError, AttributeError, TypeError,
)  # fmt: skip


class CarrierError(Exception):
    """The carrier did not do what was asked; says why in a sentence, without any secret.

    `code` is Twilio's number of the error, or None when it gave none.
    """

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class PermanentError(CarrierError):
    """Asking again gives the same answer."""


class GoneError(PermanentError):
    """There is no such call or recording."""


class RefusedError(PermanentError):
    """The account or its credentials are refused."""


class TemporaryError(CarrierError):
    """Asking again later may help."""


class BusyError(TemporaryError):
    """Nothing was done: the carrier has too much to do, or could not be reached."""


class UnknownError(TemporaryError):
    """The carrier was asked and gave no usable answer: it may have done it or not."""


@dataclass(frozen=True, slots=True)
class CallStatus:
    """How a call stands in the carrier's words; `seconds` is None while it goes on."""

    status: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """Whether a recording can be heard; `seconds` is None until it is known."""

    state: RecordingState
    seconds: int | None


class Carrier:
    """The carrier's REST API for one account."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def call_status(self, call_id: str) -> CallStatus:
        """How the call stands. Raises CarrierError."""
        if not _CALL_ID.match(call_id):
            raise GoneError(f"`{call_id[:40]}` cannot be a call.")
        with _told_apart(f"the call {call_id}"):
            call = self._client.calls(call_id).fetch()
            return CallStatus(_status(call.status), _seconds(call.duration))

    def recording_status(self, recording_id: str) -> RecordingStatus:
        """How the recording stands. Raises CarrierError."""
        if not _RECORDING_ID.match(recording_id):
            raise GoneError(f"`{recording_id[:40]}` cannot be a recording.")
        with _told_apart(f"the recording {recording_id}"):
            recording = self._client.recordings(recording_id).fetch()
            return RecordingStatus(
                recording_state(_status(recording.status)), _seconds(recording.duration)
            )

    def send_text(self, sender: str, to: str, text: str) -> str:
        """Send a text from our number; the carrier's id of it. Raises CarrierError."""
        with _told_apart("a text"):
            return _message_id(self._client.messages.create(to=to, from_=sender, body=text).sid)

    def find_text(self, to: str, text: str, since: float) -> str | None:
        """The id of the newest such text that was created since then, in seconds since 1970; None
        when there is none. Raises CarrierError."""
        with _told_apart("the texts that were sent"):
            for message in self._client.messages.list(to=to, limit=FEW_TEXTS):
                if message.date_created.timestamp() < since - SKEW:
                    return None
                if message.body == text:
                    return _message_id(message.sid)
        return None

    def end_talk(self, call_id: str) -> None:
        """Let the party hang up who was rung for this call. Raises CarrierError."""
        if not _CALL_ID.match(call_id):
            raise GoneError(f"`{call_id[:40]}` cannot be a call.")
        with _told_apart(f"the call {call_id}"):
            for leg in self._client.calls.list(parent_call_sid=call_id, status="in-progress"):
                leg.update(status="completed")


def connect(
    account_sid: str, auth_token: str, *, base_url: str = TWILIO, patience: float = PATIENCE
) -> Carrier:
    """The API at `base_url`; waits `patience` seconds for each answer.

    Raises RefusedError when the account or its token is not set.
    """
    if not account_sid or not auth_token:
        raise RefusedError("Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to ask the carrier.")
    transport = _Transport(base_url, patience)
    return Carrier(Client(account_sid, auth_token, http_client=transport))


class _Transport(TwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """Twilio's own transport, with a time limit and another address to send to."""

    def __init__(self, base_url: str, patience: float) -> None:
        super().__init__(timeout=patience)
        self._base_url = "" if base_url == TWILIO else base_url.rstrip("/")
        if urlsplit(base_url).hostname in _THIS_MACHINE:
            # A proxy that the environment names cannot reach into this machine.
            self.session.trust_env = False

    def request(self, method: str, url: str, **options: Any) -> Response:
        if self._base_url:
            url = self._base_url + urlsplit(url)._replace(scheme="", netloc="").geturl()
        return super().request(method, url, **options)


@contextmanager
def _told_apart(about: str) -> Iterator[None]:
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise _of_status(error.status, error.code, about) from error
    except requests.ConnectTimeout as error:
        raise BusyError(f"The carrier was not reached to ask for {about}.") from error
    except requests.ConnectionError as error:
        # A connection that breaks later looks the same: only a refused one was surely not used.
        refused = "refused" in str(error).lower() or "resolve" in str(error).lower()
        kind = BusyError if refused else UnknownError
        raise kind(f"The connection to the carrier failed, asking for {about}.") from error
    except requests.Timeout as error:
        raise UnknownError(f"The carrier gave no answer in time about {about}.") from error
    except _SENSELESS as error:
        # A list that is refused is told as a plain exception, with the response in its arguments.
        refused_list = next((one for one in error.args if isinstance(one, Response)), None)
        if refused_list is not None and refused_list.status_code >= 400:
            raise _of_status(refused_list.status_code, None, about) from error
        raise UnknownError(f"The carrier's answer about {about} makes no sense.") from error


def _of_status(status: int, code: int | None, about: str) -> CarrierError:
    told = f"The carrier answers {status}" + (f" (error {code})" if code else "") + f" for {about}."
    if status in _NO_SUCH_THING:
        return GoneError(f"The carrier does not know {about}.", code)
    if status in _AUTHENTICATION:
        return RefusedError(f"{told} Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.", code)
    if status == _TOO_MANY:
        return BusyError(told, code)
    if 400 <= status < 500:
        return PermanentError(told, code)
    return UnknownError(told, code)


def _message_id(sid: object) -> str:
    if not isinstance(sid, str) or not sid:
        raise TypeError("no id")
    return sid


def _status(status: object) -> str:
    if not isinstance(status, str):
        raise TypeError("no status")
    return str(status)


def _seconds(duration: object) -> int | None:
    text = str(duration)
    return int(text) if text.isascii() and text.isdigit() else None
