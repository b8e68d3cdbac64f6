"""Where mail about a callback goes: kept with the callback only, and forgotten with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.promises.consent import How
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script


class MailTo(Struct, frozen=True, omit_defaults=True):
    """An address, when it was given (seconds since 1970), and how."""

    address: str
    at: float
    how: How


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(MailTo).decode


def as_stored(given: MailTo) -> bytes:
    """As `CallbackStore.promise` takes it."""
    return _encode(given)


class MailStore:
    """Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._give = Script(redis, "give_mail-0")

    def read(self, callback: str) -> MailTo | None:
        """None where they gave no address, or want no mail (any more)."""
        return self.read_all((callback,))[0]

    def read_all(self, callbacks: Sequence[str]) -> list[MailTo | None]:
        """The same of several, in their order."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            for one in callbacks:
                together.hget(keys.callback(one), "mail")
            found = cast("list[bytes | None]", together.execute())
        return [None if raw is None else _decode(raw) for raw in found]

    def give(self, callback: str, given: MailTo) -> bool:
        """Mail goes there from now on; False where there is no such callback."""
        return bool(self._give((), (callback, _encode(given))) == Reply.DONE)

    def forget(self, callback: str, address: str = "") -> None:
        """No more mail about this callback. `address`: only if it is still that one."""
        self._give((), (callback, "", address))
