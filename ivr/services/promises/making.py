"""What workers do for the ledger, made of the settings and the store."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from redis import Redis

from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.services.due import Handler
from ivr.services.promises.apologising import Apologies
from ivr.services.promises.following import PromiseFollower
from ivr.services.texts.composing import Composer
from ivr.store.callbacks import CallbackStore
from ivr.store.estimates import EstimateStore
from ivr.store.outbox import OutboxStore
from ivr.store.promises import PromiseStore


def promise_handlers(config: Config, redis: Redis) -> Mapping[str, Handler]:
    """By the kind of due record."""
    store, stream, outbox = PromiseStore(redis), EstimateStore(redis), OutboxStore(redis)
    follower = PromiseFollower(store, stream, outbox, ZoneInfo(config.time_zone))
    composer = Composer(config, redis, load_languages())
    apologies = Apologies(store, CallbackStore(redis), stream, outbox, composer)
    return {**follower.handlers, **apologies.handlers}
