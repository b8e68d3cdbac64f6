"""Addresses that can be called: telephone numbers, clients (softphones) and SIP endpoints."""

import re

from ivr.simulator.numbers import is_e164, tidy

CLIENT, SIP = "client:", "sip:"
CLIENT_NAME = re.compile(r"^[^\s\x00-\x1f\x7f\"<>{}|\\^\[\]`]{1,256}$")
SIP_ADDRESS = re.compile(r"^sips?:[^\s@<>\"]+@[^\s@<>\"]+$", re.IGNORECASE)
LONGEST_SIP_ADDRESS = 255


def is_client(text: str) -> bool:
    """Whether this is ``client:`` and a name of 1 to 256 characters without blanks."""
    return text.startswith(CLIENT) and CLIENT_NAME.match(text[len(CLIENT) :]) is not None


def is_sip(text: str) -> bool:
    """Whether this is ``sip:NAME@HOST``, of at most 255 characters."""
    bare = text.partition("?")[0]
    return len(bare) <= LONGEST_SIP_ADDRESS and SIP_ADDRESS.match(bare) is not None


def is_address(text: str) -> bool:
    """Whether anything can be called there."""
    return is_e164(text) or is_client(text) or is_sip(text)


def written(text: str) -> str:
    """An address as it is written: numbers without what people put between the digits."""
    number = tidy(text)
    return number if is_e164(number) else text.strip()


def client(name: str) -> str:
    """The address of a client."""
    name = name.strip()
    return name if name.startswith(CLIENT) else CLIENT + name


KEYPAD_WORDS = {
    "anonymous": "+266696687",
    "restricted": "+7378742833",
    "blocked": "+2562533",
    "unknown": "+8656696",
    "unavailable": "+86282452253",
}
"""What withheld callers look like: the word on the keys of a telephone, with a plus before it."""
LITERAL_WORDS = frozenset(
    {"anonymous", "unknown", "restricted", "private", "unavailable", "withheld", "blocked"}
)


def caller(text: str) -> str | None:
    """The caller as the application sees them, or nothing when `text` is no caller.

    A number, ``client:NAME``, ``sip:NAME@HOST``; ``withheld`` or ``anonymous`` (+266696687);
    ``withheld:WORD`` for the other words that carriers spell on a keypad; ``withheld:text:WORD``
    for callers that arrive as the bare word, and ``withheld:nothing`` for an empty one.
    """
    plain = tidy(text)
    if plain.lower() in ("withheld", "anonymous"):
        return KEYPAD_WORDS["anonymous"]
    kind, separator, rest = plain.lower().partition(":")
    if kind == "withheld" and separator:
        if rest == "nothing":
            return ""
        form, separator, word = rest.partition(":")
        if form == "text" and separator:
            return word if word in LITERAL_WORDS else None
        return KEYPAD_WORDS.get(rest)
    return plain if is_address(plain) else None
