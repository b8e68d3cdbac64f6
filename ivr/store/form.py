"""How often the page `Call me back` was accepted: by address, and in all."""

from __future__ import annotations

from typing import Literal, cast

from redis import Redis

from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Script

HOUR = 3600
TRIES = 6
"""So many tries for each time that an address may have a form accepted: people mistype, but whoever
tries on and on looks for numbers that have a callback."""

TooOften = Literal["address", "all"]


class FormStore:
    """The counts of the last hour. Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis, *, an_hour: int, address_an_hour: int) -> None:
        self._redis = redis
        self._an_hour = an_hour
        self._address_an_hour = address_an_hour
        self._take = Script(redis, "take_form-3")

    def take(self, form: str, who: str, now: float) -> TooOften | None:
        """Count one form of an address; which limit stands against it. Asked again for the same
        form it counts once."""
        reply = self._take(
            (keys.FORMS, keys.form_address(who), keys.form_tries(who)),
            (
                form, now, self._an_hour, self._address_an_hour,
                TRIES * self._address_an_hour, HOUR,
            ),
        )  # fmt: skip
        return cast("TooOften | None", bytes(reply).decode() or None)

    def give_back(self, form: str, who: str) -> None:
        """Nothing came of that form: it does not count, but the try does."""
        with wording(self._redis), self._redis.pipeline(transaction=False) as both:
            both.zrem(keys.FORMS, form)
            both.zrem(keys.form_address(who), form)
            both.execute()
