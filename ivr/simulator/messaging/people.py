"""How a person's telephone treats texts: whether they arrive, and what is written back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import phonenumbers

from ivr.simulator import values
from ivr.simulator.errors import DirectoryError
from ivr.simulator.numbers import is_e164
from ivr.simulator.values import Reader

REFUSED: dict[str, int] = {
    "invalid": 21211, "unreachable": 21612, "not_permitted": 21408,
}  # fmt: skip
"""What Twilio finds out when a text is created, with its code."""
LOST: dict[str, int] = {
    "off": 30003, "blocked": 30004, "unknown": 30005, "filtered": 30007, "lost": 30008,
}  # fmt: skip
"""Why a text that was sent does not arrive, with Twilio's code."""
OUTCOMES = ("delivered", "unconfirmed", *LOST, *REFUSED)
"""``unconfirmed``: the text arrives, and the network never says so."""
LINE_TYPES = (
    "mobile", "landline", "fixedVoip", "nonFixedVoip", "tollFree", "personal", "premium",
    "voicemail", "sharedCost", "uan", "pager", "unknown",
)  # fmt: skip
WITHOUT_TEXTS = frozenset({"landline"})
BY_PLAN = {
    phonenumbers.PhoneNumberType.MOBILE: "mobile",
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    phonenumbers.PhoneNumberType.FIXED_LINE: "landline",
    phonenumbers.PhoneNumberType.TOLL_FREE: "tollFree",
    phonenumbers.PhoneNumberType.PREMIUM_RATE: "premium",
    phonenumbers.PhoneNumberType.SHARED_COST: "sharedCost",
    phonenumbers.PhoneNumberType.VOIP: "nonFixedVoip",
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER: "personal",
    phonenumbers.PhoneNumberType.PAGER: "pager",
    phonenumbers.PhoneNumberType.UAN: "uan",
    phonenumbers.PhoneNumberType.VOICEMAIL: "voicemail",
}


@dataclass(frozen=True)
class Reply:
    """What somebody writes back, `after` seconds, to a text that contains `when`.

    An empty `when` is any text. It is written at most `times` times to one number.
    """

    says: str
    when: str = ""
    after: float = 10.0
    times: int = 1


@dataclass(frozen=True)
class Texts:
    """How somebody's telephone treats texts; `opted_out` holds until they write START."""

    does: str = "delivered"
    replies: tuple[Reply, ...] = ()
    opted_out: bool = False


@lru_cache(maxsize=4096)
def line_type_by_plan(number: str) -> str:
    """What kind of line a number is by its country's numbering plan; a word of `LINE_TYPES`."""
    if not is_e164(number):
        return "unknown"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "unknown"
    return BY_PLAN.get(phonenumbers.number_type(parsed), "unknown")


def read_texts(value: Any, where: str) -> Texts:
    """How a person of a directory treats texts; raises DirectoryError.

    A word of `OUTCOMES`, or {does: word, opted_out: true, replies: [{when: words, after: seconds,
    says: words, times: number}]}.
    """
    settings = values.mapping({"does": value} if isinstance(value, str) else value, where)
    return Texts(**values.read_all(settings, TEXTS, where))


def _replies(value: Any, where: str) -> tuple[Reply, ...]:
    if not isinstance(value, list):
        raise DirectoryError(f"{where}: write a list")
    return tuple(_reply(each, where) for each in value)


def _reply(value: Any, where: str) -> Reply:
    settings = values.mapping({"says": value} if isinstance(value, str) else value, where)
    fields = values.read_all(settings, REPLY, where)
    if not fields.get("says"):
        raise DirectoryError(f"{where}: says is missing")
    return Reply(**fields)


def _times(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise DirectoryError(f"{where}: {value!r} is no whole number from 1")
    return value


REPLY: Mapping[str, Reader] = {
    "when": values.text, "after": values.seconds, "says": values.text, "times": _times,
}  # fmt: skip
TEXTS: Mapping[str, Reader] = {
    "does": values.one_of(*OUTCOMES), "replies": _replies, "opted_out": values.flag,
}  # fmt: skip
