"""What all parts of making callbacks share: stores, rules, and the moves that end an attempt.

A move is chosen from the record as it is now, written only if nobody else has moved it meanwhile,
and chosen anew if somebody has. So requests may come twice, in any order, to several processes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from redis import Redis

from ivr.callbacks.moves import Details, Refused
from ivr.callbacks.outcomes import Ended, Result, decide, read_result
from ivr.callbacks.record import SYSTEM, Actor, Attempt
from ivr.callbacks.states import ENDS, Event
from ivr.config import Config
from ivr.services.callbacks.calling.addresses import CallbackAddresses
from ivr.services.callbacks.calling.rules import CallingRules
from ivr.store.agents import AgentStore
from ivr.store.callbacks import CALLBACK, CallbackStore, StoredCallback
from ivr.store.dispatching import DispatchStore
from ivr.store.due import DueStore
from ivr.store.line import LineStore
from ivr.store.ringing import RingingStore

logger = logging.getLogger(__name__)

Chosen = tuple[Event, Details] | None
Choose = Callable[[StoredCallback], Chosen]

# How often a move is chosen anew: each time somebody else has made one.
MOST_RACES = 8
OVER: Mapping[str, Ended] = {
    "completed": "completed", "busy": "busy", "no-answer": "no-answer", "failed": "failed",
    "canceled": "canceled",
}  # fmt: skip
"""The carrier's words for a call that is over."""


class CallingDesk:
    """One for each process. Every method raises StoreDown."""

    def __init__(self, config: Config, redis: Redis) -> None:
        self.config = config
        self.callbacks = CallbackStore(redis)
        self.lines = LineStore(redis)
        self.agents = AgentStore(redis)
        self.ringing = RingingStore(redis)
        self.dispatch = DispatchStore(redis)
        self.due = DueStore(redis)
        self.rules = CallingRules(config)
        self.addresses = CallbackAddresses(config.web.public_url)

    def change(
        self, callback_id: str, choose: Choose, now: float, actor: Actor = SYSTEM, **options: Any
    ) -> StoredCallback | None:
        """Make the move that `choose` names; how the callback stands after it.

        None where no move was made: none was wanted, or the store refused it (`calls_today` and
        such), which is logged.
        """
        for _ in range(MOST_RACES):
            stored = self.callbacks.read(callback_id)
            chosen = None if stored is None else choose(stored)
            if stored is None or chosen is None:
                return None
            event, details = chosen
            try:
                moved = self.callbacks.move(stored, event, actor, now, details, **options)
            except Refused as error:
                logger.warning("%s", error)
                return None
            if isinstance(moved, StoredCallback):
                if moved.callback.state == "due" and not moved.callback.agent_first:
                    self.due.schedule(CALLBACK, moved.id, now)
                return moved
            if moved != "changed":
                logger.warning("Callback %s is not `%s`: %s.", callback_id, event, moved)
                return None
        logger.error("Callback %s was moved by others again and again.", callback_id)
        return None

    def note_dialled(self, callback_id: str, number: int, call: str, now: float) -> None:
        """The carrier has a call for this attempt, as its answer or the call itself tells."""

        def choose(stored: StoredCallback) -> Chosen:
            if attempt_of(stored, number) is None or stored.callback.state != "attempt_written":
                return None
            return "dialled", Details(call=call)

        if self.change(callback_id, choose, now) is not None:
            reservation = self.reservation_of(callback_id)
            if reservation:
                self.dispatch.note_person_call(reservation, callback_id, call)

    def note_person(self, callback_id: str, number: int, call: str, now: float) -> None:
        """A person is on the line, no machine."""
        self.note_dialled(callback_id, number, call, now)

        def choose(stored: StoredCallback) -> Chosen:
            if attempt_of(stored, number, call) is None or stored.callback.state != "dialling":
                return None
            return "person_answered", Details(call=call)

        self.change(callback_id, choose, now)

    def settle(
        self,
        callback_id: str,
        number: int,
        call: str,
        status: str,
        now: float,
        *,
        sip: int | None = None,
        error: int | None = None,
    ) -> None:
        """The call of an attempt is over, with the carrier's word for how."""
        self.note_dialled(callback_id, number, call, now)
        ended = OVER[status]

        def choose(stored: StoredCallback) -> Chosen:
            if attempt_of(stored, number, call) is None:
                return None
            callback = stored.callback
            result = read_result(ended, sip=sip, error=error)
            if callback.state in ENDS:
                return "attempt_ended", Details(outcome=result.outcome, call=call)
            match callback.state:
                case "talking":
                    return "ended", Details(call=call)
                case "at_machine":
                    event, details = self.follow(stored, Result("machine"), now)
                    told = event == "given_up"
                    return ("told_by_message", Details(call=call)) if told else (event, details)
                case "answered":
                    return self.follow(stored, Result("hung_up"), now)
            return self.follow(stored, result, now)

        before = self.reservation_of(callback_id)
        moved = self.change(callback_id, choose, now)
        if moved is not None:
            self.person_gone(moved, before, now)

    def follow(self, stored: StoredCallback, result: Result, now: float) -> tuple[Event, Details]:
        """The move that follows an attempt which came to this."""
        queue = stored.callback.queue
        decision = decide(
            stored.callback, result, now, self.rules.retries(queue), self.rules.hours(queue, now)
        )
        details = Details(
            reason=decision.reason, outcome=result.outcome, not_before=decision.not_before
        )
        return decision.event, details

    def person_gone(self, moved: StoredCallback, reservation: str, now: float) -> None:
        """The call is over: whoever was to talk to the person is free, or comes out of the talk."""
        if moved.callback.state == "done":
            self.lines.leave(moved.id, "hung_up", now)
        elif reservation:
            self.ringing.lose_person(reservation, now)

    def without_agent(self, queue: str) -> int:
        """How many of the queue are being rung, or have answered, whom no agent has accepted."""
        stored = self.callbacks.read_all(self.dispatch.ringing())
        return sum(
            one.callback.queue == queue
            and one.callback.state in ("attempt_written", "dialling", "answered")
            and not self.reservation_of(one.id)
            for one in stored
        )

    def cut_off(self, callback_id: str, now: float) -> None:
        """The person came to an agent who had just gone: they are rung again, at their place."""

        def choose(stored: StoredCallback) -> Chosen:
            if stored.callback.state != "talking":
                return None
            return "cut_off", Details(reason="the agent had gone")

        self.change(callback_id, choose, now)

    def reservation_of(self, callback_id: str) -> str:
        """The reservation of the agent who has taken it; empty where there is none."""
        place = self.lines.place(callback_id)
        if place is None or not place.reservation:
            return ""
        found = self.agents.reservation(place.reservation)
        return place.reservation if found is not None and found.state == "accepted" else ""


def attempt_of(stored: StoredCallback, number: int, call: str = "") -> Attempt | None:
    """The attempt of this number, if it is the last and under way, by this call if one is told."""
    attempts = stored.callback.attempts
    if len(attempts) != number or not stored.callback.on_the_way:
        return None
    attempt = attempts[-1]
    return None if call and attempt.call and attempt.call != call else attempt
