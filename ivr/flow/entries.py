"""What a caller keys in or says, as a value: digits, an amount, a date, or words."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from ivr.flow.inputs import Pressed, Said
from ivr.flow.language import Language
from ivr.flow.spoken import read_amount, read_date, read_digits
from ivr.flow.values import Value

Takes = Literal["digits", "amount", "date", "words"]
CheckDigit = Literal["luhn", "mod11", "731"]

MOST_DIGITS = 24
MOST_KEYS_OF_AMOUNT = 7
LONGEST_WORDS = 200
"""Characters that are kept of what was said."""
KEYS: dict[Takes, tuple[int, int]] = {
    "digits": (1, MOST_DIGITS),
    "amount": (1, MOST_KEYS_OF_AMOUNT),
    "date": (8, 8),
    "words": (0, 0),
}
"""The fewest and the most keys that make one."""
SPOKEN_AS: dict[Takes, str] = {
    "digits": "digits",
    "amount": "amount",
    "date": "date",
    "words": "name",
}
"""The form in which one is read back."""

_FORM = re.compile(r"[0-9#]{1,24}\Z")


def _form(value: Any) -> Any:
    if isinstance(value, str) and not _FORM.match(value):
        raise ValueError(
            f"`{value}` is not a pattern: write digits, and `#` for any digit, in quotes."
        )
    return value


Form = Annotated[str, BeforeValidator(_form)]
"""What digits look like: `4#######`."""


def read(takes: Takes, heard: Pressed | Said, language: Language, now: datetime) -> Value:
    """What was given, or None when it is nothing of the sort."""
    if isinstance(heard, Pressed):
        return _of_keys(takes, heard.keys)
    words = heard.words[:LONGEST_WORDS].strip()
    match takes:
        case "digits":
            return read_digits(words, language)
        case "amount":
            return read_amount(words, language)
        case "date":
            return read_date(words, language, now.date())
        case "words":
            return words or None


def _of_keys(takes: Takes, keys: str) -> Value:
    digits = keys.rstrip("#")
    if not digits.isdigit():
        return None
    match takes:
        case "digits":
            return digits
        case "amount":
            return Decimal(digits) if len(digits) <= MOST_KEYS_OF_AMOUNT else None
        case "date":
            return _date(digits)
        case "words":
            return None


def _date(digits: str) -> date | None:
    if len(digits) != 8:
        return None
    try:
        return date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None


def has_form(digits: str, form: str) -> bool:
    """Whether the digits look like `form`, where `#` stands for any."""
    return len(digits) == len(form) and all(
        wanted in ("#", digit) for digit, wanted in zip(digits, form, strict=True)
    )


def checks(digits: str, rule: CheckDigit) -> bool:
    """Whether the last digit is what `rule` makes of those before it.

    `luhn` (ISO/IEC 7812-1, annex B; Swedish OCR and Norwegian KID with modulus 10), `mod11`
    (weights 2 to 7 from the right; Norwegian KID and account numbers), `731` (weights 7, 3, 1 from
    the right; Finnish reference numbers).
    """
    if len(digits) < 2:
        return False
    body, last = [int(digit) for digit in reversed(digits[:-1])], int(digits[-1])
    match rule:
        case "luhn":
            doubled = (digit * 2 if at % 2 == 0 else digit for at, digit in enumerate(body))
            return (sum(d - 9 if d > 9 else d for d in doubled) + last) % 10 == 0
        case "mod11":
            # The remainder 10 has no digit: such numbers are never given out.
            rest = -sum(digit * (2 + at % 6) for at, digit in enumerate(body)) % 11
            return rest == last
        case "731":
            return -sum(digit * (7, 3, 1)[at % 3] for at, digit in enumerate(body)) % 10 == last
