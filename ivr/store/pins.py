"""Who says on the telephone that they are an agent: numbers, hashed PINs and wrong tries."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.store import keys
from ivr.store.connection import wording

FIRST_NUMBER = 11
"""Agent numbers are two digits as long as they last."""


class StoredPin(Struct, frozen=True):
    """A PIN that nobody can read: hexadecimal salt and hash, and the agent's number."""

    number: int
    salt: str
    hash: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(StoredPin).decode


class PinStore:
    """Every method raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def read(self, name: str) -> StoredPin | None:
        """The agent's PIN; None when they have none."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.hget(keys.PINS, name))
        return None if found is None else _decode(found)

    def name_of(self, number: str) -> str | None:
        """Whose number that is."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.hget(keys.PIN_NUMBERS, number))
        return None if found is None else found.decode()

    def write(self, name: str, salt: str, hashed: str) -> int:
        """Set an agent's PIN, and forget wrong tries; the agent's number, which stays the same."""
        with wording(self._redis):
            before = self.read(name)
            number = before.number if before is not None else FIRST_NUMBER
            while before is None and not self._redis.hsetnx(keys.PIN_NUMBERS, str(number), name):
                number += 1
            self._redis.hset(keys.PINS, name, _encode(StoredPin(number, salt, hashed)))
        self.forget_tries(name)
        return number

    def count_try(self, name: str, lasts: int) -> int:
        """Count a try before it is judged, so that many at once are not judged too; how many there
        have been. They are forgotten `lasts` seconds after the last."""
        with wording(self._redis), self._redis.pipeline() as both:
            both.incr(keys.pin_tries(name))
            both.expire(keys.pin_tries(name), lasts)
            return int(both.execute()[0])

    def forget_tries(self, name: str) -> None:
        with wording(self._redis):
            self._redis.delete(keys.pin_tries(name))
