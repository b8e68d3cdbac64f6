"""Two desks at once, and whatever people, agents and workers do: nobody is lost or stands twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from random import Random
from typing import Any, cast

import msgspec
import pytest
from redis import Redis

from ivr.callbacks.record import Actor
from ivr.callbacks.states import ENDS
from ivr.callbacks.windows import count_booked
from ivr.engine.call import Call
from ivr.flow.callback_talk import CallbackWanted, ChangeWanted, PromiseWanted
from ivr.queueing.protocol import Estimate
from ivr.services.callbacks.booking.making import booking_handlers
from ivr.store import keys
from ivr.store.booking import KEEP_PLACE
from ivr.store.callbacks import matter, stands
from ivr.store.calls import CallStore
from ivr.store.connection import connect
from ivr.store.due import DueRecord, DueStore
from tests.services.callbacks.offices import NOON, QUEUE, Office, settings
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

ROOM = 2
COMPANY = {"limits": {"number_a_day": 100, "calls_a_day": 100, "everybody_an_hour": 10_000}}
CALLBACKS = {"room": ROOM, "share": 100, "hang_up_keeps_place_after": 0}
EVA = Actor("agent", "Eva")
CALLS, TIMES = count(1), count(1)


class Person:
    """Somebody with one telephone. `first`: when they rang first, since when nobody has served or
    forgotten them."""

    def __init__(self, number: int) -> None:
        self.number = f"+467017406{number:02}"
        self.call: Call | None = None
        self.first = 0.0


class Street:
    """What the people of one street do, at their own desk; and what staff does to anybody's."""

    def __init__(self, url: str, people: list[Person], everybody: list[Person], seed: int) -> None:
        self.redis = connect(url)
        self.office = Office(self.redis, settings(CALLBACKS, **COMPANY))
        self.calls = CallStore(self.redis)
        self.keep = booking_handlers(self.office.config, self.redis)[KEEP_PLACE]
        self.people, self.everybody = people, everybody
        self.chance = Random(seed)

    def lives(self, steps: int) -> None:
        for _ in range(steps):
            person, now = self.chance.choice(self.people), NOON + next(TIMES) / 100
            doing = self.chance.random()
            if doing < 0.15:
                self.staff(now)
            elif doing < 0.3:
                self.worker(now)
            elif person.call is None:
                self.rings(person, now)
            else:
                self.waits(person, person.call, now)

    def rings(self, person: Person, now: float) -> None:
        call = Call(f"CA{next(CALLS)}", "main", "1", "en", now, caller=person.number, turn=2)
        self.calls.note_status(call.id, "in-progress", 1, None, now)
        known = self.ask(CallbackWanted(QUEUE), call, now).known
        first = now
        if known is not None:
            choice = self.chance.choice(known.choices)
            windows = [None] if choice != "move" else [*self.office.desk.windows(QUEUE, now)]
            window = self.chance.choice(windows) if windows else None
            if choice == "move" and window is None:
                choice = "keep"
            if choice != "keep":
                bounds = None if window is None else (window.begins, window.ends)
                done = self.ask(ChangeWanted(known.id, choice, bounds), call, now)
                first = known.first if choice == "wait_here" and not done.why else 0.0
            if choice != "wait_here" or not first:
                self.calls.note_status(call.id, "completed", 2, 1, now)
                return
            if self.chance.random() < 0.2:
                # The turn is lost, or they hang up before it is written.
                self.calls.note_status(call.id, "completed", 2, 1, now)
                return
        person.first, person.call = first, call
        self.office.waits(call, first)

    def waits(self, person: Person, call: Call, now: float) -> None:
        if self.chance.random() < 0.5:
            kind = self.chance.choice(["place", "window"])
            free = self.office.desk.windows(QUEUE, now)
            window = self.chance.choice(free) if kind == "window" and free else None
            wanted = PromiseWanted(
                QUEUE, "place" if window is None else "window", person.number, person.first,
                window=None if window is None else (window.begins, window.ends),
            )  # fmt: skip
            twice = 1 + (self.chance.random() < 0.3)
            if {self.ask(wanted, call, now).why for _ in range(twice)} != {""}:
                return
        person.call = None
        for _ in range(1 + (self.chance.random() < 0.3)):
            self.calls.note_status(call.id, "completed", 2, 1, now)

    def staff(self, now: float) -> None:
        number = self.chance.choice(self.everybody).number
        for stored in self.office.callbacks.of_number(number):
            free = self.office.desk.windows(QUEUE, now)
            if stored.callback.state in ENDS:
                continue
            if self.chance.random() < 0.3 or not free:
                self.office.desk.cancel(stored, EVA, now)
            else:
                self.office.desk.move(stored, self.chance.choice(free), EVA, now, "they asked")

    def worker(self, now: float) -> None:
        for record in DueStore(self.redis).claim(now, 5, 60, 60).records:
            if record.kind == KEEP_PLACE:
                for _ in range(1 + (self.chance.random() < 0.3)):
                    self.keep(DueRecord(KEEP_PLACE, record.subject), now)

    def ask(self, request: Any, call: Call, now: float) -> Any:
        return self.office.desk.answer(request, call, now)


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_lost_and_nobody_stands_twice(redis: Redis, store_url: str, seed: int) -> None:
    everybody = [Person(number) for number in range(5, 17)]
    streets = [
        Street(store_url, everybody[:6], everybody, 10 * seed),
        Street(store_url, everybody[6:], everybody, 10 * seed + 1),
    ]
    streets[0].office.board(joining=Estimate(0.0, 60.0, 200.0, 70.0))
    for _ in range(3):
        with ThreadPoolExecutor(2) as both:
            for done in [both.submit(street.lives, 35) for street in streets]:
                done.result()
        for call in pending(redis):
            streets[0].keep(DueRecord(KEEP_PLACE, call), NOON + 60)
        check(redis, streets[0].office, everybody)
    for street in streets:
        street.redis.close()


def pending(redis: Redis) -> list[str]:
    """The calls whose place nobody has seen to, claimed or not."""
    found = [name.decode() for name in cast("list[bytes]", redis.hkeys(keys.DUE_RECORDS))]
    return [one.partition(":")[2] for one in found if one.startswith(KEEP_PLACE)]


def check(redis: Redis, office: Office, everybody: list[Person]) -> None:
    store = office.callbacks
    still_open = [one for one in store.read_all(store.open_ids())]
    booked = store.booked(QUEUE)
    assert booked == count_booked(one.callback for one in still_open)
    assert all(number <= ROOM for number in booked.values())
    assert len({matter(one.callback) for one in still_open}) == len(still_open)
    line = office.lines.waiting(QUEUE)
    callbacks = {one.id for one in still_open if stands(one.callback)}
    promised = {person.number: was_promised(redis, office, person) for person in everybody}
    for person in everybody:
        theirs = [one for one in still_open if one.callback.number == person.number]
        live = person.call is not None and person.call.id in line
        assert live == (person.call is not None), "Who waits stands in the line."
        places = [one.id for one in theirs if one.id in callbacks]
        assert len(places) + live <= 1, "Nobody stands in the line twice."
        assert not promised[person.number] or theirs or live, "Who was promised is not forgotten."
        for one in theirs:
            assert one.callback.rang_at == person.first, "Nothing changes the place."
        if person.call is not None:
            place = office.lines.place(person.call.id)
            assert place is not None and place.order == person.first
    waiting = {person.call.id for person in everybody if person.call is not None}
    assert set(line) == callbacks | waiting


def was_promised(redis: Redis, office: Office, person: Person) -> bool:
    """Whether they were promised a callback that they have not cancelled since."""
    theirs = {one.id: one for one in office.callbacks.of_number(person.number)}
    open_promise = False
    entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(keys.EVENTS))
    for _, fields in entries:
        for event in msgspec.json.decode(fields[b"events"]):
            if event["type"] != "CallbackMoved" or event["callback"] not in theirs:
                continue
            if event["event"] in ("place_promised", "window_promised"):
                open_promise = True
            elif event["event"] == "cancelled":
                open_promise = False
    return open_promise
