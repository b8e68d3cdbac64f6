"""What workers do for callbacks, made of the settings, the store and the carrier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from redis import Redis

from ivr.carrier.rest import Carrier
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.services.callbacks.calling.attempts import Attempts
from ivr.services.callbacks.calling.desk import CallingDesk
from ivr.services.callbacks.calling.dialling import Dialler, this_process
from ivr.services.callbacks.calling.dispatch import Dispatch
from ivr.services.callbacks.calling.news import News
from ivr.services.callbacks.calling.overdue import Overdue
from ivr.services.callbacks.calling.telling import Telling
from ivr.services.due import Done, Handler, PutOff
from ivr.services.ringing.meeting import CutOff
from ivr.services.texts.composing import Composer
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
    news = News(desk)
    pace = PaceStore(redis, config.carrier.calls_per_second)
    dialler = Dialler(desk, news, carrier, pace, NumberLocks(redis, this_process()), clock)
    attempts = Attempts(desk, news, carrier, dialler)
    telling = Telling(desk, dialler, Composer(config, redis, load_languages()))
    overdue = Overdue(desk, news, carrier, dialler, attempts, telling)

    def after_bringing(bring: Handler) -> Handler:
        def both(record: DueRecord, now: float) -> Done | PutOff:
            attempts.close_served(record, now)
            return bring(record, now)

        return both

    return Calling(
        {**overdue.handlers, **Dispatch(desk, telling).handlers}, attempts.bring, desk.cut_off,
        after_bringing,
    )  # fmt: skip
