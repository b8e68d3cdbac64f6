"""Callbacks: every record with its version, and all that is counted by what it says.

Each move is one script: the record (written only if nobody else has moved it meanwhile), its event
`CallbackMoved`, the due record `callback:ID` of what must happen next, the room that it needs in
its window, its place in the line, and the number that is being rung.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, cast

import msgspec
from msgspec import Struct, field, structs
from redis import Redis

from ivr.callbacks import duties, limits, moves
from ivr.callbacks.duties import Deadlines
from ivr.callbacks.limits import TooMany
from ivr.callbacks.moves import NOTHING, Details
from ivr.callbacks.record import Actor, Callback, Moved, State
from ivr.callbacks.states import ENDS, Event
from ivr.callbacks.windows import needs_room
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.durability import Disk
from ivr.store.line import Person, new_place
from ivr.store.outbox import OutboxText, wanted
from ivr.store.scripts import Script

CALLBACK = "callback"
"""The kind of due record: `duties.next_steps` of the callback, its subject, tells what to do."""
DISPATCH_CALLBACKS = "dispatch_callbacks"
"""The kind of due record: callbacks of the queue, its subject, whose window has begun wait for an
agent. Written whenever there is one more."""

Source = Literal["call", "hung_up", "web", "text", "agent"]
NotMoved = Literal[
    "changed", "open_already", "no_room", "share", "lock_lost", "on_the_way", "calls_today",
    "others_today", "on_the_line",
]  # fmt: skip
"""Why a move was not written, and nothing was. "changed": somebody else has moved it since it was
read. "share": enough of the line are callback places. "lock_lost": the lock on the number is not
ours any more. "on_the_way": the number is being rung for another callback of it. "on_the_line":
somebody who rings from it waits in the queue, or is with an agent."""
NotPromised = (
    TooMany | Literal["promised_before", "no_room", "share", "turn_came", "changed", "on_the_way"]
)
"""Why nothing was promised. "promised_before": there is a callback with this id; it stays.
"turn_came": an agent is on the way to whom the caller is to be given."""


class About(Struct, frozen=True, omit_defaults=True):
    """What nothing but talking to the person needs."""

    person: Person
    """As for somebody in the line: `caller` is where they rang from."""
    boost: float = 0.0
    """Seconds by which they stand ahead in the line."""
    call: str = ""
    """In which it was promised; empty where it was not in one."""
    source: Source = "call"
    reason: str = ""
    """What it is about: what they chose, in words, or the address of what they recorded."""
    code: str = ""
    """Three digits by which they know that it is us; none where the queue uses none."""
    handed_to: str = ""
    """Who takes care of it instead of us."""


class StoredCallback(Struct, frozen=True):
    callback: Callback
    about: About

    @property
    def id(self) -> str:
        return self.callback.id

    @property
    def boost(self) -> float:
        """Seconds by which it stands ahead of others who rang then."""
        return self.about.boost + (self.callback.forward or 0.0)

    @property
    def order(self) -> float:
        """Its place in the line."""
        return self.callback.rang_at - self.boost


class CallbackMoved(Struct, frozen=True, tag=True, omit_defaults=True):
    """What is told of every move, the promise included. Times are seconds since 1970.

    `why` is the reason where one was given. `until`: when the call is promised by, after the move.
    """

    callback: str
    number: int
    """1 for the promise, and on."""
    event: str
    after: State = field(name="to")
    actor: Actor
    queue: str
    until: float
    rang_at: float
    before: State | None = field(default=None, name="from")
    why: str = ""
    begins: float | None = None
    """Of its window; None for a place in the line."""
    kept: bool | None = None
    """Whether the person was rung in time; None while that is open."""
    source: Source = "call"
    instead_of: str = ""
    """The place in the line that was given up for it."""


class Asking(Struct, frozen=True):
    """Who asks for a callback, and how many are too many."""

    limits: limits.Limits
    who: str = ""
    """The number that they ring from, or an address of the web."""
    other_number: bool = False
    """They have not proved that the number is theirs."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Callback).decode
_decode_about = msgspec.json.Decoder(About).decode


class CallbackStore:
    """Every method takes one round trip unless it says otherwise, and raises StoreDown."""

    def __init__(self, redis: Redis, deadlines: Deadlines = duties.USUAL) -> None:
        self._redis = redis
        self._deadlines = deadlines
        self._move = Script(redis, "move_callback-0")
        self._promise = Script(redis, "promise_callback-0")
        self._find = Script(redis, "find_callbacks-0")
        self.disk = Disk(redis)

    def read(self, callback_id: str) -> StoredCallback | None:
        """One callback; None when it is not known (any more)."""
        return next(iter(self.read_all((callback_id,))), None)

    def read_all(self, ids: Iterable[str]) -> list[StoredCallback]:
        """Those of them that are known."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as all_of_them:
            for one in ids:
                all_of_them.hmget(keys.callback(one), "record", "about")
            found = all_of_them.execute()
        return [stored_as_read(record, about) for record, about in found if record is not None]

    def of_number(self, number: str) -> list[StoredCallback]:
        """Those to be rung at a number (E.164) or asked for from it, ended ones of late too."""
        found = self._find((), (number,))
        return [
            stored_as_read(record, about)
            for record, about in zip(found[::2], found[1::2], strict=True)
        ]

    def open_ids(self) -> list[str]:
        """The open ones, by the time until which the call is promised."""
        with wording(self._redis):
            return _names(self._redis.zrange(keys.CALLBACKS, 0, -1))

    def ended_ids(self, since: float) -> list[str]:
        """Those that have ended since then, and are still known."""
        with wording(self._redis):
            return _names(
                self._redis.zrange(keys.CALLBACKS_ENDED, cast("Any", since), "+inf", byscore=True)
            )

    def booked(self, queue: str) -> dict[float, int]:
        """How many callbacks need room in each window, by its beginning."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.callbacks_booked(queue)))
        return {float(begins): int(count) for begins, count in found.items()}

    def places(self, queue: str) -> int:
        """How many of those in the line are callbacks."""
        with wording(self._redis):
            return int(self._redis.zcard(keys.callback_places(queue)))

    def begun_windows(self, queue: str) -> list[StoredCallback]:
        """The callbacks whose window has begun and that wait for an agent, the earliest end first.

        Takes two round trips.
        """
        with wording(self._redis):
            ids = _names(self._redis.zrange(keys.callback_windows(queue), 0, -1))
        return self.read_all(ids)

    def promise(
        self,
        promised: tuple[Callback, Moved],
        about: About,
        asking: Asking,
        now: float,
        *,
        capacity: int = 0,
        most_places: int | None = None,
        instead_of: str = "",
        on_disk: bool = True,
        texts: Sequence[OutboxText] = (),
        mail: bytes = b"",
    ) -> StoredCallback | NotPromised:
        """Write what `ivr.callbacks.moves.promise` made, and return when it is on disk.

        `capacity`: of its window. `most_places`: so many callbacks at most may stand in the line
        before it. `instead_of`: the place of a live caller, who then stands in the line no more.
        `texts` are sent with it. `mail`: where mail about it goes, as `store.mail` writes it.
        Raises NotOnDisk where the server does not tell in time; the callback is there then.
        """
        callback, moved = promised
        stored = StoredCallback(callback, about)
        change = self._change(None, stored, moved, texts, instead_of=instead_of)
        change["about"] = _encode(about).decode()
        change["capacity"] = capacity
        if most_places is not None and callback.window is None:
            change["most_places"] = most_places
        if mail:
            change["mail"] = mail.decode()
        asks = {
            **_counts_of(asking.limits),
            "number": callback.number,
            "who": asking.who or callback.number,
            "other": asking.other_number,
        }
        why = self._write(self._promise, [_encode(change), now, _encode(asks), instead_of], on_disk)
        return stored if not why else cast("NotPromised", why)

    def move(
        self,
        stored: StoredCallback,
        event: Event,
        actor: Actor,
        now: float,
        details: Details = NOTHING,
        *,
        capacity: int = 0,
        fence: int | None = None,
        calls_a_day: int = limits.Limits().calls_a_day,
        about: About | None = None,
        on_disk: bool = False,
        texts: Sequence[OutboxText] = (),
        others_a_day: int | None = None,
        waits_in: str = "",
    ) -> StoredCallback | NotMoved:
        """Move a callback as it was read. `on_disk`: return when it is there.

        `texts` are sent with it.
        `fence`: of the lock on its number, which must still hold: no attempt is written without.
        `capacity`: of the window that it is moved to. `about`: if that changes as well.
        `others_a_day`: how many numbers may be given that are not those of whoever asked.
        `waits_in`: the call in which they wait for us instead; not once it has ended. Raises
        callbacks.moves.Refused for a move that is not in the table.
        """
        if event in ("attempt_written", "telling_written") and fence is None:
            raise ValueError("An attempt is written only by whoever holds the lock on the number.")
        callback, moved = moves.move(stored.callback, event, actor, now, details)
        if about is None and stored.about.handed_to and callback.state != "flagged":
            about = structs.replace(stored.about, handed_to="")
        after = StoredCallback(callback, stored.about if about is None else about)
        change = self._change(stored.callback, after, moved, texts)
        change |= {"capacity": capacity, "calls_a_day": calls_a_day}
        if fence is not None:
            change["fence"] = fence
        asked_by = after.about.person.caller or stored.callback.number
        if others_a_day is not None and callback.number != asked_by:
            change |= {"others": asked_by, "others_a_day": others_a_day}
        if waits_in:
            change["waits_in"] = waits_in
        if about is not None:
            change["about"] = _encode(about).decode()
        why = self._write(self._move, [_encode(change), now], on_disk)
        return after if not why else cast("NotMoved", why)

    def _write(self, script: Script, args: list[str | bytes | int | float], on_disk: bool) -> str:
        reply = self.disk.write(script, args) if on_disk else script((), args)
        return bytes(reply).decode()

    def _change(
        self,
        before: Callback | None,
        stored: StoredCallback,
        moved: Moved,
        texts: Sequence[OutboxText] = (),
        instead_of: str = "",
    ) -> dict[str, Any]:
        """What `parts/callbacks.lua` takes."""
        callback, about = stored.callback, stored.about
        due_at = duties.due_at(callback, self._deadlines)
        is_open = callback.state not in ENDS
        change: dict[str, Any] = {
            "id": callback.id,
            "version": callback.moves,
            "queue": callback.queue,
            "state": callback.state,
            "record": _encode(callback).decode(),
            "events": _encode([told(stored, moved, instead_of)]).decode(),
            "call": about.call,
            "number": callback.number,
            "matter": matter(callback) if is_open else "",
            "room": _room(callback),
            "rings": callback.attempts[-1].number if callback.on_the_way else "",
            "theirs": place_number(callback),
            "of": sorted({callback.number, about.person.caller or callback.number}),
            "stands": "",
            "order": stored.order,
        }
        if is_open:
            change["until"] = callback.until
        if texts:
            change["texts"] = [wanted(text) for text in texts]
        if due_at is not None:
            change["due_at"] = due_at
        if callback.state == "due" and callback.window is not None and callback.forward is None:
            change |= {"dispatch": True, "window_ends": callback.window.ends}
        if stands(callback):
            change["stands"] = "in"
            change["place"] = new_place(
                callback.id, callback.queue, about.person,
                first=callback.rang_at, kind="callback", boost=stored.boost,
                number=place_number(callback),
            )  # fmt: skip
        elif callback.state not in _WITH_AGENT:
            change["stands"] = "out"
        return change


_WITH_AGENT: frozenset[State] = frozenset(
    {"due", "reserved", "attempt_written", "dialling", "answered", "at_machine", "talking"}
)
"""States in which it may have been given to an agent: the line knows where it stands."""


def stands(callback: Callback) -> bool:
    """Whether it stands in the line, or is with an agent who has not accepted.

    One that has a window comes into the line when it is dispatched, by `LineStore.join`, unless it
    was brought forward.
    """
    if callback.state == "due":
        at_its_place = callback.window is None or callback.forward is not None
        return at_its_place and callback.agent_first
    return callback.state == "waiting"


def place_number(callback: Callback) -> str:
    """The number by which it is known that they are on the telephone themselves; empty behind an
    exchange, where many have one."""
    return "" if callback.extension else callback.number


def matter(callback: Callback) -> str:
    """Of two callbacks with the same only one is open. Behind an exchange many have one number."""
    extension = f";{callback.extension}" if callback.extension else ""
    return f"{callback.number}{extension}|{callback.matter}"


def told(stored: StoredCallback, moved: Moved, instead_of: str = "") -> CallbackMoved:
    """The event of a move."""
    callback = stored.callback
    return CallbackMoved(
        callback=callback.id, number=moved.number, event=moved.event, before=moved.before,
        after=moved.after, actor=moved.actor, queue=callback.queue, until=callback.until,
        rang_at=callback.rang_at, why=moved.reason,
        begins=callback.window.begins if callback.window is not None else None,
        kept=duties.kept(callback, moved.at), source=stored.about.source, instead_of=instead_of,
    )  # fmt: skip


def _counts_of(found: limits.Limits) -> Mapping[str, int]:
    """Limits, as the script takes them."""
    return {
        "number_a_day": found.number_a_day,
        "calls_a_day": found.calls_a_day,
        "others_a_day": found.others_a_day,
        "everybody_an_hour": found.everybody_an_hour,
    }


def _room(callback: Callback) -> str:
    if callback.window is None or not needs_room(callback):
        return ""
    return f"{callback.window.begins:.0f}"


def stored_as_read(record: bytes, about: bytes) -> StoredCallback:
    """A callback of which `record` and `about` were read."""
    return StoredCallback(_decode(record), _decode_about(about))


def _names(found: Any) -> list[str]:
    return [name.decode() for name in found]


__all__ = [
    "CALLBACK", "DISPATCH_CALLBACKS", "About", "Asking", "CallbackMoved", "CallbackStore",
    "NotMoved", "NotPromised", "Source", "StoredCallback", "matter", "place_number", "stands",
    "stored_as_read", "told",
]  # fmt: skip
