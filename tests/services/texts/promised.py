"""A company whose people get texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from redis import Redis

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import promise
from ivr.callbacks.record import SYSTEM, Window
from ivr.config import Config
from ivr.promises.consent import Given
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.line import Person

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=STOCKHOLM).timestamp()
QUEUE = "billing"
AINO, LANDLINE, OURS = "+46701740605", "+46846500450", "+46846500400"


def office(**settings: Any) -> Config:
    told: dict[str, Any] = {
        "company": "Revontuli Energia",
        "time_zone": "Europe/Stockholm",
        "lines": {"main": {"number": OURS, "flow": "main"}},
        "fallback": {"number": "+46846500499"},
        "callbacks": {"countries": ["SE", "US"]},
        "schedules": {"office": {"weekly": {"monday-friday": "08:00-18:00"}}},
        "queues": {QUEUE: {"hours": "office", "handling": 300}},
        **settings,
    }
    return Config.model_validate(told)


def promised(
    redis: Redis,
    name: str = "cb1",
    *,
    number: str = AINO,
    caller: str | None = AINO,
    language: str = "fi",
    window: Window | None = None,
    rang_at: float = NOON - 60,
    now: float = NOON,
) -> StoredCallback:
    """A callback, as it was promised on a call."""
    until = None if window else now + 7200
    made = promise(name, QUEUE, number, QUEUE, rang_at, SYSTEM, now, window=window, until=until)
    about = About(Person(line="main", language=language, caller=caller), call=f"CA{name}")
    stored = CallbackStore(redis).promise(
        made, about, Asking(Limits()), now, capacity=10, on_disk=False
    )
    assert isinstance(stored, StoredCallback), stored
    return stored


def agreed(redis: Redis, number: str = AINO, name: str = "Aino", language: str = "fi") -> None:
    """They want texts."""
    ConsentStore(redis).note(number, Given(NOON - 30, "call", language, name))
