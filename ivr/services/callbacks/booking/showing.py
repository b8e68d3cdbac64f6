"""Which callbacks those who wait may ask for, for the boards that calls look at."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs
from redis import Redis

from ivr.config import Config
from ivr.queueing.board import Board
from ivr.services.callbacks.booking import offers
from ivr.services.callbacks.calling.rules import CallingRules
from ivr.store.booking import BookingStore


class KindsOffered:
    """Adds to boards which kinds can be asked for. One round trip; raises StoreDown."""

    def __init__(self, config: Config, redis: Redis) -> None:
        self._queues = {
            name: settings
            for name, settings in config.queues.items()
            if offers.offer_rules(settings).kinds
        }
        self._rules = CallingRules(config)
        self._store = BookingStore(redis)

    def __call__(self, boards: Mapping[str, Board], now: float) -> dict[str, Board]:
        """`boards` as they have just been worked out, as of `now`."""
        queues = [name for name in self._queues if name in boards]
        found = dict(boards)
        for name, look in self._store.queues(queues, now).items() if queues else ():
            here = structs.replace(look, board=boards[name])
            left = self._rules.closes_in(name, now)
            kinds = offers.on_request(here, self._queues[name], left, now)
            found[name] = structs.replace(boards[name], callbacks=kinds)
        return found
