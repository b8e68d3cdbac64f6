"""Which numbers may be rung: not withheld, real, ordinary, in a country allowed, not opted out.

Whoever can make a company ring numbers of his choice can make it ring expensive ones, or the same
stranger all night; so all else is refused, each with its reason.

Numbers kept free for fiction are ordinary to the numbering plan (Sweden's; London's; America's
555-0100 to 0199), except Ofcom's mobile ones (+44 7700 900000 to 900999), which
`ivr.reading.numbers` lets pass, and America's area code 555, which `also_allowed` can.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, shortnumberinfo

from ivr.reading.numbers import KEYED_WORDS, exists

Unreachable = Literal[
    "withheld", "not_a_telephone", "not_a_number", "emergency", "short_number", "does_not_exist",
    "satellite", "premium_rate", "shared_cost", "special_number", "country_not_allowed",
    "own_number", "opted_out",
]  # fmt: skip
"""Why a number is not rung. "not_a_telephone": a softphone or a SIP address. "special_number":
toll-free, personal, a company's national number, a pager or a mailbox."""

WORDS = frozenset(
    {"", "anonymous", "unknown", "restricted", "private", "unavailable", "withheld", "blocked"}
)
ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP,
    }
)  # fmt: skip
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_SATELLITE = frozenset({870, 881, 882, 883})
_LONGEST = 40

_EXTENSION = re.compile(
    r"[\s,;]*(?:\*|\b(?:ankn(?:ytning)?|alanumero|intern(?:nummer|t)?|linje)\b\.?:?)\s*(\d{1,7})\s*\Z",
    re.IGNORECASE,
)
"""As phonenumbers does not know it: after a star on the keypad, and in the Nordic languages."""


@dataclass(frozen=True)
class NumberRules:
    """`country` is that of numbers without their country code, two letters."""

    country: str
    countries: frozenset[str] = frozenset()
    """That may be rung, two letters each; none: only `country`."""
    own_numbers: frozenset[str] = frozenset()
    """E.164."""
    also_allowed: tuple[str, ...] = ()
    """Beginnings of numbers in E.164 that are ordinary whatever the numbering plan says."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """A number that may be rung. `number` in E.164; `mobile`: a text may reach it."""

    number: str
    country: str
    extension: str = ""
    mobile: bool = False


def reachable(
    text: str, rules: NumberRules, opted_out: Container[str] = ()
) -> Reachable | Unreachable:
    """The number in `text`, from the carrier, keyed in or written by a person; or why not.

    `opted_out`: the numbers (E.164) that asked not to be called.
    """
    written = text.strip()
    if _is_withheld(written):
        return "withheld"
    if ":" in written:
        return "not_a_telephone"
    if len(written) > _LONGEST:
        return "not_a_number"
    short = _short(written, {rules.country, *rules.countries})
    if short is not None:
        return short
    try:
        parsed = phonenumbers.parse(_EXTENSION.sub(r" ext. \1", written), rules.country)
    except phonenumbers.NumberParseException:
        return "not_a_number"
    extension = parsed.extension or ""
    parsed.extension = None
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    country = _country(parsed)
    refusal = _refusal(parsed, number, country, rules)
    if refusal is not None:
        return refusal
    if number in opted_out:
        return "opted_out"
    kind = phonenumbers.number_type(parsed)
    unknown = kind == PhoneNumberType.UNKNOWN  # of the ones kept for fiction, which are mobile
    return Reachable(number, country, extension, mobile=unknown or kind in _MOBILE)


def _is_withheld(written: str) -> bool:
    return written.casefold() in WORDS or written.lstrip("+") in KEYED_WORDS


def _short(written: str, countries: Iterable[str]) -> Unreachable | None:
    digits = re.sub(r"[^0-9]", "", written)
    if not digits or len(digits) > 6 or written.startswith("+"):
        return None
    # Networks put foreign emergency numbers through as well.
    if any(shortnumberinfo.connects_to_emergency_number(digits, one) for one in countries):
        return "emergency"
    return "short_number"


def _country(parsed: PhoneNumber) -> str:
    found = phonenumbers.region_code_for_number(parsed)
    return found or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


def _refusal(
    parsed: PhoneNumber, number: str, country: str, rules: NumberRules
) -> Unreachable | None:
    if number in rules.own_numbers:
        return "own_number"
    if parsed.country_code in _SATELLITE:
        return "satellite"
    national = str(parsed.national_number)
    if shortnumberinfo.is_emergency_number(national, country):
        return "emergency"
    allowed_anyway = number.startswith(rules.also_allowed)
    if not allowed_anyway and not exists(parsed, number):
        return "does_not_exist"
    if not allowed_anyway:
        match phonenumbers.number_type(parsed):
            case PhoneNumberType.PREMIUM_RATE:
                return "premium_rate"
            case PhoneNumberType.SHARED_COST:
                return "shared_cost"
            case kind if kind != PhoneNumberType.UNKNOWN and kind not in ORDINARY:
                return "special_number"
    if not allowed_anyway and country not in (rules.countries or {rules.country}):
        return "country_not_allowed"
    return None
