"""Identifiers as Twilio writes them: two letters and 32 hexadecimal digits."""

import hashlib
import re
import uuid

SID = re.compile(r"^[A-Z]{2}[0-9a-f]{32}$")


def new_sid(prefix: str) -> str:
    """A fresh identifier, e.g. ``new_sid("CA")`` for a call."""
    return prefix + uuid.uuid4().hex


def is_sid(text: str, prefix: str) -> bool:
    """Whether `text` is a well-formed identifier of that kind."""
    return text.startswith(prefix) and SID.match(text) is not None


def sid_for(prefix: str, *names: str) -> str:
    """The same identifier for the same names every time, e.g. of a number of an account."""
    return prefix + hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]
