"""The atomic operations: one Lua file each, named with its number of keys.

A file begins with its Input (every key, every argument) and its Output. `-- with: NAME` is replaced
by `parts/NAME.lua`, which several scripts share; `@NAME@` by that number of `ivr.store.keys`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from redis import Redis
from redis.exceptions import NoScriptError

from ivr.store import keys
from ivr.store.connection import wording

_PART = re.compile(r"^-- with: ([a-z_]+)$", re.MULTILINE)
_NUMBER = re.compile(r"@([A-Z_]+)@")


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
        self._redis: Any = redis
        self._keys = int(name.rpartition("-")[2])
        self._script = redis.register_script(_text(name))

    @property
    def sha(self) -> str:
        """The hash by which the server knows it, once it does."""
        return str(self._script.sha)

    def load(self) -> None:
        """Have the server know it. Raises StoreDown."""
        with wording(self._redis):
            self._redis.script_load(self._script.script)

    def __call__(self, keys: Sequence[str], args: Sequence[str | bytes | int | float]) -> Any:
        """Raises StoreDown."""
        assert len(keys) == self._keys
        with wording(self._redis):
            try:
                # What the library does as well, by a longer way.
                return self._redis.execute_command(
                    "EVALSHA", self._script.sha, len(keys), *keys, *args
                )
            except NoScriptError:
                return self._script(keys, args)


@lru_cache
def _text(name: str) -> str:
    text = files(__package__).joinpath(f"{name}.lua").read_text(encoding="utf-8")
    whole = _PART.sub(lambda part: _part(part[1]), text)
    return _NUMBER.sub(lambda number: str(getattr(keys, number[1])), whole)


def _part(name: str) -> str:
    return files(__package__).joinpath("parts", f"{name}.lua").read_text(encoding="utf-8")
