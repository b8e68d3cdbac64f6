"""The atomic operations: one Lua file each, named with its number of keys.

A file begins with its Input (every key, every argument) and its Output.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from importlib.resources import files
from typing import Any

from redis import Redis

from ivr.store.connection import wording


class Reply(IntEnum):
    """What a script says of how it went: the first, or the only, number that it returns."""

    DONE = 1
    NOTHING_NEW = 0
    """What was told had been told before, or is older than what is known."""
    LOST = -1
    """Somebody else has written since: took the turn, the record or the lead."""
    UNKNOWN = -2
    """There is no such thing."""


class Script:
    """One script, called by its hash; the server is sent its text when it does not know it."""

    def __init__(self, redis: Redis, name: str) -> None:
        """`name` is the file's, without `.lua`: `take_turn-6`."""
        self._redis = redis
        self._keys = int(name.rpartition("-")[2])
        text = files(__package__).joinpath(f"{name}.lua").read_text(encoding="utf-8")
        self._call = redis.register_script(text)

    def __call__(self, keys: Sequence[str], args: Sequence[str | bytes | int | float]) -> Any:
        """Raises StoreDown."""
        assert len(keys) == self._keys
        with wording(self._redis):
            return self._call(keys, args)
