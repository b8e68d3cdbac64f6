"""How many segments a text message takes, and which characters make it take more.

A segment has room for 160 characters of the GSM alphabet (3GPP TS 23.038), or for 70 of any other;
where there are several, a header takes a part of each.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
_SIZES = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENSION, 2)

SEPTETS, SEPTETS_OF_SEVERAL = 160, 153
UNITS, UNITS_OF_SEVERAL = 70, 67
"""Room of the only segment, and of one of several."""

PLAIN = {
    "–": "-", "—": "-", "‑": "-", "−": "-", "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"',
    "»": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "…": "...", "•": "-",
    "·": ".", "×": "x", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ",
    "\u200b": "", "\u00ad": "", "\ufeff": "", "\t": " ",
}  # fmt: skip
"""Characters that editors and keyboards put into texts, and what says the same in the alphabet."""

_NAMES = {
    "–": "an en dash", "—": "an em dash", "‑": "a no-break hyphen", "−": "a minus sign",
    "…": "an ellipsis", "•": "a bullet", "·": "a middle dot", "×": "a multiplication sign",
    "`": "a grave accent", "´": "an acute accent", "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space", "\u2009": "a thin space", "\u2007": "a figure space",
    "\u200b": "a zero-width space", "\u00ad": "a soft hyphen", "\ufeff": "a byte order mark",
    "\t": "a tab",
}  # fmt: skip


def segments(text: str) -> int:
    """How many segments the text takes; an empty one takes one."""
    sizes = [_SIZES.get(character, 0) for character in text]
    if all(sizes):
        return _count(sizes, SEPTETS, SEPTETS_OF_SEVERAL)
    # What is seen as one character is never torn apart, but for a line break of two.
    seen = [_units(part) for part in regex.findall(r"\r|\n|\X", text)]
    return _count(seen, UNITS, UNITS_OF_SEVERAL)


def room(text: str) -> tuple[int, int]:
    """How much of a single segment the text takes, and how much there is."""
    sizes = [_SIZES.get(character, 0) for character in text]
    if all(sizes):
        return sum(sizes), SEPTETS
    return _units(text), UNITS


def strangers(text: str) -> Iterator[tuple[int, str]]:
    """Where characters stand that are not of the alphabet, counted from 1, and which."""
    for at, character in enumerate(text):
        if character not in _SIZES:
            yield at + 1, character


def named(character: str) -> str:
    """What people call it: `an en dash`."""
    if character in _NAMES:
        return _NAMES[character]
    if character in "“”„‟«»‘’‚‛":
        return f"the curly quote `{character}`"
    return f"`{character}`"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _count(sizes: list[int], alone: int, of_several: int) -> int:
    if sum(sizes) <= alone:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used and used + size > of_several:
            count, used = count + 1, 0
        used += size
    return count
