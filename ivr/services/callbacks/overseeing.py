"""What a supervisor does with callbacks: each thing by name, with a reason, and written as a move.

What cannot be done is told in one sentence, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from msgspec import Struct, structs
from redis import Redis

from ivr.callbacks.forward import NotNow, bring_forward
from ivr.callbacks.moves import Details, Refused
from ivr.callbacks.reachable import Reachable, Unreachable, reachable
from ivr.callbacks.record import Actor, Window
from ivr.callbacks.states import ENDS, Event, find_move
from ivr.config import Config
from ivr.services.callbacks.booking.offers import told_words
from ivr.services.callbacks.booking.promising import Booking
from ivr.services.callbacks.booking.wanted import NotMoved, not_moved
from ivr.services.callbacks.figures import CallbackFigures
from ivr.services.callbacks.overview import CallbackOverview
from ivr.services.callbacks.times import Times
from ivr.services.callbacks.words import cannot
from ivr.store.callbacks import CALLBACK, CallbackStore, StoredCallback
from ivr.store.consent import CallsWish, ConsentStore
from ivr.store.dispatching import DispatchStore

MOST_RACES = 4
"""How often a change is tried anew where somebody else has made one meanwhile."""
LEAST_LETTERS = 4
"""Of the beginning of an id: with fewer a slip of the finger would name somebody."""


class NotDone(Exception):
    """Nothing was changed; one sentence says why."""


class Unknown(Exception):
    """There is no such callback or number, or several; told in one sentence."""


class Never(Struct, frozen=True):
    """A number is not rung any more; `cancelled` are the callbacks that waited for it."""

    number: str
    wish: CallsWish
    cancelled: tuple[str, ...]


class Overseer:
    """One for each process, for many threads at once. Every method raises StoreDown; those that
    change something return how it stands then, on disk, and raise NotDone."""

    def __init__(self, config: Config, redis: Redis) -> None:
        self.booking = Booking(config, redis)
        self.overview = CallbackOverview(redis)
        self.figures = CallbackFigures(config, redis)
        self._zone = ZoneInfo(config.time_zone)
        self._callbacks: CallbackStore = self.booking.calling.callbacks
        self._dispatch = DispatchStore(redis)
        self._consents = ConsentStore(redis)

    def read(self, callback_id: str) -> StoredCallback | None:
        """One callback by its whole id; None where it is not known (any more)."""
        return self._callbacks.read(callback_id)

    def find(self, given: str) -> StoredCallback:
        """The callback of this id, of a beginning of it that fits no other, or of a beginning and
        the end that follows the last hyphen (`CA01234567-cb2`). Raises Unknown."""
        exactly = self.read(given)
        if exactly is not None:
            return exactly
        if len(given) < LEAST_LETTERS:
            raise Unknown(f"`{given}` is too short: give at least {LEAST_LETTERS} letters.")
        fits = _fits(given)
        ids = (*self._callbacks.open_ids(), *self._callbacks.ended_ids(0.0))
        found = [one for one in ids if fits(one)]
        if len(found) > 1:
            known = ", ".join(sorted(found)[:3])
            raise Unknown(f"{len(found)} callbacks have an id that begins so, such as {known}.")
        stored = self._callbacks.read(found[0]) if found else None
        if stored is None:
            raise Unknown(f"There is no callback whose id begins with {given}.")
        return stored

    def windows(self, queue: str, now: float) -> tuple[Window, ...]:
        """The first windows with room."""
        return self.booking.windows(queue, now)

    def window_at(self, queue: str, begins: float, now: float) -> Window:
        """The queue's window that begins then, whether it has room or not."""
        known = self.booking.look(queue, now).capacity
        found = () if known is None else known.windows
        for window in found:
            if window.begins == begins:
                return window
        raise NotDone(self._with_room("No window begins then.", self.windows(queue, now), now))

    def move(
        self, stored: StoredCallback, window: Window, by: str, now: float, reason: str
    ) -> StoredCallback:
        """Promise another window."""
        self._must_be("moved", stored)
        moved = self.booking.move(stored, window, _supervisor(by), now, reason)
        return self._done("moved", stored, moved, now)

    def put_in_line(
        self, stored: StoredCallback, by: str, now: float, reason: str
    ) -> StoredCallback:
        """Try again, at the place in the line that they first had; attempts count anew."""
        words = told_words(self.booking.look(stored.callback.queue, now).board, now)
        until = words.ends if words is not None else self._end_of_hours(stored, now)
        return self._change(stored, "put_in_line", by, now, Details(reason, until=until))

    def call_now(self, stored: StoredCallback, by: str, now: float, reason: str) -> StoredCallback:
        """Have the next agent call them. Not outside the hours."""
        self._must_be("brought_forward", stored)
        queue = stored.callback.queue
        line = [order for _, order in self._dispatch.queue(queue).line]
        hours = self.booking.rules.hours(queue, now)
        details = bring_forward(stored.callback, stored.boost, line, hours, now, reason)
        if isinstance(details, NotNow):
            raise NotDone(self._not_now(details, now))
        after = self._change(stored, "brought_forward", by, now, details)
        if not after.callback.agent_first:
            self.booking.calling.due.schedule(CALLBACK, after.id, now)
        return after

    def hand_over(
        self, stored: StoredCallback, to: str, by: str, now: float, reason: str
    ) -> StoredCallback:
        """Somebody takes care of it instead of us, and says when it is done."""
        return self._change(stored, "handed_over", by, now, Details(reason), handed_to=to)

    def done(self, stored: StoredCallback, by: str, now: float, reason: str) -> StoredCallback:
        """They were served in another way."""
        self._must_be("superseded", stored)
        moved = self.booking.supersede(stored, _supervisor(by), now, reason)
        return self._done("superseded", stored, moved, now)

    def cancel(self, stored: StoredCallback, by: str, now: float, reason: str) -> StoredCallback:
        """The person does not want it any more."""
        self._must_be("cancelled", stored)
        moved = self.booking.cancel(stored, _supervisor(by), now, reason)
        return self._done("cancelled", stored, moved, now)

    def call_off(self, stored: StoredCallback, by: str, now: float, reason: str) -> StoredCallback:
        """The company will not call, and tells the person so."""
        return self._change(stored, "called_off", by, now, Details(reason))

    # -- Numbers that are not rung

    def number(self, given: str) -> str:
        """The number (E.164) as a person writes it. Raises Unknown for one that is never rung."""
        found: Reachable | Unreachable = reachable(given, self.booking.rules.numbers)
        if not isinstance(found, Reachable):
            why = found.replace("_", " ")
            raise Unknown(f"`{given}` is not a number that is ever rung: {why}.")
        return found.number

    def never(self, given: str, by: str, now: float, reason: str) -> Never:
        """Ring a number no more, and cancel what it was promised."""
        number, actor = self.number(given), _supervisor(by)
        wish = self._consents.note_calls_wish(number, actor, now, refused=True, why=reason)
        cancelled = []
        for stored in self._callbacks.of_number(number):
            if stored.callback.state in ENDS or stored.callback.number != number:
                continue
            if isinstance(self.booking.cancel(stored, actor, now, reason), StoredCallback):
                cancelled.append(stored.id)
        return Never(number, wish, tuple(cancelled))

    def allow(self, given: str, by: str, now: float, reason: str) -> Never:
        """A number may be rung again."""
        number = self.number(given)
        wish = self._consents.note_calls_wish(
            number, _supervisor(by), now, refused=False, why=reason
        )
        return Never(number, wish, ())

    def refused(self) -> dict[str, CallsWish]:
        """The numbers that are not rung, with who wrote that down and why."""
        return self._consents.refused_calls()

    # -- Changing

    def _change(
        self, stored: StoredCallback, event: Event, by: str, now: float, details: Details,
        *, handed_to: str = "",
    ) -> StoredCallback:  # fmt: skip
        for _ in range(MOST_RACES):
            self._must_be(event, stored)
            about = structs.replace(stored.about, handed_to=handed_to) if handed_to else None
            reserved = stored.callback.state == "reserved"
            agent = self.booking.calling.reservation_of(stored.id) if reserved else ""
            try:
                moved = self._callbacks.move(
                    stored, event, _supervisor(by), now, details, about=about, on_disk=True
                )
            except Refused:
                # Such as while a short call tells how it ended.
                raise NotDone(cannot(event, stored.callback.state)) from None
            if moved != "changed":
                break
            again = self._callbacks.read(stored.id)
            if again is None:
                break
            stored = again
        if isinstance(moved, StoredCallback):
            self.booking.calling.let_go(agent, now)
            return moved
        raise NotDone(not_moved(moved).sentence)

    def _must_be(self, event: Event, stored: StoredCallback) -> None:
        state = stored.callback.state
        found = find_move(event, state)
        if found is None or "supervisor" not in found.by:
            raise NotDone(cannot(event, state))

    def _done(
        self, event: Event, before: StoredCallback, moved: StoredCallback | NotMoved, now: float
    ) -> StoredCallback:
        if isinstance(moved, StoredCallback):
            return moved
        if moved.why == "refused":
            # It has come a step further since it was read.
            stands = self._callbacks.read(before.id) or before
            raise NotDone(cannot(event, stands.callback.state))
        raise NotDone(self._with_room(moved.sentence, moved.windows, now))

    def _with_room(self, sentence: str, windows: tuple[Window, ...], now: float) -> str:
        room = Times(self._zone, now).spans(windows)
        return f"{sentence} Windows with room: {room}." if room else sentence

    def _not_now(self, why: NotNow, now: float) -> str:
        opens = None if why.opens is None else Times(self._zone, now).time(why.opens)
        when = "nor for two weeks" if opens is None else f"it can be from {opens} on"
        return f"It cannot be called now, outside the hours in which people are rung; {when}."

    def _end_of_hours(self, stored: StoredCallback, now: float) -> float:
        rules, queue = self.booking.rules, stored.callback.queue
        opens = now if rules.may_ring(queue, now) else rules.opens(queue, now)
        if opens is None:
            raise NotDone("It cannot be tried again: nobody may be rung for the next two weeks.")
        return opens + rules.closes_in(queue, opens)


def _supervisor(name: str) -> Actor:
    return Actor("supervisor", name)


def _fits(given: str) -> Callable[[str], bool]:
    head, hyphen, tail = given.rpartition("-")

    def fits(callback_id: str) -> bool:
        if callback_id.startswith(given):
            return True
        return bool(hyphen and head and tail) and (
            callback_id.startswith(head) and callback_id.rpartition("-")[2] == tail
        )

    return fits
