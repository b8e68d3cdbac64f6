"""What RQ's workers do: each job calls a service, and can be lost or run twice without harm."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

from redis import Redis

from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.services.agents.holding import hold_handlers
from ivr.services.callbacks.booking.making import booking_handlers
from ivr.services.callbacks.booking.showing import KindsOffered
from ivr.services.callbacks.calling.making import calling
from ivr.services.due import Handler, drain
from ivr.services.estimates.estimates import Estimates
from ivr.services.mending import Mending
from ivr.services.promises.making import promise_handlers
from ivr.services.reconcile import Reconciler
from ivr.services.ringing import ringing_handlers
from ivr.services.texts.making import text_handlers
from ivr.services.texts.updates import LINE, UPDATE_WAITS, WaitUpdates
from ivr.store.agents import BRING_PERSON
from ivr.store.booking import WORK_OUT_WINDOWS
from ivr.store.callbacks import DISPATCH_CALLBACKS
from ivr.store.calls import CallStore
from ivr.store.connection import StoreDown, connect
from ivr.store.due import DueStore
from ivr.store.estimates import EstimateStore
from ivr.store.mending import EVERYTHING, MEND_LINE
from ivr.store.promises import EVENTS, FOLLOW_PROMISES
from ivr.store.voicemails import VoicemailStore
from workers.queue import workers_alive
from workers.settings import Settings, read_settings

logger = logging.getLogger(__name__)

# Seconds. Calls are created one after another at a pace, and beginning a job takes about as long.
LINGER = 0.1


class Hands:
    """What does the jobs of one process. Its connections stay open from one job to the next."""

    def __init__(self, settings: Settings) -> None:
        self.process = os.getpid()
        self._clock = settings.clock
        self._redis = connect(settings.redis_url)
        self._due = DueStore(self._redis)
        self._handlers = handlers(settings, self._redis)

    def drain(self) -> None:
        """Do what is due. Raises StoreDown."""
        # One worker is kept free for what somebody waits for.
        most = max(workers_alive(self._redis) - 1, 1)
        drain(self._due, self._handlers, self._clock, linger=LINGER, most_unhurried=most)


_settings: Settings | None = None
_hands: Hands | None = None


def use(settings: Settings) -> None:
    """Have the jobs of this process, and of those it forks, use these settings."""
    global _settings, _hands
    _settings, _hands = settings, None


def drain_due() -> None:
    """Do what is due. Raises SettingsError in a process where `use` was not called and the
    settings are wrong."""
    global _hands
    if _hands is None or _hands.process != os.getpid():
        _hands = Hands(_settings or read_settings())
    try:
        _hands.drain()
    except StoreDown as error:
        # What was claimed comes again when its lease runs out.
        logger.error("%s What is due waits.", error)


def handlers(settings: Settings, redis: Redis) -> Mapping[str, Handler]:
    """Who does what is due, by the kind of record."""
    checks = settings.config.checks
    calls = CallStore(
        redis,
        check_call_after=checks.call_after,
        check_recording_after=checks.recording_after,
    )
    reconciler = Reconciler(
        calls,
        VoicemailStore(redis),
        settings.carrier,
        check_call_after=checks.call_after,
        check_recording_after=checks.recording_after,
    )

    def now() -> float:
        return settings.clock.now().timestamp()

    callbacks = calling(settings.config, redis, settings.carrier, now)
    ringing = ringing_handlers(
        settings.config, redis, settings.carrier, callbacks.bring, callbacks.cut_off
    )
    return {
        **reconciler.handlers,
        **text_handlers(settings.config, redis, settings.carrier, now),
        **ringing,
        BRING_PERSON: callbacks.after_bringing(ringing[BRING_PERSON]),
        **callbacks.handlers,
        **booking_handlers(settings.config, redis),
        **hold_handlers(settings.config, redis, settings.carrier),
        **Estimates(
            EstimateStore(redis), settings.config, offered=KindsOffered(settings.config, redis)
        ).handlers,
        **promise_handlers(settings.config, redis),
        **WaitUpdates(settings.config, redis, load_languages()).handlers,
        **Mending(settings.config, redis, settings.carrier).handlers,
    }


def periodic(config: Config) -> tuple[tuple[str, str], ...]:
    """Kind and subject of what is done again and again: where there are no queues, nothing is."""
    by_queue = (
        (kind, queue) for kind in (DISPATCH_CALLBACKS, WORK_OUT_WINDOWS) for queue in config.queues
    )
    always = ((MEND_LINE, EVERYTHING), (FOLLOW_PROMISES, EVENTS), (UPDATE_WAITS, LINE))
    return (*always, *by_queue) if config.queues else ()
