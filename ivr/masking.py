"""Telephone numbers and mail addresses as a log may show them: the country code and the last two
digits; the first letter, and where the mailbox is.

International numbers (+46 70 174 06 05, also 0046... and as in a URL, %2B46...) are found anywhere;
national ones (070-174 06 05) where they stand alone, so that ids, times and hashes are left as they
are; numbers without any prefix only as the value of a field that holds one, such as From=.
"""

import re

HIDDEN = "•"
_SHOWN_AT_THE_END = 2

# Country codes have one digit (1 and 7), two (these) or three (all others): ITU-T E.164.
_TWO_DIGIT_CODES = frozenset(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 "
    "65 66 81 82 84 86 90 91 92 93 94 95 98".split()
)

_NUMBER = re.compile(
    r"""
    (?P<plus> \+ | %2B )
    (?P<international> [1-9]\d{6,14} | [1-9]\d{0,3} (?:[ \-.()/]{1,2}\d{1,8}){1,6} )
    |
    (?P<field> \b (?:From|To|Caller|Called|ForwardedFrom|Number|Phone) = (?:\+|%20|[ ])? )
    (?P<bare> [1-9]\d{6,14} ) (?!\w)
    |
    (?<![\w.:+\-]) (?P<zeros> 00 ) (?P<prefixed> [1-9]\d{6,13} ) (?![\w\-]|[.:]\d)
    |
    (?<![\w.:+\-]) (?P<national> 0[1-9] (?: \d{6,10} | \d{0,2}-?(?:[ \-]?\d{2,4}){2,4} ) )
    (?![\w\-]|[.:]\d)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
# Grouped digits with fewer are something else, such as a date (09-11-2026).
_FEWEST_NATIONAL_DIGITS = 9
_FEWEST_INTERNATIONAL_DIGITS = 7


# No number is found without one of these, and to look for them costs next to nothing.
_TELLING = re.compile("[+%=0]")
# What stands so in an address of the web, or is an agent's telephone, is nobody's mailbox.
_ADDRESS = re.compile(
    r"""
    (?<![\w.+\-/]) (?<!sip:) (?<!sips:)
    (?P<first> \w ) [\w.+\-']* (?P<where> @ (?:[\w\-]+\.)+ [\w\-]{2,} )
    """,
    re.VERBOSE,
)


def mask(text: str) -> str:
    """The same text with the middle of every telephone number and mail address hidden."""
    if "@" in text:
        text = _ADDRESS.sub(rf"\g<first>{HIDDEN * 3}\g<where>", text)
    return _NUMBER.sub(_masked, text) if _TELLING.search(text) else text


def _masked(found: re.Match[str]) -> str:
    national = found["national"]
    if national is not None:
        digits = _digits(national)
        if len(digits) < _FEWEST_NATIONAL_DIGITS and not national.isdigit():
            return found[0]
        return _hide(digits, shown=1)
    before = found["plus"] or found["field"] or found["zeros"] or ""
    digits = _digits(found["international"] or found["bare"] or found["prefixed"])
    if len(digits) < _FEWEST_INTERNATIONAL_DIGITS:
        return found[0]
    return before + _hide(digits, shown=_length_of_country_code(digits))


def _hide(digits: str, *, shown: int) -> str:
    hidden = max(len(digits) - shown - _SHOWN_AT_THE_END, 0)
    return digits[:shown] + HIDDEN * hidden + digits[-_SHOWN_AT_THE_END:]


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _length_of_country_code(digits: str) -> int:
    if digits[0] in "17":
        return 1
    return 2 if digits[:2] in _TWO_DIGIT_CODES else 3
