"""Telephone numbers: which callers have one that can be rung, and what a person wrote in a setting.

A withheld number does not arrive empty. It arrives as a word, or as that word keyed in on a
telephone (+266696687 is "anonymous"), which looks like a number and must never be rung.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

_KEYED_WORDS = frozenset(
    {
        "+266696687",  # anonymous
        "+7378742833",  # restricted
        "+2562533",  # blocked
        "+8656696",  # unknown
        "+86282452253",  # unavailable
    }
)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_DIGITS = re.compile(r"\+?[0-9]{5,15}\Z")

# Ofcom keeps these mobile numbers free for fiction, so the numbering plan calls them invalid.
# Whoever rehearses with them is to be treated as a caller like any other.
_FICTION = re.compile(r"\+447700900[0-9]{3}\Z")


@lru_cache(maxsize=4096)
def caller_number(
    raw: str, country: str = "", own_numbers: frozenset[str] = frozenset()
) -> str | None:
    """The caller's number in E.164; None when it is withheld, impossible or one of our own.

    `country` is what the carrier says of the caller (two letters, or nothing): a number without
    its country code is read as one of that country.
    """
    if not _DIGITS.match(raw) or "+" + raw.lstrip("+") in _KEYED_WORDS:
        return None
    try:
        parsed = phonenumbers.parse(raw, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if number in own_numbers or not _exists(parsed, number):
        return None
    return number


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
    if not _exists(parsed, number):
        raise ValueError(f"The telephone number `{shown}` does not exist in its country.")
    return number


def _exists(parsed: PhoneNumber, number: str) -> bool:
    return bool(_FICTION.match(number)) or phonenumbers.is_valid_number(parsed)
