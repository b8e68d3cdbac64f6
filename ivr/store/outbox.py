"""The outbox: every text that leaves us, from the change that wanted it to what became of it.

A text is written in the script of that change (`parts/texts.lua`), waits for a sender, then in the
queue of that sender, and is given to whoever claims it. `Stands` is all that changes of it; it is
written only as it was read (by `version`), with its event and with where it waits next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.promises.delivery import Delivery
from ivr.promises.events import TextState
from ivr.promises.outbox_rules import SentKind, kind_rule
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script

ROUTE_TEXTS = "route_texts"
"""The kind of due record: new texts are to be given a sender each. Its subject is ALL."""
CHECK_TEXTS = "check_texts"
"""The carrier is to be asked for texts of which it has told nothing. Its subject is ALL."""
ALL = "all"

State = Literal["wanted", "sending", "sent", "delivered", "failed", "dropped", "opted_out"]
"""`sending` is written before the carrier is asked: found again, its outcome is not known. `sent`:
the carrier has it. The others are ends."""
ENDS: frozenset[State] = frozenset({"delivered", "failed", "dropped", "opted_out"})

_URGENCY_WEIGHS = 1e11
"""More than any time: of two texts the more urgent goes first, whenever it was wanted."""


class OutboxText(Struct, frozen=True, omit_defaults=True):
    """A text that is to be sent. Times are seconds since 1970; `to` is a number (E.164).

    `id` is made from what caused it, so that a change that is made again wants it once.
    """

    id: str
    to: str
    kind: SentKind
    language: str
    text: str
    shown: str
    """What may be shown of it, where something in it is private."""
    wanted_at: float
    useful_until: float
    """When it is dropped instead."""
    subject: str
    """The callback or the call that it is about."""
    queue: str = ""
    call: str = ""
    answer: bool = False
    """It is of no use from a sender that cannot be answered."""
    promised_by: float | None = None
    """The person was told that it comes, until then."""
    tells: tuple[float, float] | None = None
    """The time that it tells them, from when until when."""


class Stands(Struct, frozen=True, omit_defaults=True):
    """How a text stands. `since` is when its state began."""

    state: State = "wanted"
    since: float = 0.0
    sender: str = ""
    """From whom it goes, or went last."""
    tries: int = 0
    told_as: str = ""
    """The carrier's id of it, once it has it."""
    before: tuple[str, ...] = ()
    """The carrier's ids of earlier tries, which failed."""
    tried: tuple[str, ...] = ()
    """Senders that could not send it."""
    delivery: Delivery = Delivery()
    """What the carrier has told of the last try."""
    code: int | None = None
    """The carrier's error, and `reason` why it stands so, in words."""
    reason: str = ""
    by_voice: bool = False
    """It has not arrived: the person is to be told by voice."""
    checked: int = 0
    """How often the carrier was asked for it, where it told nothing."""


class StoredText(Struct, frozen=True):
    text: OutboxText
    stands: Stands
    version: int

    @property
    def id(self) -> str:
        return self.text.id

    @property
    def state(self) -> State:
        return self.stands.state


class Waits(Struct, frozen=True):
    """Where a text waits next: for a sender, in the queue of its sender, or there until `at`."""

    where: Literal["", "new", "queue", "later"] = ""
    at: float = 0.0


class Change(Struct, frozen=True):
    """What is written of a text at once; `told` is its event. `check_at`: when the carrier is asked
    for it, if it has told nothing before."""

    stands: Stands
    waits: Waits = Waits()
    told: TextState | None = None
    check_at: float | None = None


class TextWanted(Struct, frozen=True, tag=True, omit_defaults=True):
    """What is told when a text is written; `promised_by` where the person was told of it."""

    text: str
    kind: SentKind
    subject: str
    queue: str = ""
    promised_by: float | None = None


class TextStood(Struct, frozen=True, tag=True, omit_defaults=True):
    """What is told whenever it is known to have come further, or to come no more."""

    text: str
    kind: SentKind
    subject: str
    state: TextState
    code: int | None = None


_encode = msgspec.json.Encoder().encode
_decode_text = msgspec.json.Decoder(OutboxText).decode
_decode_stands = msgspec.json.Decoder(Stands).decode


class OutboxStore:
    """Every method takes one round trip unless it says otherwise, and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._put = Script(redis, "put_text-0")
        self._write = Script(redis, "write_text-0")

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
        return [_stored(fields) for fields in found if fields[0] is not None]

    def of(self, subject: str) -> tuple[StoredText, ...]:
        """The texts about a callback, or about or in a call, in the order in which they were
        wanted. Takes two round trips."""
        return self._under(keys.texts_of(subject))

    def to(self, number: str) -> tuple[StoredText, ...]:
        """The texts to a number (E.164), in the order in which they were wanted. Takes two round
        trips."""
        return self._under(keys.texts_to(number))

    def write(self, stored: StoredText, change: Change, now: float) -> StoredText | None:
        """The text as it stands after a change; None, and nothing is written, when somebody else
        has written it since it was read."""
        text, stands, waits = stored.text, change.stands, change.waits
        told = [
            TextStood(text.id, text.kind, text.subject, state, stands.code)
            for state in (change.told,)
            if state is not None
        ]
        written: dict[str, Any] = {
            "id": text.id,
            "version": stored.version,
            "stands": _encode(stands).decode(),
            "to": text.to,
            "call": text.call,
            "out_of": stored.stands.sender,
            "waits": waits.where,
            "sender": stands.sender,
            "at": waits.at,
            "by_voice": stands.by_voice,
            "events": _encode(told).decode() if told else "",
        }
        if change.check_at is not None:
            written["check_at"] = change.check_at
        reply = self._write((), (_encode(written), now))
        return StoredText(text, stands, stored.version + 1) if reply == Reply.DONE else None

    def new(self, most: int) -> list[str]:
        """Those that wait for a sender, the most urgent first."""
        return self._ids(keys.TEXTS_NEW, most)

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

    def _ids(self, key: str, most: int) -> list[str]:
        with wording(self._redis):
            return [
                one.decode() for one in cast("list[bytes]", self._redis.zrange(key, 0, most - 1))
            ]

    def _under(self, key: str) -> tuple[StoredText, ...]:
        with wording(self._redis):
            ids = cast("list[bytes]", self._redis.zrange(key, 0, -1))
        found = self.read_all(one.decode() for one in ids)
        return tuple(sorted(found, key=lambda one: (one.text.wanted_at, _natural(one.id))))


def wanted(text: OutboxText) -> dict[str, Any]:
    """The text as `want_text` of `parts/texts.lua` takes it."""
    told = TextWanted(text.id, text.kind, text.subject, text.queue, text.promised_by)
    return {
        "id": text.id,
        "to": text.to,
        "text": _encode(text).decode(),
        "stands": _encode(Stands(since=text.wanted_at)).decode(),
        "events": _encode([told]).decode(),
        "rank": rank(text),
        "at": text.wanted_at,
        "of": sorted({text.subject, text.call} - {""}),
        "call": text.call,
    }


def rank(text: OutboxText) -> float:
    """Of several texts that wait for a sender the lowest goes first."""
    return kind_rule(text.kind).urgency * _URGENCY_WEIGHS + text.wanted_at


def _stored(fields: list[bytes | None]) -> StoredText:
    text, stands, version = cast("list[bytes]", fields)
    return StoredText(_decode_text(text), _decode_stands(stands), int(version))


def _natural(text_id: str) -> tuple[int, str]:
    """So that the tenth text of a turn comes after its ninth."""
    return len(text_id), text_id
