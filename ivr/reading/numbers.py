"""Telephone numbers as people write them in settings and flows."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

KEYED_WORDS = frozenset(
    {
        "266696687",  # anonymous
        "7378742833",  # restricted
        "2562533",  # blocked
        "8656696",  # unknown
        "86282452253",  # unavailable
    }
)
"""How a withheld number arrives that looks like one: a word keyed in on a telephone."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}\Z")

# Ofcom keeps these mobile numbers free for fiction, so the numbering plan calls them invalid.
# Whoever rehearses with them is to be treated like any other.
_FICTION = re.compile(r"\+447700900[0-9]{3}\Z")


def parse_number(text: str) -> str:
    """The E.164 form of a number as a person writes it, `+46 8 465 004 00`.

    Raises ValueError, saying in one sentence what is wrong with it.
    """
    shown = text if len(text) <= 40 else text[:40] + "..."
    if not text.strip().startswith("+"):
        raise ValueError(
            f"The telephone number `{shown}` has no country code: "
            "write it as +46 8 465 004 00, and in quotes."
        )
    try:
        parsed = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        raise ValueError(f"`{shown}` is not a telephone number.") from None
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if parsed.extension or not _E164.match(number):
        raise ValueError(f"`{shown}` is not a telephone number that can be rung directly.")
    if not exists(parsed, number):
        raise ValueError(f"The telephone number `{shown}` does not exist in its country.")
    return number


def exists(parsed: PhoneNumber, number: str) -> bool:
    """Whether the numbering plan knows it; `number` is `parsed` in E.164."""
    return bool(_FICTION.match(number)) or phonenumbers.is_valid_number(parsed)
