"""PINs: what an agent keys in to say on the telephone that it is them.

Kept as a hash that takes a while to make, so that whoever sees the store cannot read them. They are
never logged.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Literal

from ivr.store.pins import PinStore

MOST_WRONG = 5
LOCKED_FOR = 900
"""Seconds after the last try."""
FEWEST_DIGITS, MOST_DIGITS = 4, 10

Judged = Literal["right", "wrong", "locked", "none"]

_PIN = re.compile(rf"[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}\Z")


class BadPin(ValueError):
    """What was given cannot be a PIN; says why, and not what was given."""


class Pins:
    """Sets and judges PINs. Every method raises StoreDown."""

    def __init__(self, store: PinStore) -> None:
        self._store = store

    def set(self, name: str, pin: str) -> int:
        """Give an agent a PIN; the number that they key in before it. Raises BadPin."""
        if not _PIN.match(pin):
            raise BadPin(f"A PIN has {FEWEST_DIGITS} to {MOST_DIGITS} digits.")
        if len(set(pin)) == 1 or pin in "01234567890" or pin in "09876543210":
            raise BadPin("A PIN of one digit only, or of digits in a row, is guessed at once.")
        salt = secrets.token_bytes(16)
        return self._store.write(name, salt.hex(), _hash(pin, salt).hex())

    def judge(self, name: str, pin: str) -> Judged:
        """Whether that is the agent's PIN. After MOST_WRONG wrong ones in a row none is right for
        a while."""
        stored = self._store.read(name)
        if stored is None:
            return "none"
        if self._store.count_try(name, LOCKED_FOR) > MOST_WRONG:
            return "locked"
        hashed = _hash(pin[:MOST_DIGITS], bytes.fromhex(stored.salt))
        if not hmac.compare_digest(hashed, bytes.fromhex(stored.hash)):
            return "wrong"
        self._store.forget_tries(name)
        return "right"

    def name_of(self, number: str) -> str | None:
        """Whose number that is."""
        return self._store.name_of(number) if number.isdecimal() and len(number) < 6 else None


def _hash(pin: str, salt: bytes) -> bytes:
    # 16 MiB and some 50 ms on a usual machine: nobody tries all PINs in a hurry.
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
