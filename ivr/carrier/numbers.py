"""Which callers have a number that can be rung.

A withheld number does not arrive empty. It arrives as a word, or as that word keyed in on a
telephone (+266696687 is "anonymous"), which looks like a number and must never be rung.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat

from ivr.reading.numbers import KEYED_WORDS, exists

_DIGITS = re.compile(r"\+?[0-9]{5,15}\Z")


@lru_cache(maxsize=4096)
def caller_number(
    raw: str, country: str = "", own_numbers: frozenset[str] = frozenset()
) -> str | None:
    """The caller's number in E.164; None when it is withheld, impossible or one of our own.

    `country` is what the carrier says of the caller (two letters, or nothing): a number without
    its country code is read as one of that country.
    """
    if not _DIGITS.match(raw) or raw.lstrip("+") in KEYED_WORDS:
        return None
    try:
        parsed = phonenumbers.parse(raw, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if number in own_numbers or not exists(parsed, number):
        return None
    return number
