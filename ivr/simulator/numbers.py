"""Telephone numbers as the network sees them."""

import re
from functools import lru_cache

import phonenumbers

E164 = re.compile(r"^\+[1-9][0-9]{6,14}$")
WITHHELD = "+266696687"
"""What a withheld caller often looks like: ANONYMOUS on a keypad, with the code of Lesotho."""
AD_HOC_LINE = "+12025550100"
"""The number that a URL phoned directly answers on."""
DEFAULT_CALLER = "+46701740605"


def is_e164(text: str) -> bool:
    """Whether this is a plus and seven to fifteen digits."""
    return E164.match(text) is not None


def tidy(text: str) -> str:
    """Without the blanks, brackets, dots and hyphens that people write into numbers.

    What is no number (``client:NAME``, ``sip:NAME@HOST``) keeps everything but the blanks around.
    """
    return text.strip() if ":" in text else re.sub(r"[\s().\-]", "", text)


@lru_cache(maxsize=4096)
def is_possible(text: str) -> bool:
    """Whether a number of that length exists in its country's plan."""
    if not is_e164(text):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=4096)
def country(number: str) -> str:
    """The two-letter country of a number; empty when it tells none."""
    if not is_e164(number):
        return ""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    code = parsed.country_code or 0
    region = phonenumbers.region_code_for_number(parsed)
    return region or phonenumbers.region_code_for_country_code(code)
