"""What the carrier did not do, told apart by what to do about it.

CarrierError
+-- PermanentError        asking again gives the same answer
|   +-- GoneError         there is no such call or recording (any more)
|   +-- RefusedError      our credentials or our account: somebody must look
+-- TemporaryError        asking again later may help
    +-- BusyError         not done: too many at once, or nobody reached
    +-- UnknownError      asked, and no usable answer: it may have been done
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.response import Response

_AUTHENTICATION = (401, 403)
_NO_SUCH_THING = (404, 410)
_TOO_MANY = 429
_NOT_IN_PROGRESS = 21220
# Twilio's client looks into the JSON without asking what it is.
_SENSELESS = (
    TwilioException, requests.RequestException, ValueError, KeyError, AttributeError, TypeError,
)  # fmt: skip


class CarrierError(Exception):
    """The carrier did not do what was asked; says why in a sentence, without any secret.

    `code` is Twilio's number of the error, or None when it gave none; `status` that of its answer,
    or None when there was none.
    """

    def __init__(self, message: str, code: int | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class PermanentError(CarrierError):
    """Asking again gives the same answer."""


class GoneError(PermanentError):
    """There is no such call, conference or recording, or it is over."""


class RefusedError(PermanentError):
    """The account or its credentials are refused."""


class TemporaryError(CarrierError):
    """Asking again later may help."""


class BusyError(TemporaryError):
    """Nothing was done: the carrier has too much to do, or could not be reached."""


class UnknownError(TemporaryError):
    """The carrier was asked and gave no usable answer: it may have done it or not."""


@contextmanager
def told_apart(about: str) -> Iterator[None]:
    """Turn every failure of Twilio's client into a CarrierError."""
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
    if code == _NOT_IN_PROGRESS:
        sentence = f"The carrier says that {about} is over, or was never answered."
        return GoneError(sentence, code, status)
    if status in _NO_SUCH_THING:
        return GoneError(f"The carrier does not know {about}.", code, status)
    if status in _AUTHENTICATION:
        sentence = f"{told} Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
        return RefusedError(sentence, code, status)
    if status == _TOO_MANY:
        return BusyError(told, code, status)
    if 400 <= status < 500:
        return PermanentError(told, code, status)
    return UnknownError(told, code, status)
