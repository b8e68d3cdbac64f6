"""What must happen later: a record with the time when it is due, claimed before it is done.

A claim is a lease. A worker that dies leaves its records claimed until the lease runs out; then
they are due again. A record whose claims keep ending in nothing is given up, into the dead list.
Writing a fresh record (fresh_record) takes it from whoever has claimed it: `done` and `put_off` of
an old claim then change nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import msgspec
from redis import Redis

from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script

# Claims of a record in a row that ended in nothing: its worker was killed or broke off.
MOST_UNFINISHED = 5


class DueRecord(msgspec.Struct, frozen=True):
    """Something of `kind` to be done about `subject`."""

    kind: str
    subject: str
    attempts: int = 0
    """How often it was tried without success, for the back-off."""
    unfinished: int = 0
    """How many claims in a row, this one included, have not come to `done` or `put_off`."""
    claim: str = ""

    @property
    def id(self) -> str:
        return keys.due_id(self.kind, self.subject)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was due: the records that are now ours, and those given up just now."""

    records: tuple[DueRecord, ...]
    dead: tuple[DueRecord, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """How many records are due and not claimed, and when the next after them is."""

    due: int
    next: float | None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(DueRecord).decode


def fresh_record(kind: str, subject: str) -> bytes:
    """The JSON of a record that nobody has tried yet."""
    return _encode(DueRecord(kind, subject))


class DueStore:
    """The due records. Every method takes one round trip and raises StoreDown."""

    def __init__(
        self, redis: Redis, *, new_claim: Callable[[], str] = lambda: secrets.token_hex(8)
    ) -> None:
        self._redis = redis
        self._new_claim = new_claim
        self._claim = Script(redis, "claim_due-5")
        self._settle = Script(redis, "settle_due-3")

    def schedule(self, kind: str, subject: str, at: float) -> None:
        """Have something done at `at`, instead of what was scheduled of this kind and subject."""
        due_id = keys.due_id(kind, subject)
        with wording(self._redis), self._redis.pipeline() as both:
            both.zadd(keys.due(kind), {due_id: at})
            both.hset(keys.DUE_RECORDS, due_id, fresh_record(kind, subject))
            both.execute()

    def ensure(self, kind: str, subject: str, at: float) -> None:
        """Have something done at `at`, unless it is due at any time anyway."""
        due_id = keys.due_id(kind, subject)
        with wording(self._redis), self._redis.pipeline() as both:
            both.zadd(keys.due(kind), {due_id: at}, nx=True)
            both.hsetnx(keys.DUE_RECORDS, due_id, fresh_record(kind, subject).decode())
            both.execute()

    def next_due(self) -> float | None:
        """When the next record is due, or None when there is none."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as both:
            for key in (keys.DUE_URGENT, keys.DUE):
                both.zrange(key, 0, 0, withscores=True)
            found = cast("list[list[tuple[bytes, float]]]", both.execute())
        return min((first[0][1] for first in found if first), default=None)

    def agenda(self, now: float) -> Agenda:
        """What is due at `now`, and when something will be next."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as all_four:
            for key in (keys.DUE_URGENT, keys.DUE):
                all_four.zcount(key, "-inf", now)
                all_four.zrange(
                    key, f"({now}", "+inf", byscore=True, offset=0, num=1, withscores=True
                )
            urgent, next_urgent, other, next_other = all_four.execute()
        following = cast("list[tuple[bytes, float]]", [*next_urgent, *next_other])
        return Agenda(urgent + other, min((at for _, at in following), default=None))

    def claim(
        self,
        now: float,
        limit: int,
        lease_seconds: float,
        urgent_lease: float | None = None,
        *,
        most_unhurried: int = 1_000_000,
    ) -> Claimed:
        """Take up to `limit` records that are due at `now`, the longest overdue first; what is not
        urgent only when nothing urgent is due, and when there are fewer such claims than
        `most_unhurried`. `urgent_lease` is as long when left out."""
        lease = now + lease_seconds
        urgent = lease if urgent_lease is None else now + urgent_lease
        reply = self._claim(
            (
                keys.DUE_URGENT, keys.DUE, keys.DUE_RECORDS, keys.DUE_DEAD, keys.DUE_UNHURRIED,
            ),
            (
                now, limit, urgent, lease, self._new_claim(), MOST_UNFINISHED, keys.DEAD_KEPT,
                most_unhurried,
            ),
        )  # fmt: skip
        records, dead = reply
        return Claimed(tuple(map(_decode, records)), tuple(map(_decode, dead)))

    def done(self, record: DueRecord) -> bool:
        """Forget a claimed record; False when the claim is no longer ours."""
        return self._settled(record, "", "")

    def put_off(self, record: DueRecord, until: float, *, attempts: int = 0) -> bool:
        """Have a claimed record due again at `until`; False when the claim is no longer ours."""
        later = DueRecord(record.kind, record.subject, attempts)
        return self._settled(record, until, _encode(later))

    def broke_off(self, record: DueRecord) -> None:
        """Nobody does a claimed record any more; it stays claimed until its lease runs out."""
        with wording(self._redis):
            self._redis.zrem(keys.DUE_UNHURRIED, record.claim)

    def dead(self) -> tuple[DueRecord, ...]:
        """The records that were given up, the newest first."""
        with wording(self._redis):
            return tuple(map(_decode, self._redis.lrange(keys.DUE_DEAD, 0, -1)))

    def _settled(self, record: DueRecord, until: float | str, later: bytes | str) -> bool:
        names = (keys.due(record.kind), keys.DUE_RECORDS, keys.DUE_UNHURRIED)
        reply = self._settle(names, (record.id, record.claim, until, later))
        return bool(reply == Reply.DONE)
