"""A day of the whole system, with followers that die: at its end the ledger has no open entry, and
counts what the telephone company saw. Short in the suite, long by `make faults`."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from redis import Redis

from ivr.callbacks.moves import promise
from ivr.callbacks.record import SYSTEM, Window
from ivr.cli.demo.yesterday import Yesterday, learn
from ivr.services.due import Done, Handler, PutOff
from ivr.services.promises.report import PromiseReport
from ivr.simulator.journal import Exchange
from ivr.simulator.people_reading import read_person
from ivr.store.callbacks import DISPATCH_CALLBACKS, About, StoredCallback
from ivr.store.due import DueRecord
from ivr.store.estimates import ESTIMATE, EstimateStore
from ivr.store.line import Person
from ivr.store.promises import EVENTS, FOLLOW_PROMISES, PromiseStore
from tests.calls.agents_floor import ANNA, MAIN
from tests.calls.callback_floor import QUEUE, STOCKHOLM, CallbackFloor, callback_floor
from tests.services.promises.town import ASKING

LONG = bool(os.environ.get("FAULTS"))
CALLERS, CALLBACKS = (150, 37) if LONG else (6, 3)
BETWEEN = 90.0 if LONG else 25.0
"""Seconds of telephony from one caller to the next, on average: at times more than one agent can
take."""
TALK = 60.0
CAME_TO: dict[str, Any] = {
    "answers": {"answers_after": 4, "then": [{"waits": 30}, {"hangs_up": True}]},
    "busy": {"calls": ["busy", {"answers_after": 4, "then": [{"waits": 30}]}]},
    "nobody": {"does": "no_answer"},
}
SAID = re.compile(
    r"(?:Your wait should be|It should take) "
    r"(?:less than (two)|[^.<]*?(\d+)) minutes?(?: at most)?\."
)
ROOM = re.compile(r"<Conference[^>]*>(R\d+)</Conference>")


def rarely(handler: Handler) -> Handler:
    """Each look costs a test time."""

    def handle(record: DueRecord, now: float) -> Done | PutOff:
        handler(record, now)
        return PutOff(now + 20)

    return handle


class Day:
    """What happens, and what of it the telephone company saw."""

    def __init__(self, floor: CallbackFloor, seed: int) -> None:
        self.floor = floor
        self.chance = Random(seed)
        self.windows: dict[str, float] = {}
        """Of callbacks: until when, by number."""
        self.kinds: dict[str, str] = {}
        self.killed = 0
        floor.works(hang_up_keeps_place=False)
        floor.handlers[FOLLOW_PROMISES] = self._dies_now_and_then(floor.handlers[FOLLOW_PROMISES])
        for kind in (ESTIMATE, DISPATCH_CALLBACKS):
            floor.handlers[kind] = rarely(floor.handlers[kind])
        floor.due.ensure(FOLLOW_PROMISES, EVENTS, floor.at())
        estimates = EstimateStore(floor.redis)
        learn(estimates, floor.config, Yesterday(floor.config, {"anna": TALK}, floor.at() - 4e4))
        estimates.ensure_due(floor.at())

    def _dies_now_and_then(self, follow: Handler) -> Handler:
        """Before it has written anything, or right after."""

        def handle(record: DueRecord, now: float) -> Done | PutOff:
            chance = self.chance.random()
            if chance > 0.1:
                follow(record, now)
            self.killed += chance < 0.2
            return PutOff(now + 20)

        return handle

    def goes_by(self) -> None:
        floor, chance = self.floor, self.chance
        floor.people(anna={"then": [{"presses": 1}, {"waits": TALK}, {"hangs_up": True}]})
        floor.service.come("anna", floor.now)
        callbacks = chance.sample(range(CALLERS), min(CALLBACKS, CALLERS))
        callbacks += range(CALLBACKS - len(callbacks))
        for number in range(CALLERS):
            self._rings(number)
            for _ in range(callbacks.count(number)):
                self._is_promised()
            floor.passes(chance.expovariate(1 / BETWEEN))
        store = PromiseStore(floor.redis)
        for _ in range(240):
            floor.passes(60)
            if not store.open_subjects() and self._all_done():
                return
        raise AssertionError("something is open after four hours")

    def _rings(self, number: int) -> None:
        waits = max(20.0, self.chance.expovariate(1 / 400))
        steps: list[dict[str, Any]] = [{"presses": 1}, {"waits": waits}, {"hangs_up": True}]
        self.floor.phones(*steps, who=f"+4670174{650 + number % 50:04}")

    def _is_promised(self) -> None:
        floor, name = self.floor, f"CB{len(self.windows)}"
        number = f"+4670174{613 + len(self.windows) % 37:04}"
        if number in self.windows:
            return
        person = CAME_TO[self.chance.choice(["answers", "answers", "busy", "nobody"])]
        floor.company.carrier.directory.people[number] = read_person(person, name)
        now, lasts = floor.at(), self.chance.choice([60, 400, 1500])
        window = Window(now + 60, now + 60 + lasts) if self.chance.random() < 0.5 else None
        made = promise(
            name, QUEUE, number, QUEUE, now, SYSTEM, now, window=window,
            until=None if window else now + lasts,
        )  # fmt: skip
        about = About(Person(line="main", language="en", caller=number))
        stored = floor.store.promise(made, about, ASKING, now, capacity=99)
        assert isinstance(stored, StoredCallback)
        self.windows[number] = stored.callback.until
        self.kinds[number] = "window" if window else "call_back"

    def _all_done(self) -> bool:
        return all(call.ended_at is not None for call in self.floor.company.carrier.calls.all())

    # -- What the telephone company saw

    def seen(self) -> Counter[tuple[str, str]]:
        """Promises of each kind that came to what."""
        found: Counter[tuple[str, str]] = Counter()
        calls = {call.sid: call for call in self.floor.company.carrier.calls.all()}
        answered = self._answered()
        for sid, told in self._told().items():
            for at, until in told:
                found["told_wait", self._waited(calls[sid], at, until, answered.get(sid))] += 1
        for number, until in self.windows.items():
            rung = [
                call for call in calls.values()
                if call.called == number and call.created_at.timestamp() < until
            ]  # fmt: skip
            found[self.kinds[number], "kept" if rung else "broken"] += 1
        return found

    def _waited(self, call: Any, at: float, until: float, answered: float | None) -> str:
        if answered is not None and answered <= until:
            return "kept"
        gone = call.ended_at.timestamp()
        return "withdrawn" if answered is None and gone <= until else "broken"

    def _told(self) -> dict[str, list[tuple[float, float]]]:
        """By call: when a time was told, and until when it was."""
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for one in self._documents():
            if said := SAID.search(one.body):
                at = one.at.timestamp()
                found[one.call_sid].append((at, at + 60 * int(said[2] or 2)))
        return found

    def _answered(self) -> dict[str, float]:
        """By call: when the agent had taken them. Whoever hung up at that very moment came into no
        conference: it is the one who left soonest after."""
        rooms: dict[str, float] = {}
        people: dict[str, str] = {}
        calls = self.floor.company.carrier.calls.all()
        agents = {call.sid for call in calls if call.called == ANNA}
        ringing_back: set[str] = set()
        for one in self._documents():
            room = ROOM.search(one.body)
            if "A promised call back" in one.body:
                ringing_back.add(one.call_sid)
            if room is not None and one.call_sid not in agents:
                people.setdefault(one.call_sid, room[1])
            elif room is not None and one.call_sid not in ringing_back:
                rooms.setdefault(room[1], one.at.timestamp())
        found = {sid: rooms[room] for sid, room in people.items() if room in rooms}
        for name, at in rooms.items():
            if name not in people.values():
                gone = [(call.ended_at.timestamp(), call.sid) for call in calls
                        if call.ended_at and call.called == MAIN and call.sid not in found
                        and call.ended_at.timestamp() >= at]  # fmt: skip
                found[min(gone)[1]] = at
        return found

    def _documents(self) -> list[Exchange]:
        return [one for one in self.floor.company.carrier.journal.exchanges
                if one.direction == "out" and "<Response>" in one.body]  # fmt: skip


@pytest.mark.timeout(600)
def test_at_the_end_of_a_day_nothing_is_open_and_the_share_is_what_was_seen(
    redis: Redis, store_url: str, tmp_path: Path
) -> None:
    with callback_floor(redis, store_url, tmp_path) as floor:
        day = Day(floor, int(os.environ.get("FAULTS") or 4))
        first = floor.now.astimezone(STOCKHOLM).date()
        day.goes_by()
        report, counted = PromiseReport(floor.config, redis), Counter[tuple[str, str]]()
        for number in range(3):
            found = report.day(first + timedelta(days=number), floor.now)
            assert found.open == []
            for one in found.kept:
                if one.kind != "apology":
                    counted[one.kind, "kept"] += one.kept
                    counted[one.kind, "broken"] += one.broken
                    counted[one.kind, "withdrawn"] += one.withdrawn
        assert +counted == day.seen()
        assert day.killed
        assert min(day.seen()[kind, "kept"] for kind in ("told_wait", "window")) > 0
