"""The outbox: every text that leaves us, from the change that wanted it to what became of it.

A text is written in the script of that change (`parts/texts.lua`), waits for a sender, then in the
queue of that sender, and is given to whoever claims it. `Stands` is all that changes of it; it is
written only as it was read (by `version`), with its event and with where it waits next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgspec
from redis import Redis

from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.due import fresh_record
from ivr.store.scripts import Reply, Script
from ivr.store.texts import (
    ENDS,
    Change,
    OutboxText,
    Stands,
    State,
    StoredText,
    TextStood,
    TextWanted,
    Waits,
    in_order,
    rank,
    stored,
    wanted,
)

ROUTE_TEXTS = "route_texts"
"""The kind of due record: new texts are to be given a sender each. Its subject is ALL."""
CHECK_TEXTS = "check_texts"
"""The carrier is to be asked for texts of which it has told nothing. Its subject is ALL."""
ALL = "all"

TAKEN_OVER_AFTER = 25.0
"""Seconds, longer than whoever gives senders, or sends, takes for some: whoever is killed keeps the
others waiting no longer."""

_encode = msgspec.json.Encoder().encode


class OutboxStore:
    """Every method takes one round trip unless it says otherwise, and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._put = Script(redis, "put_text-0")
        self._write = Script(redis, "write_text-0")
        self._rest = Script(redis, "rest_routing-0")

    def put(self, text: OutboxText, now: float) -> bool:
        """Have a text sent; False when one of this id is there already."""
        return bool(self._put((), (_encode(wanted(text)), now)))

    def read(self, text_id: str) -> StoredText | None:
        """One text; None when it is not known (any more)."""
        return next(iter(self.read_all((text_id,))), None)

    def read_all(self, ids: Iterable[str]) -> list[StoredText]:
        """Those of them that are known."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as all_of_them:
            for one in ids:
                all_of_them.hmget(keys.text(one), "text", "stands", "version")
            found = cast("list[list[bytes | None]]", all_of_them.execute())
        return [stored(fields) for fields in found if fields[0] is not None]

    def of(self, subject: str) -> tuple[StoredText, ...]:
        """The texts about a callback, or about or in a call, in the order in which they were
        wanted. Takes two round trips."""
        return self._under(keys.texts_of(subject))

    def to(self, number: str) -> tuple[StoredText, ...]:
        """The texts to a number (E.164), in the order in which they were wanted. Takes two round
        trips."""
        return self._under(keys.texts_to(number))

    def write(self, before: StoredText, change: Change, now: float) -> StoredText | None:
        """The text as it stands after a change; None, and nothing is written, when somebody else
        has written it since it was read."""
        text, stands, waits = before.text, change.stands, change.waits
        told = [
            TextStood(text.id, text.kind, text.subject, state, stands.code)
            for state in (change.told,)
            if state is not None
        ]
        written: dict[str, Any] = {
            "id": text.id,
            "version": before.version,
            "stands": _encode(stands).decode(),
            "to": text.to,
            "call": text.call,
            "out_of": before.stands.sender,
            "waits": waits.where,
            "sender": stands.sender,
            "at": waits.at,
            "by_voice": stands.by_voice,
            "arrived": stands.state == "delivered",
            "events": _encode(told).decode() if told else "",
        }
        if change.check_at is not None:
            written["check_at"] = change.check_at
        reply = self._write((), (_encode(written), now))
        return StoredText(text, stands, before.version + 1) if reply == Reply.DONE else None

    def new(self, most: int, now: float) -> list[str]:
        """Those that wait for a sender, the most urgent first. Somebody else sees to them when
        whoever does now is killed."""
        due_id = keys.due_id(ROUTE_TEXTS, ALL)
        with wording(self._redis), self._redis.pipeline() as together:
            together.zadd(keys.DUE, {due_id: now + TAKEN_OVER_AFTER})
            together.hset(keys.DUE_RECORDS, due_id, fresh_record(ROUTE_TEXTS, ALL))
            together.zrange(keys.TEXTS_NEW, 0, most - 1)
            found = cast("list[bytes]", together.execute()[2])
        return [one.decode() for one in found]

    def rest_routing(self, now: float) -> None:
        """Give no more of them a sender; what is left is seen to at once, by somebody."""
        self._rest((), (now,))

    def forget_new(self, text_id: str) -> None:
        """Take out one that is not known any more."""
        with wording(self._redis):
            self._redis.zrem(keys.TEXTS_NEW, text_id)

    def to_check(self, now: float, most: int) -> list[str]:
        """Those of which the carrier is to be asked by now."""
        with wording(self._redis):
            found = self._redis.zrange(
                keys.TEXTS_CHECKS, cast("Any", "-inf"), cast("Any", now), byscore=True,
                offset=0, num=most,
            )  # fmt: skip
        return [one.decode() for one in cast("list[bytes]", found)]

    def next_check(self) -> float | None:
        """When the carrier is to be asked for one."""
        with wording(self._redis):
            first = self._redis.zrange(keys.TEXTS_CHECKS, 0, 0, withscores=True)
        return cast("list[tuple[bytes, float]]", first)[0][1] if first else None

    def forget_check(self, text_id: str) -> None:
        """Take out one that is not known any more."""
        with wording(self._redis):
            self._redis.zrem(keys.TEXTS_CHECKS, text_id)

    def latest(self, most: int) -> list[StoredText]:
        """The texts that were wanted last, the newest first. Takes two round trips."""
        with wording(self._redis):
            found = cast("list[bytes]", self._redis.zrevrange(keys.OUTBOX, 0, most - 1))
        return self.read_all(one.decode() for one in found)

    def untold(self, number: str) -> tuple[StoredText, ...]:
        """The texts to a number that have not arrived, and whose news is to be told by voice, in
        the order in which they were wanted. Takes two round trips."""
        return self._under(keys.texts_untold(number))

    def told_by_voice(self, number: str, ids: Iterable[str]) -> None:
        """The person of the number has heard the news of these texts."""
        gone = list(ids)
        if gone:
            with wording(self._redis):
                self._redis.zrem(keys.texts_untold(number), *gone)

    def _under(self, key: str) -> tuple[StoredText, ...]:
        with wording(self._redis):
            ids = cast("list[bytes]", self._redis.zrange(key, 0, -1))
        found = self.read_all(one.decode() for one in ids)
        return tuple(sorted(found, key=in_order))


__all__ = [
    "ALL", "CHECK_TEXTS", "ENDS", "ROUTE_TEXTS", "Change", "OutboxStore", "OutboxText", "Stands",
    "State", "StoredText", "TextStood", "TextWanted", "Waits", "rank", "wanted",
]  # fmt: skip
