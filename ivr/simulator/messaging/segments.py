"""How many segments a text takes, counted as Twilio counts them."""

from dataclasses import dataclass
from functools import cache

import regex

from ivr.simulator.data import load

SEGMENT_OCTETS = 140
HEADER_OCTETS = 6
"""The header that ties the segments of a longer text together."""


@dataclass(frozen=True)
class Segmented:
    """A text as it goes over the air; `encoding` is GSM-7 or UCS-2."""

    text: str
    encoding: str
    segments: int


@cache
def _septets() -> dict[str, int]:
    """The characters of GSM-7 and how many septets each takes."""
    characters = load("text-characters.json")
    one = dict.fromkeys(characters["basic"], 1)
    return one | dict.fromkeys(characters["extension"], 2)


@cache
def _lookalikes() -> dict[int, str]:
    smart: dict[str, str] = load("text-characters.json")["smart"]
    return {ord(c): plain for plain, characters in smart.items() for c in characters}


def plain(text: str) -> str:
    """The text with typographic characters replaced by their look-alikes of GSM-7."""
    return text.translate(_lookalikes())


def units(text: str) -> int:
    """The length in UTF-16 code units, by which a body is limited."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def segment(text: str, *, smart: bool = False) -> Segmented:
    """Count the segments; `smart` replaces look-alikes first. An empty text takes one."""
    if smart:
        text = plain(text)
    septets = _septets()
    if all(character in septets for character in text):
        sizes = [septets[character] * 7 for character in text]
        return Segmented(text, "GSM-7", _count(sizes))
    # What is seen as one character is never torn apart, but for a line break of two.
    seen = regex.findall(r"\r|\n|\X", text)
    return Segmented(text, "UCS-2", _count([units(grapheme) * 16 for grapheme in seen]))


def _count(sizes: list[int]) -> int:
    """The segments that characters of these sizes in bits fill."""
    if sum(sizes) <= SEGMENT_OCTETS * 8:
        return 1
    room = (SEGMENT_OCTETS - HEADER_OCTETS) * 8
    count, used = 1, 0
    for size in sizes:
        if used and used + size > room:
            count, used = count + 1, 0
        used += size
    return count
