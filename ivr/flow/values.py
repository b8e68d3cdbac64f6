"""What a variable of a call can hold, and what kinds of it there are."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
"""Names of variables: small letters, digits and `_`."""

Value = str | Decimal | bool | date | time | None
"""A text, a number, yes or no, a date, a time of day, or nothing."""

Kind = Literal["text", "number", "yes_no", "date", "time", "nothing"]

A_KIND: dict[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "yes_no": "a yes or no",
    "date": "a date",
    "time": "a time of day",
    "nothing": "nothing",
}
"""The kinds as sentences name them."""

LARGEST = Decimal(10) ** 15
"""Numbers lie below this, above its negative."""
MOST_DECIMALS = 10
"""Numbers are rounded to this many decimals."""
LONGEST_TEXT = 1000
"""Characters of the longest text that is computed with."""

_WRITTEN_NUMBER = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,10}))?\Z")
_WRITTEN_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\Z")
_WRITTEN_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})\Z")
_LEAST_STEP = Decimal(1).scaleb(-MOST_DECIMALS)


class NoValue(ValueError):
    """What came from outside is nothing that a variable can hold; the sentence says why."""


def as_value(given: object) -> Value:
    """`given` as a value within the limits; whole and binary numbers become Decimal.

    Raises `NoValue`.
    """
    match given:
        case None | bool():
            return given
        case str():
            if len(given) > LONGEST_TEXT:
                raise NoValue(f"The text has more than {LONGEST_TEXT} characters.")
            return given
        case int():
            if abs(given) >= LARGEST:
                raise NoValue("The number is too large.")
            return Decimal(given)
        case float():
            return bounded(Decimal(str(given)))
        case Decimal():
            return bounded(given)
        case datetime():
            raise NoValue("A date with a time is neither a date nor a time of day.")
        case date() | time():
            return given
    raise NoValue(f"A {type(given).__name__} is no value.")


def bounded(number: Decimal) -> Decimal:
    """`number` rounded to `MOST_DECIMALS`; raises `NoValue` when it is too large or none at all."""
    if not number.is_finite():
        raise NoValue("The number is too large.")
    if number and number.adjusted() >= LARGEST.adjusted():
        raise NoValue("The number is too large.")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        number = number.quantize(_LEAST_STEP)
    return number + 0 if number else Decimal(0)


def kind_of(value: Value) -> Kind:
    """The kind of a value."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes_no"
        case str():
            return "text"
        case Decimal():
            return "number"
        case time():
            return "time"
        case date():
            return "date"


def as_text(value: Value) -> str:
    """A value as plain text: `12.5`, `2026-12-24`, `14:30`, `true`, or `` for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case Decimal():
            written = f"{value:f}"
            return written.rstrip("0").rstrip(".") if "." in written else written
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()


def read_number(text: str) -> Decimal | None:
    """A number as people write it: `12`, `12.5`, `12,5`, `1 200`."""
    match = _WRITTEN_NUMBER.match(re.sub(r"(?<=[0-9])[\s\u00a0\u202f](?=[0-9])", "", text.strip()))
    if match is None:
        return None
    sign, whole, decimals = match.groups()
    return bounded(Decimal(f"{sign}{whole}.{decimals or '0'}"))


def read_date(text: str) -> date | None:
    """A date written `2026-12-24`."""
    match = _WRITTEN_DATE.match(text.strip())
    try:
        return None if match is None else date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """A time of day written `14:30` or `14.30`."""
    match = _WRITTEN_TIME.match(text.strip())
    try:
        return None if match is None else time(int(match[1]), int(match[2]))
    except ValueError:
        return None
