"""Letting callbacks into the line when they may be rung, and out of it when they may not.

A place stands in the line where the person first rang, and is matched like any caller. A window
comes into the line when nobody else needs an agent, or before everybody when its end is near: the
seconds by which it goes before its turn are its boost, which whoever is overtaken can be told.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from ivr.callbacks.dispatching import Due, Staff, as_due, at_closing, callbacks_to_start
from ivr.callbacks.moves import Details
from ivr.callbacks.windows import WindowRules, free_windows
from ivr.services.callbacks.calling.desk import CallingDesk, Chosen
from ivr.services.callbacks.calling.telling import Telling
from ivr.services.due import Done, Handler, PutOff
from ivr.store.callbacks import DISPATCH_CALLBACKS, StoredCallback, place_number, stands
from ivr.store.dispatching import QueueNow
from ivr.store.due import DueRecord
from ivr.store.line import new_place

logger = logging.getLogger(__name__)

# Seconds between two looks at a queue.
EVERY = 10.0
CLOSING = "closed"


class Dispatch:
    """Handles dispatch_callbacks; the subject is a queue."""

    def __init__(self, desk: CallingDesk, telling: Telling) -> None:
        self._desk = desk
        self._telling = telling

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {DISPATCH_CALLBACKS: self.dispatch}

    def dispatch(self, record: DueRecord, now: float) -> Done | PutOff:
        """Let in whom an agent may take now; at closing, let out who cannot be rung. Raises
        StoreDown."""
        desk, queue = self._desk, record.subject
        if queue not in desk.config.queues:
            return Done()
        there = desk.dispatch.queue(queue)
        places = desk.callbacks.read_all(there.places)
        windows = desk.callbacks.begun_windows(queue)
        known = (*(one.id for one in places), *(one.id for one in windows))
        states = desk.dispatch.states(known)
        left = desk.rules.closes_in(queue, now)
        if left < desk.rules.dispatch(queue).before_closing:
            for place, state in states.items():
                if state in ("waiting", "reserved") and desk.lines.leave(place, CLOSING, now):
                    logger.info("Callback %s keeps its place until we open again.", place)
            for one in windows:
                self._over(one, now)
            return PutOff(self._next(queue, now))
        for one in places:
            if not one.callback.agent_first and one.callback.state == "waiting":
                self._person_first(one, states[one.id], there, now)
            elif self._is_out(one, states[one.id], now):
                self._join(one, one.boost, now)
        waiting = [one for one in windows if self._is_out(one, states[one.id], now)]
        self._start_windows(queue, there, self._not_on_the_line(queue, waiting), left, now)
        return PutOff(min(now + EVERY, now + max(left - 60.0, 1.0)))

    def _person_first(
        self, stored: StoredCallback, state: str, there: QueueNow, now: float
    ) -> None:
        """Who is rung before an agent is asked stands in no line; their turn comes when nobody
        waits who rang earlier."""
        desk = self._desk
        if state == "reserved":
            # An agent was there at once, and is being asked.
            return
        desk.lines.leave(stored.id, "callback", now)
        if any(order < stored.order for place, order in there.line if place != stored.id):
            return
        desk.change(
            stored.id,
            lambda one: ("turn_came", Details()) if one.callback.state == "waiting" else None,
            now,
        )

    def _over(self, stored: StoredCallback, now: float) -> None:
        """The hours end, and with them this window: the first one with room of another day is
        promised. Where none has, it is made when the hours begin again, before the line."""
        desk, queue = self._desk, stored.callback.queue
        opens = desk.rules.opens(queue, now)
        known = desk.dispatch.capacity(queue)
        window = stored.callback.window
        if opens is None or known is None or window is None or window.ends > opens:
            return
        booked = desk.callbacks.booked(queue)
        free = free_windows(known, booked, opens, WindowRules(ahead=0.0))
        room = dict(zip(known.windows, known.room, strict=True))
        decided = at_closing(stored.callback, free)
        if decided is None or decided[0] != "moved":
            return

        def choose(one: StoredCallback) -> Chosen:
            return decided if one.callback.moves == stored.callback.moves else None

        moved = desk.change(stored.id, choose, now, capacity=room.get(free[0], 0))
        if moved is not None:
            self._telling.new_time(moved, now, broken=True)

    def _start_windows(
        self, queue: str, there: QueueNow, windows: list[StoredCallback], left: float, now: float
    ) -> None:
        rules = self._desk.rules.dispatch(queue)
        due: list[Due] = [
            found for one in windows if (found := as_due(one.callback, now)) is not None
        ]
        by_id = {one.id: one for one in windows}
        line = [order for _, order in there.line]
        first = min(line, default=now)
        # Those whose end is near are let in, idle agents or not: the next agent is theirs.
        eager = Staff(idle=len(due), working=there.working)
        for start in callbacks_to_start(now, due, line, eager, left, rules):
            if start.why == "end_near":
                one = by_id.pop(start.id)
                self._join(one, max(one.boost, one.callback.rang_at - first + 1.0), now)
        rest = [one for one in due if one.id in by_id]
        staff = Staff(idle=there.idle, working=there.working)
        for start in callbacks_to_start(now, rest, line, staff, left, rules):
            self._join(by_id[start.id], by_id[start.id].boost, now)

    def _not_on_the_line(
        self, queue: str, waiting: Sequence[StoredCallback]
    ) -> list[StoredCallback]:
        """Whoever waits on the telephone meanwhile is served there."""
        numbers = {one.id: place_number(one.callback) for one in waiting}
        there = self._desk.lines.on_the_line([number for number in numbers.values() if number])
        on_it = {number for number, place in there.items() if place.queue == queue}
        return [one for one in waiting if numbers[one.id] not in on_it]

    def _is_out(self, stored: StoredCallback, state: str, now: float) -> bool:
        """Whether it is to stand in the line, and does not."""
        callback = stored.callback
        if state in ("waiting", "reserved") or now < callback.not_before:
            return False
        if callback.state not in ("waiting", "due"):
            return False
        if not callback.agent_first or (callback.window is None and not stands(callback)):
            return False
        # An agent who has accepted it this moment has not been written down yet.
        return state != "served" or not self._desk.reservation_of(stored.id)

    def _join(self, stored: StoredCallback, boost: float, now: float) -> None:
        callback = stored.callback
        place = new_place(
            callback.id, callback.queue, stored.about.person,
            first=callback.rang_at, kind="callback", boost=boost, number=place_number(callback),
        )  # fmt: skip
        if self._desk.lines.join(place, now):
            logger.info("Callback %s stands in the line.", callback.id)

    def _next(self, queue: str, now: float) -> float:
        opens = self._desk.rules.opens(queue, now)
        # Looked at all the same: settings and callbacks change.
        return min(now + 60.0 * EVERY, opens if opens is not None else now + 60.0 * EVERY)
