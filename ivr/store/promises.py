"""What was promised and what came of it: an account for each person in the line, callback or text.

Whoever follows the events reads what was known and the events after, and writes all that follows
from them in one step, which is refused when somebody else has written meanwhile: a crash repeats
nothing and loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.promises.account import Account, Kind, Outcome, Promise
from ivr.promises.figures import Day, Share, Waited
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.due import fresh_record
from ivr.store.estimates import in_order
from ivr.store.scripts import Reply, Script

FOLLOW_PROMISES = "follow_promises"
"""The kind of due record; its subject is always EVENTS."""
EVENTS = "events"
APOLOGISE = "apologise"
"""The kind of due record: a text with an apology is to be written. Its subject is a callback."""

DEAD_AFTER = 15.0
"""Seconds without anything written, after which whoever follows counts as dead: an apology has two
minutes from the break on, and a due record's lease is as long."""


class Followed(Struct, frozen=True):
    """How far the events were followed."""

    version: int = 0
    """How often it was written."""
    last: str = "0"
    """The id of the last event."""
    gap_ends: str = ""
    """Events after the last one are gone: the stream begins with this id."""


class Gap(Struct, frozen=True):
    """Events between these two times (seconds since 1970) were trimmed before they were read: what
    they would have ended was ended by the clock."""

    after: float
    before: float


class ToldByVoice(Struct, frozen=True, tag="Apologised"):
    """The person has heard an apology."""

    subject: str


class TimeTold(Struct, frozen=True, tag=True):
    """The person was told that their turn comes by `until` (seconds since 1970), otherwise than in
    the rounds of the line."""

    subject: str
    queue: str
    until: float


@dataclass
class Changes:
    """All that follows from some events. Days are local ones, by the time of the promise, and of
    the first ring."""

    accounts: dict[str, Account] = field(default_factory=dict)
    shares: dict[Day, Share] = field(default_factory=dict)
    """How many promises more were kept, broken and withdrawn."""
    waits: dict[tuple[date, str], Waited | None] = field(default_factory=dict)
    """None where the person is not counted there (any more)."""
    broken: set[tuple[date, str]] = field(default_factory=set)
    owed: dict[str, Promise | None] = field(default_factory=dict)
    apologise: set[str] = field(default_factory=set)


_encode = msgspec.json.Encoder().encode
_decode_account = msgspec.json.Decoder(Account).decode
_decode_promise = msgspec.json.Decoder(Promise).decode
_decode_waited = msgspec.json.Decoder(Waited).decode
_ENDS: tuple[Outcome, ...] = ("kept", "broken", "withdrawn")


class PromiseStore:
    """Every method takes one round trip unless it says otherwise, and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._write = Script(redis, "write_promises-1")
        self._tell = Script(redis, "tell_apology-2")
        self._ensure = Script(redis, "ensure_estimates-3")

    # -- Following

    def followed(self) -> Followed:
        """How far the events were followed."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            together.hmget(keys.PROMISES, "version", "last")
            together.xrange(keys.EVENTS, count=1)
            (version, last), oldest = together.execute()
        if version is None or last is None:
            return Followed()
        known = last.decode()
        begins = oldest[0][0].decode() if oldest else ""
        is_gap = known != "0" and begins != "" and in_order(begins) > in_order(known)
        return Followed(int(version), known, begins if is_gap else "")

    def accounts(self, subjects: Iterable[str]) -> dict[str, Account]:
        """Theirs; an empty one for whoever has none (any more)."""
        names = list(subjects)
        if not names:
            return {}
        with wording(self._redis):
            found = cast(
                "list[bytes | None]",
                self._redis.mget([keys.promise_account(name) for name in names]),
            )
        return {
            name: Account(name) if one is None else _decode_account(one)
            for name, one in zip(names, found, strict=True)
        }

    def overdue(self, now: float, most: int) -> list[str]:
        """Accounts to which the clock must come by, those for the longest time first."""
        with wording(self._redis):
            found = self._redis.zrange(
                keys.PROMISES_DUE, "-inf", cast("Any", f"({now!r}"), byscore=True, offset=0,
                num=most,
            )  # fmt: skip
        return [name.decode() for name in cast("list[bytes]", found)]

    def open_subjects(self) -> list[str]:
        """All accounts with an open promise, by when the clock must come by."""
        with wording(self._redis):
            found = cast("list[bytes]", self._redis.zrange(keys.PROMISES_DUE, 0, -1))
        return [name.decode() for name in found]

    def write(self, read: Followed, changes: Changes, last: str, now: float) -> bool:
        """Write what follows from the events up to `last`; False when somebody else has written
        since `read` was read, and nothing is changed."""
        change = {
            "accounts": [
                (
                    name,
                    _encode(one).decode(),
                    "" if one.due is None else repr(one.due),
                    _lifetime(one),
                )
                for name, one in changes.accounts.items()
            ],
            "counts": [
                (day.isoformat(), f"{kind} {outcome} {queue}", str(count))
                for (kind, queue, day), share in changes.shares.items()
                for outcome in _ENDS
                if (count := getattr(share, outcome))
            ],
            "waits": [
                (day.isoformat(), name, "" if one is None else _encode(one).decode())
                for (day, name), one in changes.waits.items()
            ],
            "broken": [(day.isoformat(), name) for day, name in sorted(changes.broken)],
            "owed": [
                (name, "" if one is None else _encode(one).decode())
                for name, one in changes.owed.items()
            ],
            "apologise": sorted(changes.apologise),
            "lost": [read.last, read.gap_ends] if read.gap_ends else [],
        }
        reply = self._write((keys.PROMISES,), (read.version, last, repr(now), _encode(change)))
        return bool(reply == Reply.DONE)

    def ensure_due(self, now: float) -> bool:
        """Have the events followed from now on, unless that is due anyway; False where it is.

        Whoever claimed it and has written nothing for DEAD_AFTER seconds counts as dead.
        """
        reply = self._ensure(
            (keys.DUE, keys.DUE_RECORDS, keys.PROMISES),
            (
                keys.due_id(FOLLOW_PROMISES, EVENTS), fresh_record(FOLLOW_PROMISES, EVENTS), now,
                DEAD_AFTER,
            ),
        )  # fmt: skip
        return bool(reply == Reply.DONE)

    # -- Telling

    def owed(self, subject: str) -> Promise | None:
        """The broken promise for which somebody is to hear an apology, when they are rung or ring.

        Whoever says it tells so by `apologised`.
        """
        with wording(self._redis):
            found = cast("bytes | None", self._redis.get(keys.apologise(subject)))
        return None if found is None else _decode_promise(found)

    def apologised(self, subject: str, now: float) -> bool:
        """They hear the apology that was owed to them; False where none is (any more)."""
        events = _encode([ToldByVoice(subject)])
        reply = self._tell((keys.apologise(subject), keys.EVENTS), (now, keys.EVENTS_KEPT, events))
        return bool(reply == Reply.DONE)

    def told(self, subject: str, queue: str, until: float, now: float) -> None:
        """They were told, by whatever means, that their turn comes by `until`."""
        with wording(self._redis):
            self._redis.xadd(
                keys.EVENTS,
                {"at": now, "call": "", "events": _encode([TimeTold(subject, queue, until)])},
                maxlen=keys.EVENTS_KEPT,
            )

    # -- Figures

    def shares(self, day: date) -> dict[tuple[Kind, str], Share]:
        """By kind and queue, of the promises whose time was that day; those that are open are not
        counted here."""
        with wording(self._redis):
            found = cast(
                "Mapping[bytes, bytes]", self._redis.hgetall(keys.promises_kept(day.isoformat()))
            )
        shares: dict[tuple[Kind, str], Share] = {}
        for name, count in found.items():
            kind, outcome, queue = name.decode().split(" ", 2)
            key = cast("Kind", kind), queue
            shares[key] = shares.get(key, Share()) + Share(**{outcome: int(count)})
        return shares

    def waits(self, day: date) -> list[Waited]:
        """What came of those who first rang that day; nothing for days that are long past."""
        with wording(self._redis):
            found = cast("list[bytes]", self._redis.hvals(keys.promises_waits(day.isoformat())))
        return [_decode_waited(one) for one in found]

    def broken_subjects(self, day: date) -> list[str]:
        """Accounts with a broken promise whose time was that day, while they are known."""
        with wording(self._redis):
            found = cast("set[bytes]", self._redis.smembers(keys.promises_broken(day.isoformat())))
        return sorted(name.decode() for name in found)

    def gap(self) -> Gap | None:
        """The last time for which events are missing; None where there has been none."""
        with wording(self._redis):
            found = cast(
                "list[bytes | None]", self._redis.hmget(keys.PROMISES, "lost_after", "lost_before")
            )
        if found[0] is None or found[1] is None:
            return None
        after, before = (in_order(one.decode())[0] / 1000 for one in cast("list[bytes]", found))
        return Gap(after, before)


def _lifetime(account: Account) -> int:
    broken = any(promise.outcome == "broken" for promise in account.promises)
    return keys.ACCOUNT_LIFETIME if broken else keys.SETTLED_LIFETIME
