"""What all parts of making callbacks share: stores, rules, and how a move is made.

A move is chosen from the record as it is now, written only if nobody else has moved it meanwhile,
and chosen anew if somebody has. So requests may come twice, in any order, to several processes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from redis import Redis

from ivr.callbacks.moves import NOTHING, Details, Refused
from ivr.callbacks.record import SYSTEM, Actor, Attempt, State
from ivr.callbacks.states import Event
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

    # -- Moves

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

    def advance(
        self, callback_id: str, before: tuple[State, ...], event: Event, now: float,
        details: Details = NOTHING,
    ) -> StoredCallback | None:  # fmt: skip
        """Make a move if the callback is in one of the states `before`; see `change`."""
        return self.change(
            callback_id, lambda one: (event, details) if one.callback.state in before else None, now
        )

    def advance_as_read(
        self, stored: StoredCallback, event: Event, now: float, details: Details = NOTHING
    ) -> StoredCallback | None:
        """Make a move unless there has been one since the callback was read; see `change`."""
        read = stored.callback.moves
        return self.change(
            stored.id, lambda one: (event, details) if one.callback.moves == read else None, now
        )

    def cut_off(self, callback_id: str, now: float) -> None:
        """The person came to an agent who had just gone: they are rung again, at their place."""
        self.advance(callback_id, ("talking",), "cut_off", now, Details("the agent had gone"))

    # -- Agents

    def reservation_of(self, callback_id: str) -> str:
        """The reservation of the agent who has taken it; empty where there is none."""
        place = self.lines.place(callback_id)
        if place is None or not place.reservation:
            return ""
        found = self.agents.reservation(place.reservation)
        return place.reservation if found is not None and found.state == "accepted" else ""

    def let_go(self, reservation: str, now: float) -> None:
        """The agent, if there is one, is told that the person does not come, and is free."""
        if reservation:
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


def attempt_of(stored: StoredCallback, number: int, call: str = "") -> Attempt | None:
    """The attempt of this number, if it is the last and under way, by this call if one is told."""
    attempts = stored.callback.attempts
    if len(attempts) != number or not stored.callback.on_the_way:
        return None
    attempt = attempts[-1]
    return None if call and attempt.call and attempt.call != call else attempt
