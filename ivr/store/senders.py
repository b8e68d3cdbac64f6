"""The senders of texts: what each sends next and how fast, which are stopped, whom none reaches."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.promises.outbox_rules import ErrorClass
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.due import fresh_record
from ivr.store.outbox import TAKEN_OVER_AFTER
from ivr.store.scripts import Script

SEND_TEXTS = "send_texts"
"""The kind of due record: its subject, a sender, has texts to send."""
EVERY = "*"
"""Stands for all senders, where the account is stopped."""

COMES_AGAIN = 60.0
"""Seconds after which a text of unknown outcome is surely among the carrier's, if it ever will be:
one that was taken, and of which nothing was written since, is looked for then."""
AT_ONCE = 0.1
"""Seconds of a sender's rate that may go together."""


class Stop(Struct, frozen=True):
    """Why nothing is sent by a sender (or by any, `*`) until somebody has looked."""

    sender: str
    at: float
    code: int | None
    meaning: str


class Unreachable(Struct, frozen=True):
    """Why texts do not reach a number."""

    at: float
    error: ErrorClass
    meaning: str


class Waiting(Struct, frozen=True):
    """How many texts a sender has to send now, and later (or looks for)."""

    sender: str
    now: int
    later: int


_encode = msgspec.json.Encoder().encode
_decode_stop = msgspec.json.Decoder(Stop).decode
_decode_unreachable = msgspec.json.Decoder(Unreachable).decode


class SenderStore:
    """A sender is a number, the SID of a service, or a name. Every method takes one round trip
    unless it says otherwise, and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._claim = Script(redis, "claim_texts-0")
        self._reroute = Script(redis, "reroute_texts-0")

    def claim(self, sender: str, now: float, most: int, rate: float) -> list[str]:
        """The ids of what it sends next, at most as many as its rate (texts a second; 0: as fast as
        may be) allows. They are ours for COMES_AGAIN.

        Whatever is not, is seen to when it is time: by a due record, written here.
        """
        found = self._claim(
            (), (sender, now, most, rate, COMES_AGAIN, TAKEN_OVER_AFTER, AT_ONCE)
        )  # fmt: skip
        return [one.decode() for one in found]

    def rest(self, sender: str, now: float, rate: float) -> None:
        """Claim nothing more; the others are seen to when it is time."""
        self.claim(sender, now, 0, rate)

    def rest_until(self, sender: str, at: float) -> None:
        """Nothing is seen to before then, unless there is something new."""
        with wording(self._redis), self._redis.pipeline() as both:
            both.zadd(keys.DUE, {keys.due_id(SEND_TEXTS, sender): at})
            both.hset(
                keys.DUE_RECORDS, keys.due_id(SEND_TEXTS, sender), fresh_record(SEND_TEXTS, sender)
            )
            both.execute()

    def due(self, sender: str, now: float) -> list[str]:
        """The ids of all that is to be seen to by now, whether or not it sends anything."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as both:
            both.zrange(keys.text_queue(sender), 0, -1)
            both.zrange(
                keys.texts_later(sender), cast("Any", "-inf"), cast("Any", now), byscore=True
            )
            queued, later = cast("list[list[bytes]]", both.execute())
        return [one.decode() for one in (*queued, *later)]

    def forget(self, sender: str, text_id: str) -> None:
        """Take out a text that is not known any more."""
        with wording(self._redis), self._redis.pipeline() as both:
            both.zrem(keys.text_queue(sender), text_id)
            both.zrem(keys.texts_later(sender), text_id)
            both.execute()

    def hold_off(self, sender: str, until: float) -> None:
        """It sends nothing before then: the carrier has too much to do."""
        with wording(self._redis), self._redis.pipeline() as both:
            both.hset(keys.text_pace(sender), "hold", f"{until:.6f}")
            both.expire(keys.text_pace(sender), 3600)
            both.execute()

    def stopped(self) -> dict[str, Stop]:
        """Which are stopped, and why."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.TEXT_SENDERS_STOPPED))
        return {name.decode(): _decode_stop(stop) for name, stop in found.items()}

    def stop(self, stop: Stop) -> bool:
        """Nothing more is sent by it; False when it was stopped already."""
        with wording(self._redis):
            return bool(
                self._redis.hsetnx(keys.TEXT_SENDERS_STOPPED, stop.sender, _encode(stop).decode())
            )

    def resume(self, sender: str, now: float) -> bool:
        """It sends again; False when it was not stopped. Takes a round trip for each sender."""
        with wording(self._redis):
            if not self._redis.hdel(keys.TEXT_SENDERS_STOPPED, sender):
                return False
        for one in self.known():
            self.reroute(one, now)
            with wording(self._redis):
                self._redis.hdel(keys.text_pace(one), "hold")
            self.rest_until(one, now)
        return True

    def reroute(self, sender: str, now: float) -> int:
        """What waits in its queue is given a sender anew; how many texts."""
        return int(self._reroute((), (sender, now)))

    def known(self) -> list[str]:
        """Every sender that texts have waited for."""
        with wording(self._redis):
            return sorted(
                one.decode() for one in cast("set[bytes]", self._redis.smembers(keys.TEXT_SENDERS))
            )

    def waiting(self) -> list[Waiting]:
        """What every known sender has to send. Takes two round trips."""
        names = self.known()
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            for name in names:
                together.zcard(keys.text_queue(name))
                together.zcard(keys.texts_later(name))
            counts = cast("list[int]", together.execute())
        return [
            Waiting(name, counts[2 * place], counts[2 * place + 1])
            for place, name in enumerate(names)
        ]

    def note_unreachable(self, number: str, why: Unreachable) -> None:
        """Texts do not reach this number (E.164)."""
        with wording(self._redis):
            self._redis.set(keys.unreachable(number), _encode(why), ex=keys.UNREACHABLE_LIFETIME)

    def unreachable(self, number: str) -> Unreachable | None:
        """Why texts do not reach a number; None as long as nobody knows that they do not."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.get(keys.unreachable(number)))
        return None if found is None else _decode_unreachable(found)
