"""What it takes to book a callback: by the desk that callers are served at, in a real store.

Counted is the processor's time of our own process, for all of it: what can be offered, the number
that was keyed in, and the promise, written. The other reads all open callbacks and counts them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

from redis import Redis

from benchmarks.figures import RINGBACK, Aim, Figure, compare, in_turns
from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import promise
from ivr.callbacks.record import SYSTEM, Window
from ivr.callbacks.windows import count_booked
from ivr.config import Config
from ivr.engine.call import Call
from ivr.flow.callback_talk import (
    CallbackOffer,
    CallbackWanted,
    NumberChecked,
    NumberWanted,
    Promised,
    PromiseWanted,
)
from ivr.flow.language import load_languages
from ivr.services.callbacks.booking import CallbackDesk
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.connection import connect
from ivr.store.line import Person
from ivr.store.server import private_server

COUNTED = "reading and counting them all"
MOST_MILLISECONDS = 5.0
QUEUE = "q"
NOW = 1_796_036_400.0
"""A Monday morning, in Stockholm."""
EACH = 20
"""Bookings in a round."""
ALL_KINDS = 1_000
"""Numbers; each has a callback about several matters."""
NO_LIMITS = Limits(1_000_000, 1_000_000, 1_000_000, 1_000_000)


def measure(rounds: int, callbacks: int, tell: Callable[[str], None]) -> Figure:
    """Milliseconds for each, with so many callbacks open."""
    with (
        tempfile.TemporaryDirectory() as folder,
        private_server(Path(folder), appendfsync="no") as url,
        connect(url) as redis,
    ):
        office = _Office(redis, callbacks)
        tell(f"{callbacks:,} callbacks are promised")
        office.fill(callbacks)
        contestants = {
            RINGBACK: partial(_milliseconds, office.book, EACH),
            COUNTED: partial(_milliseconds, office.count, 1),
        }
        in_turns(contestants, 1, lambda step: tell(f"warming up, {step}"))
        values = in_turns(contestants, max(rounds, 1), tell)
    what = f"booking a callback, {callbacks:,} open, two weeks of windows: own processor time"
    aim = Aim("value", "under", MOST_MILLISECONDS)
    return compare(what, "ms", values, COUNTED, "less", aim)


class _Office:
    def __init__(self, redis: Redis, callbacks: int) -> None:
        # Of some three hundred windows the first two thirds are full.
        self._config = _config(room=max(1, callbacks // 200))
        self._desk = CallbackDesk(self._config, redis, load_languages())
        self._store = CallbackStore(redis)
        self._asked = count(1)

    def fill(self, callbacks: int) -> None:
        room = self._config.queues[QUEUE].callbacks.room or 1
        known = self._desk.booking.rooms.work_out(QUEUE, NOW).windows[2:]
        for number in range(callbacks):
            window = known[number // room]
            self._promise(f"c{number}", number, window, room)

    def book(self) -> None:
        """All of a caller's booking."""
        asked = next(self._asked)
        caller = f"+467017406{5 + asked % 95:02}"
        call = Call(f"CA{asked}", "main", "1", "sv", NOW, caller=caller, turn=4)
        offer = self._desk.answer(CallbackWanted(QUEUE, asked=True), call, NOW)
        assert isinstance(offer, CallbackOffer) and offer.windows
        keyed = f"0044770090{asked % ALL_KINDS:04}"
        checked = self._desk.answer(NumberWanted(QUEUE, keyed), call, NOW)
        assert isinstance(checked, NumberChecked) and checked.number
        window = offer.windows[0].begins, offer.windows[0].ends
        wanted = PromiseWanted(QUEUE, "window", checked.number, NOW, window=window, own=False)
        done = self._desk.answer(wanted, call, NOW)
        assert isinstance(done, Promised) and done.said, done

    def count(self) -> None:
        """What is booked, from the callbacks themselves."""
        stored = self._store.read_all(self._store.open_ids())
        assert count_booked(one.callback for one in stored)

    def _promise(self, name: str, number: int, window: Window, room: int) -> None:
        made = promise(
            name, QUEUE, f"+447700900{number % ALL_KINDS:03}", f"m{number // ALL_KINDS}", NOW,
            SYSTEM, NOW, window=window,
        )  # fmt: skip
        about = About(Person(line="main", language="en", path=("an invoice",)))
        done = self._store.promise(
            made, about, Asking(NO_LIMITS), NOW, capacity=room, on_disk=False
        )
        assert isinstance(done, StoredCallback), done


def _config(room: int) -> Config:
    return Config.model_validate(
        {
            "company": "Example",
            "time_zone": "Europe/Stockholm",
            "lines": {"main": {"number": "+46846500400", "flow": "main"}},
            "fallback": {"number": "+46846500499"},
            "schedules": {"office": {"weekly": {"monday-sunday": "08:00-20:00"}}},
            "queues": {
                QUEUE: {"hours": "office", "callbacks": {"room": room, "furthest": 14}},
            },
            "callbacks": {
                "countries": ["SE", "GB"],
                "limits": {
                    "number_a_day": 100, "calls_a_day": 100, "others_a_day": 100,
                    "everybody_an_hour": 100_000,
                },
            },
        }
    )  # fmt: skip


def _milliseconds(do: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        do()
    return (time.process_time() - began) * 1000 / times
