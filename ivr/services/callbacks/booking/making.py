"""What workers do for those who are promised callbacks."""

from __future__ import annotations

from collections.abc import Mapping

from redis import Redis

from ivr.config import Config
from ivr.services.callbacks.booking.rooms import Rooms
from ivr.services.due import Handler
from ivr.store.booking import WORK_OUT_WINDOWS


def booking_handlers(config: Config, redis: Redis) -> Mapping[str, Handler]:
    """By the kind of record."""
    return {WORK_OUT_WINDOWS: Rooms(config, redis).handle}
