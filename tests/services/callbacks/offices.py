"""A company whose callbacks are booked in tests: real settings, and a real store."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from redis import Redis

from ivr.config import Config
from ivr.engine.call import Call
from ivr.flow.callback_talk import (
    CallbackOffer,
    CallbackRequest,
    CallbackWanted,
    Promised,
    PromiseWanted,
)
from ivr.flow.language import load_languages
from ivr.queueing.board import Board
from ivr.queueing.protocol import Estimate
from ivr.services.callbacks.booking import CallbackDesk
from ivr.store import keys
from ivr.store.callbacks import CallbackStore, StoredCallback
from ivr.store.changes import person_of
from ivr.store.line import LineStore, new_place

STOCKHOLM = ZoneInfo("Europe/Stockholm")
QUEUE = "billing"
MOBILE = "+46701740605"
LANGUAGES = load_languages()


def at(day: int, clock: str) -> float:
    """A time of November 2026, of which the 25th is a Wednesday."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=STOCKHOLM).timestamp()


NOON = at(25, "12:00")


def settings(callbacks: dict[str, Any] | None = None, **company: Any) -> Config:
    """`callbacks` of the queue, and `company`, those of all."""
    told: dict[str, Any] = {
        "company": "Example",
        "time_zone": "Europe/Stockholm",
        "lines": {"main": {"number": "+46846500400", "flow": "main"}},
        "fallback": {"number": "+46846500499"},
        "schedules": {"office": {"weekly": {"monday-friday": "08:00-16:00"}}},
        "rosters": {"days": {"weekly": {"monday-friday": "08:00-16:00"}}},
        "queues": {QUEUE: {"hours": "office", "handling": 300, "callbacks": callbacks or {}}},
        "agents": {
            name: {
                "name": name, "address": f"client:{name}", "language": "sv",
                "queues": [QUEUE], "roster": "days",
            }
            for name in ("astrid", "oliver")
        },
        "callbacks": company,
    }  # fmt: skip
    return Config.model_validate(told)


class Office:
    """A company, its desk, and those who ring it."""

    def __init__(self, redis: Redis, config: Config | None = None) -> None:
        self.redis = redis
        self.config = config or settings()
        self.desk = CallbackDesk(self.config, redis, LANGUAGES)
        self.callbacks, self.lines = CallbackStore(redis), LineStore(redis)
        self.count = 0

    def call(self, caller: str | None = MOBILE, language: str = "en", **more: Any) -> Call:
        self.count += 1
        return Call(
            f"CA{self.count:032}", "main", "1", language, NOON, caller=caller, turn=3, **more
        )

    def waits(self, call: Call, since: float) -> None:
        self.lines.join(
            new_place(call.id, QUEUE, person_of(call), first=since, call=call.id), since
        )

    def crowd(self, many: int, since: float) -> None:
        """So many wait whose numbers are withheld."""
        for number in range(many):
            self.waits(self.call(None), since + number)

    def board(self, now: float = NOON, **how: Any) -> None:
        """What the waits were last worked out to be."""
        told: dict[str, Any] = {"staff": ((0.0, 2.0),), "handling": 300.0, "sound": True}
        board = Board(QUEUE, now, **(told | how))
        self.redis.hset(keys.BOARDS, QUEUE, msgspec.json.encode(board))

    def busy(self, **how: Any) -> None:
        """Fifteen minutes of waiting, and half an hour until the line is empty."""
        wait = Estimate(700.0, 900.0, 1180.0, 920.0)
        self.board(overloaded=True, joining=wait, rate=0.001, **how)
        self.crowd(6, NOON - 900)

    def window(self, number: int) -> tuple[float, float]:
        """One of those with room."""
        found = self.desk.windows(QUEUE, NOON)[number]
        return found.begins, found.ends

    def promise(self, call: Call, now: float = NOON, **how: Any) -> Promised:
        """What they are promised: their place, or how."""
        told: dict[str, Any] = {
            "queue": QUEUE, "kind": "window" if how.get("window") else "place",
            "number": call.caller, "first": now - 60,
        }  # fmt: skip
        return self.answer(PromiseWanted(**(told | how)), call, now)

    def offer(self, call: Call, now: float = NOON, **how: Any) -> CallbackOffer:
        found = self.desk.answer(CallbackWanted(QUEUE, **how), call, now)
        assert isinstance(found, CallbackOffer)
        return found

    def answer(self, request: CallbackRequest, call: Call, now: float = NOON) -> Promised:
        found = self.desk.answer(request, call, now)
        assert isinstance(found, Promised)
        return found

    def stored(self, callback: str) -> StoredCallback:
        found = self.callbacks.read(callback)
        assert found is not None
        return found
