"""Test credentials: creating calls, messages and numbers, judged by magic numbers alone."""

from collections.abc import Mapping

from ivr.simulator.data import load
from ivr.simulator.errors import RestError, message
from ivr.simulator.numbers import tidy

STATUS = {21611: 429}
"""The HTTP status of a code, where it is not 400."""
WORDS = {21611: "SMS queue is full."}
OTHER = "other"
NUMBER = "+15005550006"
"""The number that test credentials may send from and buy."""


def outcome(kind: str, fields: Mapping[str, str]) -> None:
    """Judge a create of "calls", "messages" or "numbers".

    Raises RestError with the code that Twilio gives for these numbers; comes back when it would
    create the thing. Fields that are not there are not judged.
    """
    for name, codes in load("magic-numbers.json")[kind].items():
        value = tidy(str(fields.get(name, "")))
        if not value:
            continue
        code = codes[value] if value in codes else codes[OTHER]
        if code is not None:
            raise RestError(STATUS.get(code, 400), code, WORDS.get(code, message(code)))
