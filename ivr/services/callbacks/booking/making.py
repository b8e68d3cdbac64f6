"""What workers do for those who are promised callbacks."""

from __future__ import annotations

from collections.abc import Mapping

from redis import Redis

from ivr.config import Config
from ivr.services.callbacks.booking.keeping import Keeping
from ivr.services.callbacks.booking.promising import Booking
from ivr.services.due import Handler
from ivr.store.booking import KEEP_PLACE, WORK_OUT_WINDOWS


def booking_handlers(config: Config, redis: Redis) -> Mapping[str, Handler]:
    """By the kind of record."""
    booking = Booking(config, redis)
    return {WORK_OUT_WINDOWS: booking.rooms.handle, KEEP_PLACE: Keeping(booking).handle}
