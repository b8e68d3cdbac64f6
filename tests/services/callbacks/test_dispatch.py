"""Who comes into the line, when, and before whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from redis import Redis

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import promise
from ivr.callbacks.record import SYSTEM, Callback, Window
from ivr.callbacks.windows import Capacity
from ivr.carrier.rest import connect
from ivr.config import Config
from ivr.promises.consent import Given
from ivr.services.callbacks.calling.making import calling
from ivr.services.due import PutOff
from ivr.store import keys
from ivr.store.agents import AgentStore
from ivr.store.callbacks import DISPATCH_CALLBACKS, About, Asking, CallbackStore, StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.due import DueRecord
from ivr.store.line import LineStore, Person, new_place
from ivr.store.outbox import OutboxStore
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=STOCKHOLM).timestamp()
CLOSES = datetime(2026, 11, 25, 16, 0, tzinfo=STOCKHOLM).timestamp()
MORNING = datetime(2026, 11, 26, 8, 0, tzinfo=STOCKHOLM).timestamp()
QUEUE = "billing"


class Office:
    """A queue in which nobody works until somebody comes."""

    def __init__(self, redis: Redis) -> None:
        told: dict[str, Any] = {
            "company": "Example",
            "time_zone": "Europe/Stockholm",
            "lines": {"main": {"number": "+46846500400", "flow": "main"}},
            "fallback": {"number": "+46846500499"},
            "schedules": {"office": {"weekly": {"monday-friday": "08:00-16:00"}}},
            "queues": {QUEUE: {"hours": "office", "handling": 300}},
        }
        self.redis = redis
        # Nothing here asks the carrier for anything.
        carrier = connect("AC" + "0" * 32, "none")
        made = calling(Config.model_validate(told), redis, carrier, lambda: NOON)
        self.dispatch = made.handlers[DISPATCH_CALLBACKS]
        self.store = CallbackStore(redis)
        self.lines, self.agents = LineStore(redis), AgentStore(redis)
        self.count = 0

    def works(self, at: float) -> float:
        """A worker looks; when it will look again."""
        outcome = self.dispatch(DueRecord(DISPATCH_CALLBACKS, QUEUE), at)
        assert isinstance(outcome, PutOff)
        return outcome.until

    def caller(self, rang_at: float) -> str:
        """Somebody on the line."""
        self.count += 1
        call = f"CA{self.count:032}"
        self.lines.join(new_place(call, QUEUE, Person(), first=rang_at, call=call), rang_at)
        return call

    def promised(self, rang_at: float, window: Window | None = None, **how: Any) -> str:
        self.count += 1
        number = f"+467017406{self.count:02}"
        made = promise(f"C{self.count}", QUEUE, number, QUEUE, rang_at, SYSTEM, rang_at,
                       window=window, until=None if window else rang_at + 7200, **how)  # fmt: skip
        about = About(Person(line="main", caller=number))
        stored = self.store.promise(made, about, Asking(Limits()), rang_at, capacity=9)
        assert isinstance(stored, StoredCallback), stored
        return stored.id

    def opened(self, rang_at: float, window: Window) -> str:
        """One whose window has begun."""
        one = self.promised(rang_at, window)
        stored = self.store.read(one)
        assert stored is not None
        moved = self.store.move(stored, "window_opened", SYSTEM, window.begins)
        assert isinstance(moved, StoredCallback)
        return one

    def callback(self, callback_id: str) -> Callback:
        stored = self.store.read(callback_id)
        assert stored is not None
        return stored.callback

    def line(self) -> tuple[str, ...]:
        return self.lines.waiting(QUEUE)


@pytest.fixture
def office(redis: Redis) -> Iterator[Office]:
    yield Office(redis)


def test_places_and_callers_stand_in_the_order_in_which_they_rang(office: Office) -> None:
    second = office.caller(NOON - 200)
    first, third = office.promised(NOON - 300), office.promised(NOON - 100)
    office.works(NOON)
    assert office.line() == (first, second, third)


def test_a_window_waits_while_others_need_the_agents(office: Office) -> None:
    office.agents.arrive("anna", {QUEUE: 1.0}, NOON, address="client:anna")
    for at in range(3):
        office.caller(NOON - 90 + at)
    one = office.opened(NOON - 9000, Window(NOON, NOON + 7200))
    office.works(NOON)
    assert one not in office.line()


def test_a_window_whose_end_is_near_goes_before_the_line_and_its_boost_tells_why(
    office: Office,
) -> None:
    office.agents.arrive("anna", {QUEUE: 1.0}, NOON - 95, address="client:anna")
    callers = [office.caller(NOON - 90 + at) for at in range(3)]
    one = office.opened(NOON - 30, Window(NOON, NOON + 1800))
    office.works(NOON + 1500)
    # The first caller is with the agent.
    assert office.line() == (one, *callers[1:])
    place = office.lines.place(one)
    assert place is not None
    assert place.first == NOON - 30
    assert place.boost > 0


def test_a_window_is_given_to_an_agent_whom_nobody_else_needs(office: Office) -> None:
    office.agents.arrive("anna", {QUEUE: 1.0}, NOON, address="client:anna")
    one = office.opened(NOON - 9000, Window(NOON, NOON + 7200))
    office.works(NOON)
    place = office.lines.place(one)
    assert place is not None
    assert place.state == "reserved"


def test_at_closing_they_leave_the_line_and_come_back_in_the_same_order(office: Office) -> None:
    first, second = office.promised(CLOSES - 600), office.promised(CLOSES - 500)
    live = office.caller(CLOSES - 550)
    again = office.works(CLOSES - 90)
    assert office.line() == (first, live, second)
    assert again <= CLOSES - 60
    again = office.works(CLOSES - 59)
    assert office.line() == (live,)
    assert again <= MORNING
    office.works(CLOSES + 3600)
    assert office.line() == (live,)
    office.lines.leave(live, "hung_up", CLOSES + 3700)
    office.works(MORNING)
    assert office.line() == (first, second)


def test_a_window_that_ends_at_closing_is_promised_for_another_day(office: Office) -> None:
    tomorrow = Window(MORNING, MORNING + 1800)
    one = office.opened(NOON, Window(CLOSES - 1800, CLOSES))
    full = Capacity((Window(CLOSES - 1800, CLOSES), tomorrow), (9, 1))
    office.redis.hset(keys.CALLBACK_ROOMS, QUEUE, msgspec.json.encode(full))
    office.works(CLOSES - 30)
    assert office.callback(one).window == tomorrow
    assert office.callback(one).untold is not None


def test_who_can_be_texted_is_told_the_new_time_and_that_we_are_sorry(office: Office) -> None:
    tomorrow = Window(MORNING, MORNING + 1800)
    one = office.opened(NOON, Window(CLOSES - 1800, CLOSES))
    ConsentStore(office.redis).note("+46701740601", Given(NOON, "call", "en"), on_disk=False)
    room = Capacity((tomorrow,), (1,))
    office.redis.hset(keys.CALLBACK_ROOMS, QUEUE, msgspec.json.encode(room))
    office.works(CLOSES - 30)
    assert (office.callback(one).window, office.callback(one).untold) == (tomorrow, None)
    (text,) = OutboxStore(office.redis).of(one)
    assert text.text.kind == "sorry" and "tomorrow between 8:00 and 8:30" in text.text.text


def test_a_window_that_has_no_room_on_another_day_is_first_in_the_morning(office: Office) -> None:
    one = office.opened(NOON, Window(CLOSES - 1800, CLOSES))
    office.works(CLOSES - 30)
    assert office.callback(one).state == "due"
    caller = office.caller(MORNING)
    office.works(MORNING + 1)
    assert office.line() == (one, caller)


def test_who_is_rung_before_an_agent_is_asked_stands_in_no_line(office: Office) -> None:
    before = office.caller(NOON - 300)
    one = office.promised(NOON - 200, agent_first=False)
    office.works(NOON)
    assert office.line() == (before,)
    assert office.callback(one).state == "waiting"
    office.lines.leave(before, "hung_up", NOON + 1)
    office.works(NOON + 10)
    assert office.callback(one).state == "due"
    assert office.line() == ()


def test_looking_twice_changes_nothing(office: Office) -> None:
    one = office.promised(NOON - 300)
    for _ in range(3):
        office.works(NOON)
    assert office.line() == (one,)
    assert office.callback(one).moves == 1
