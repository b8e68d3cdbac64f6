"""What people allow us: texts, and calls. By number, with when, how and by whom it was said."""

from __future__ import annotations

from collections.abc import Container
from typing import cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.callbacks.record import Actor
from ivr.promises.consent import Consent, Given, Stopped, noted
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.durability import Disk
from ivr.store.scripts import Reply, Script


class CallsWish(Struct, frozen=True, omit_defaults=True):
    """Whether a number may be rung, as it was said last. `by`: whoever wrote it down, who may be
    the person; `at` in seconds since 1970."""

    refused: bool
    at: float
    by: Actor
    why: str = ""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Consent).decode
_decode_wish = msgspec.json.Decoder(CallsWish).decode


class ConsentStore:
    """Numbers in E.164. Every method takes one round trip unless it says otherwise, and raises
    StoreDown; what changes something returns when it is on disk."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._swap = Script(redis, "note_consent-0")
        self._wish = Script(redis, "note_calls_wish-0")
        self.disk = Disk(redis)

    def read(self, number: str) -> Consent:
        """What is known of a number; an empty consent where nothing is."""
        return _consent(self._raw(number))

    def read_all(self, numbers: tuple[str, ...]) -> list[Consent]:
        """The same of many, in their order."""
        if not numbers:
            return []
        with wording(self._redis):
            found = cast("list[bytes | None]", self._redis.hmget(keys.CONSENTS, list(numbers)))
        return [_consent(one) for one in found]

    def note(self, number: str, event: Given | Stopped, *, on_disk: bool = True) -> Consent:
        """Write down what was said, and return what holds now. Takes two round trips.

        What is older than what was said before, or says the same again, changes nothing.
        """
        while True:
            before = self._raw(number)
            known = _consent(before)
            after = noted(known, event)
            if after == known:
                return known
            args: list[str | bytes | int | float] = [number, before or b"", _encode(after)]
            reply = self.disk.write(self._swap, args) if on_disk else self._swap((), args)
            if reply == Reply.DONE:
                return after

    def may_ring(self, number: str) -> bool:
        """Whether nobody has said that this number is not to be rung."""
        wish = self.calls_wish(number)
        return wish is None or not wish.refused

    def calls_wish(self, number: str) -> CallsWish | None:
        """What was said last of calls to the number; None where nothing was."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.hget(keys.CALLS_WISHES, number))
        return None if found is None else _decode_wish(found)

    def note_calls_wish(
        self,
        number: str,
        by: Actor,
        now: float,
        *,
        refused: bool,
        why: str = "",
        on_disk: bool = True,
    ) -> CallsWish:
        """Write down that the number is not to be rung, or (again) may be; what holds now."""
        wish = CallsWish(refused, now, by, why)
        args: list[str | bytes | int | float] = [number, now, _encode(wish)]
        raw = self.disk.write(self._wish, args) if on_disk else self._wish((), args)
        return _decode_wish(raw)

    def refused_calls(self) -> dict[str, CallsWish]:
        """All the numbers that are not to be rung."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.CALLS_WISHES))
        wishes = {number.decode(): _decode_wish(wish) for number, wish in found.items()}
        return {number: wish for number, wish in wishes.items() if wish.refused}

    @property
    def opted_out(self) -> Container[str]:
        """The numbers that are not to be rung, for `ivr.callbacks.reachable`: a round trip each
        time that one is looked for."""
        return _OptedOut(self)

    def _raw(self, number: str) -> bytes | None:
        with wording(self._redis):
            return cast("bytes | None", self._redis.hget(keys.CONSENTS, number))


class _OptedOut:
    def __init__(self, store: ConsentStore) -> None:
        self._store = store

    def __contains__(self, number: object) -> bool:
        return isinstance(number, str) and not self._store.may_ring(number)


def _consent(found: bytes | None) -> Consent:
    return Consent() if found is None else _decode(found)


__all__ = ["CallsWish", "Consent", "ConsentStore", "Given", "Stopped"]
