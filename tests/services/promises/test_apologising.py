"""Whoever waits for a callback that did not come in time hears an apology: once, and in time."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from redis import Redis

from ivr.callbacks.moves import Details, promise
from ivr.callbacks.record import SYSTEM, Actor, Window
from ivr.clock import FixedClock
from ivr.config import read_config
from ivr.promises.account import APOLOGY_WITHIN, LATENESS
from ivr.promises.consent import Given
from ivr.promises.events import TextState
from ivr.queueing.board import Board
from ivr.queueing.protocol import Estimate
from ivr.services.due import PutOff, drain
from ivr.services.promises.making import promise_handlers
from ivr.store.callbacks import About, CallbackStore, StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.due import DueRecord, DueStore
from ivr.store.estimates import EstimateStore
from ivr.store.line import Person
from ivr.store.outbox import Change, OutboxStore, Stands, StoredText
from ivr.store.promises import EVENTS, FOLLOW_PROMISES, PromiseStore
from tests.services.estimates.office import CONFIG
from tests.services.promises.town import ASKING, BEGAN

MOBILE, LANDLINE = "+46701740605", "+46846500455"
ZONE = ZoneInfo("Europe/Stockholm")
EVA, PERSON = Actor("supervisor", "Eva"), Actor("person")


def later(record: DueRecord, now: float) -> PutOff:
    """What other workers do."""
    return PutOff(now + 6000)


class World:
    """Somebody who was promised a call within ten minutes, and workers who follow the promises."""

    def __init__(self, redis: Redis, number: str = MOBILE, *, window: bool = False) -> None:
        self.now = BEGAN
        self.due, self.store = DueStore(redis), PromiseStore(redis)
        self.callbacks, self.outbox = CallbackStore(redis), OutboxStore(redis)
        self.estimates = EstimateStore(redis)
        config = read_config(CONFIG.encode(), Path("config.yaml"), {})
        self.handlers = {
            **dict.fromkeys(("callback", "dispatch_callbacks", "route_texts"), later),
            **promise_handlers(config, redis),
        }
        ConsentStore(redis).note(MOBILE, Given(BEGAN - 60, "call", "sv"))
        until = BEGAN + 600
        wanted = Window(BEGAN + 60, until) if window else None
        made = promise(
            "cb", "moving", number, "moving", BEGAN - 60, PERSON, BEGAN, window=wanted,
            until=None if window else until,
        )  # fmt: skip
        about = About(Person(caller=number, language="sv"))
        stored = self.callbacks.promise(made, about, ASKING, BEGAN, capacity=9, on_disk=False)
        assert isinstance(stored, StoredCallback)
        self.due.ensure(FOLLOW_PROMISES, EVENTS, BEGAN)

    def until(self, seconds: float) -> None:
        """Workers do what is due, until so long after the promise."""
        while self.now < BEGAN + seconds:
            self.now = min(self.now + 20, BEGAN + seconds)
            at = FixedClock(datetime.fromtimestamp(self.now, UTC))
            drain(self.due, self.handlers, at)

    def estimated(self, low: float, high: float) -> None:
        """What is known of the wait."""
        wait = Estimate(low, (low + high) / 2, high, (low + high) / 2)
        joining = wait if isfinite(high) else None
        board = Board("moving", self.now, joining=joining, sound=True, agents=1)
        read = self.estimates.knowledge()
        assert self.estimates.write(
            read, b"{}", read.last, self.now, boards={"moving": board}, waits={"cb": wait}
        )

    def texts(self) -> tuple[StoredText, ...]:
        return self.outbox.of("cb")

    def text_is(self, state: TextState) -> None:
        (text,) = self.texts()
        assert self.outbox.write(text, Change(Stands(state, self.now), told=state), self.now)

    def outcomes(self) -> list[tuple[str, str]]:
        account = self.store.accounts(["cb"])["cb"]
        return [(one.kind, one.outcome) for one in account.promises]


OVER = 600 + LATENESS + 10


@pytest.mark.parametrize("window", [False, True])
def test_a_text_tells_the_new_time_which_is_a_promise_itself(redis: Redis, window: bool) -> None:
    world = World(redis, window=window)
    world.until(600)
    assert world.texts() == ()
    world.until(644)
    if not window:
        world.estimated(300, 900)
    world.until(OVER)
    (text,) = world.texts()
    assert text.text.kind == ("sorry_open" if window else "sorry")
    assert text.text.wanted_at <= BEGAN + 600 + APOLOGY_WITHIN
    assert "förlåt" in text.text.text
    world.text_is("sent")
    world.until(OVER + 20)
    assert world.store.owed("cb") is None
    kind = "window" if window else "call_back"
    new = [] if window else [("told_wait", "open")]
    assert world.outcomes() == [(kind, "broken"), ("apology", "kept"), *new]
    world.until(2000)
    # A new time that is not kept either has an apology of its own.
    assert len(world.texts()) == (1 if window else 2)
    assert world.store.open_subjects() == []


def test_a_wait_that_nobody_can_tell_is_no_new_time(redis: Redis) -> None:
    world = World(redis)
    world.until(644)
    world.estimated(float("inf"), float("inf"))
    world.until(OVER)
    assert [one.text.kind for one in world.texts()] == ["sorry_open"]


def test_who_cannot_be_sent_texts_hears_it_when_rung_and_only_once(redis: Redis) -> None:
    world = World(redis, LANDLINE)
    world.until(OVER)
    assert world.texts() == ()
    owed = world.store.owed("cb")
    assert owed is not None
    assert (owed.kind, owed.until) == ("call_back", BEGAN + 600)
    assert world.store.apologised("cb", world.now)
    assert not world.store.apologised("cb", world.now)
    world.until(OVER + 10)
    assert world.outcomes() == [("call_back", "broken"), ("apology", "kept")]


def test_an_apology_that_did_not_arrive_is_owed_by_voice_again(redis: Redis) -> None:
    world = World(redis)
    world.until(OVER)
    world.until(OVER + 5)
    assert world.store.owed("cb") is None
    world.text_is("failed")
    world.until(OVER + 10)
    assert world.store.owed("cb") is not None
    world.until(900)
    assert len(world.texts()) == 1
    assert world.outcomes() == [("call_back", "broken"), ("apology", "broken")]
    assert world.store.open_subjects() == []


def test_who_was_rung_in_time_or_went_away_hears_no_apology(redis: Redis) -> None:
    world = World(redis)
    stored = world.callbacks.read("cb")
    assert stored is not None
    world.until(300)
    world.callbacks.move(stored, "cancelled", PERSON, world.now)
    world.until(900)
    assert (world.texts(), world.store.owed("cb")) == ((), None)
    assert world.outcomes() == [("call_back", "withdrawn")]


def test_who_is_moved_by_us_is_told_by_whoever_moves_them(redis: Redis) -> None:
    world = World(redis)
    stored = world.callbacks.read("cb")
    assert stored is not None
    world.until(300)
    window = Window(world.now + 3600, world.now + 5400)
    moved = world.callbacks.move(stored, "moved", EVA, world.now, Details("x", window), capacity=9)
    assert isinstance(moved, StoredCallback)
    world.until(310)
    assert world.texts() == ()
    assert world.store.owed("cb") is not None
    told = world.callbacks.move(moved, "told", SYSTEM, world.now, Details("by text"))
    assert isinstance(told, StoredCallback)
    world.until(320)
    assert world.store.owed("cb") is None
    assert world.outcomes() == [("call_back", "broken"), ("window", "open"), ("apology", "kept")]


def test_a_worker_that_dies_after_it_wrote_the_text_writes_no_second_one(redis: Redis) -> None:
    world = World(redis)
    world.until(OVER)
    (before,) = world.texts()
    world.due.schedule("apologise", "cb", world.now)
    world.until(OVER + 5)
    assert world.texts() == (before,)
