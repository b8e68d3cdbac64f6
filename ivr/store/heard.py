"""What those who are to be rung back were told last of when their turn comes.

It follows from the texts about them in the outbox, and is kept so that whoever looks through all
of them need not read those. It is written only as it was read, with the text that tells it: of
two who look at the same moment one tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import floor
from typing import Any, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.promises.updates import Heard, Words
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.outbox import OutboxStore, OutboxText, StoredText, wanted
from ivr.store.scripts import Script

UPDATES = frozenset({"update_first", "update_worse", "update_better"})
"""Kinds of texts that are counted as updates."""
AGAIN_AFTER = 60.0
"""Seconds after which it must be known whether a text was sent, or a new time told."""
NEVER_CAME = frozenset({"failed", "dropped", "opted_out"})


class Known(Struct, frozen=True, array_like=True):
    """What somebody heard, and when the outbox has to be looked at for it again (`check_at`), in
    seconds since 1970."""

    begins: int | None
    ends: int | None
    soon: bool
    at: float
    updates: int
    check_at: float | None = None
    asleep: float = 0.0
    """Until then they are not thought of, because they may not be told anything."""

    def heard(self, place: str) -> Heard:
        told = self.begins is not None and self.ends is not None
        words = Words(self.begins or 0, self.ends or 0, self.soon) if told else None
        return Heard(place, words, self.at, self.updates)


class Telling(Struct, frozen=True):
    """Somebody at `place` is told something: `after` takes the place of `before` (None: nothing
    was known), if that is still there, and the text is written with it."""

    place: str
    before: bytes | None
    after: Known
    text: OutboxText | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Known).decode


class HeardStore:
    """Every method takes one round trip unless it says otherwise, and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._outbox = OutboxStore(redis)
        self._tell = Script(redis, "tell_waits-0")

    def read(self, place: str, since: float, now: float) -> Heard:
        """What somebody heard who was promised a call at `since`. Takes up to three round trips."""
        with wording(self._redis):
            found = cast("bytes | None", self._redis.hget(keys.HEARD, place))
        if found is not None:
            return _decode(found).heard(place)
        return known_from(self.texts_about((place,))[place], since, now).heard(place)

    def callbacks_in_line(self, queues: Sequence[str]) -> set[str]:
        """The callbacks that stand in these lines, or whose window has begun."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as together:
            for queue in queues:
                together.zrange(keys.callback_places(queue), 0, -1)
                together.zrange(keys.callback_windows(queue), 0, -1)
            found = together.execute()
        return {one.decode() for names in found for one in names}

    def all(self) -> dict[str, tuple[bytes, Known]]:
        """All that is known, by place, and as it is written."""
        with wording(self._redis):
            found = cast("Mapping[bytes, bytes]", self._redis.hgetall(keys.HEARD))
        return {place.decode(): (raw, _decode(raw)) for place, raw in found.items()}

    def forget(self, places: Iterable[str]) -> None:
        """Of these nothing need be known any more."""
        names = list(places)
        if names:
            with wording(self._redis):
                self._redis.hdel(keys.HEARD, *names)

    def texts_about(self, places: Sequence[str]) -> dict[str, list[StoredText]]:
        """The texts about each of them. Takes two round trips."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as all_of_them:
            for place in places:
                all_of_them.zrange(keys.texts_of(place), 0, -1)
            ids = [[one.decode() for one in names] for names in all_of_them.execute()]
        texts = {text.id: text for text in self._outbox.read_all(one for n in ids for one in n)}
        return {
            place: [texts[one] for one in names if one in texts]
            for place, names in zip(places, ids, strict=True)
        }

    def tell(self, tellings: Sequence[Telling], now: float) -> list[bytes | None]:
        """What is known now of each as it is written; None where nothing was: somebody else has
        told them meanwhile, or they stand in the line no more."""
        told: list[dict[str, Any]] = []
        for one in tellings:
            written: dict[str, Any] = {
                "place": one.place,
                "before": "" if one.before is None else one.before.decode(),
                "after": _encode(one.after).decode(),
            }
            if one.text is not None:
                written["text"] = wanted(one.text)
            told.append(written)
        reply = self._tell((), (_encode(told), now))
        return [
            _encode(one.after) if done else None for one, done in zip(tellings, reply, strict=True)
        ]


def known_from(texts: Iterable[StoredText], since: float, now: float) -> Known:
    """What somebody heard by the texts about them; `since` they were promised a call."""
    told = [one for one in texts if one.text.tells is not None and one.state not in NEVER_CAME]
    if not told:
        return Known(None, None, False, since, 0)
    last = max(told, key=lambda one: (one.text.wanted_at, one.id)).text
    begins, ends = last.tells or (0.0, 0.0)
    updates = sum(one.text.kind in UPDATES for one in told)
    open_until = [
        one.text.useful_until for one in told if one.state in ("wanted", "sending", "sent")
    ]
    # Whoever writes an apology when the time is over tells a new one; a text may never be sent.
    checks = [at for at in (*open_until, ends) if at > now] or [now + AGAIN_AFTER]
    return Known(
        floor(begins), floor(ends), last.kind == "soon", last.wanted_at, updates,
        min(checks) + AGAIN_AFTER,
    )  # fmt: skip
