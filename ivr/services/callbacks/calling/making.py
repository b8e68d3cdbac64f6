"""What workers do for callbacks, made of the settings, the store and the carrier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from redis import Redis

from ivr.carrier.rest import Carrier
from ivr.config import Config
from ivr.services.callbacks.calling.attempts import Attempts, this_process
from ivr.services.callbacks.calling.desk import CallingDesk
from ivr.services.callbacks.calling.dispatch import Dispatch
from ivr.services.due import Done, Handler, PutOff
from ivr.services.ringing.meeting import CutOff
from ivr.store.due import DueRecord
from ivr.store.number_locks import NumberLocks
from ivr.store.pacing import PaceStore


@dataclass(frozen=True)
class Calling:
    """What workers do: `handlers` by the kind of record, and `bring` for who is to be rung back."""

    handlers: Mapping[str, Handler]
    bring: Handler
    cut_off: CutOff
    after_bringing: Callable[[Handler], Handler]
    """Of who brings people to agents: what they were promised besides is done with."""


def calling(config: Config, redis: Redis, carrier: Carrier, clock: Callable[[], float]) -> Calling:
    """`clock` tells the time (seconds since 1970) right before somebody is dialled."""
    desk = CallingDesk(config, redis)
    attempts = Attempts(
        desk, carrier, PaceStore(redis, config.carrier.calls_per_second),
        NumberLocks(redis, this_process()), clock,
    )  # fmt: skip
    dispatch = Dispatch(desk)

    def after_bringing(bring: Handler) -> Handler:
        def both(record: DueRecord, now: float) -> Done | PutOff:
            attempts.close_served(record, now)
            return bring(record, now)

        return both

    return Calling(
        {**attempts.handlers, **dispatch.handlers}, attempts.bring, desk.cut_off, after_bringing
    )
