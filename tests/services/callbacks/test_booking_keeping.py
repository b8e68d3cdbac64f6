"""Whoever hangs up while they wait: one callback place, or none, and never two."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis

from ivr.callbacks.offering import kept_place_id
from ivr.callbacks.record import Actor
from ivr.engine.call import Call
from ivr.flow.callback_talk import ChangeWanted
from ivr.queueing.protocol import Estimate
from ivr.services.callbacks.booking.making import booking_handlers
from ivr.services.due import Done
from ivr.store.agents import AgentStore
from ivr.store.booking import KEEP_PLACE
from ivr.store.callbacks import StoredCallback
from ivr.store.calls import CallStore
from ivr.store.consent import ConsentStore, Stopped
from ivr.store.due import DueRecord, DueStore
from ivr.store.outbox import OutboxStore
from tests.services.callbacks.offices import MOBILE, NOON, QUEUE, Office, at, settings
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

PERSON = Actor("person")


class Line(Office):
    """Three wait before; the caller has waited for ten minutes."""

    def __init__(self, redis: Redis, callbacks: dict[str, Any] | None = None) -> None:
        super().__init__(redis, settings(callbacks))
        self.calls = CallStore(redis)
        self.handlers = booking_handlers(self.config, redis)
        self.busy()

    def waiting(self, caller: str | None = MOBILE, since: float = NOON - 600) -> Call:
        call = self.call(caller)
        self.waits(call, since)
        return call

    def hangs_up(self, call: Call, now: float = NOON) -> None:
        self.calls.note_status(call.id, "completed", 2, 600, now)

    def works(self, now: float = NOON) -> list[str]:
        """A worker keeps the places that are to be kept; whose."""
        claimed: list[DueRecord] = []
        while records := DueStore(self.redis).claim(now, 100, 60, 60).records:
            claimed += records
        ours = [one for one in claimed if one.kind == KEEP_PLACE]
        for one in ours:
            assert self.handlers[KEEP_PLACE](one, now) == Done()
        return [one.subject for one in ours]

    def kept(self, call: Call) -> StoredCallback | None:
        return self.callbacks.read(kept_place_id(call.id))


def test_whoever_hangs_up_keeps_the_place_and_is_told_so(redis: Redis) -> None:
    line = Line(redis)
    call = line.waiting(since=NOON - 898)
    ahead = line.lines.ahead(call.id, QUEUE)
    line.hangs_up(call)
    assert line.works() == [call.id]
    kept = line.kept(call)
    assert kept is not None
    assert (kept.about.source, kept.callback.rang_at) == ("hung_up", NOON - 898)
    assert line.lines.ahead(kept.id, QUEUE) == ahead
    (text,) = OutboxStore(redis).of(kept.id)
    assert (text.text.kind, text.text.to) == ("kept_place", MOBILE)


def test_told_again_and_again_there_is_one_place(redis: Redis) -> None:
    line = Line(redis)
    call = line.waiting()
    for _ in range(2):
        line.hangs_up(call)
        line.works()
    for _ in range(3):
        line.handlers[KEEP_PLACE](DueRecord(KEEP_PLACE, call.id), NOON + 60)
    assert len(line.callbacks.open_ids()) == len(OutboxStore(redis).of(kept_place_id(call.id))) == 1
    kept = line.kept(call)
    assert kept is not None
    line.desk.cancel(kept, PERSON, NOON)
    line.handlers[KEEP_PLACE](DueRecord(KEEP_PLACE, call.id), NOON + 60)
    assert not line.callbacks.open_ids()


@pytest.mark.parametrize(
    ("how", "caller", "since", "now"),
    [
        ({"hang_up_keeps_place": False}, MOBILE, NOON - 600, NOON),
        ({"offer": False}, MOBILE, NOON - 600, NOON),
        ({"kinds": ["window"]}, MOBILE, NOON - 600, NOON),
        ({}, MOBILE, NOON - 19, NOON),
        ({}, None, NOON - 600, NOON),
        ({}, "+469001234567", NOON - 600, NOON),
        ({}, MOBILE, at(25, "15:40"), at(25, "15:50")),
    ],
)
def test_the_place_is_not_kept(
    redis: Redis, how: dict[str, Any], caller: str | None, since: float, now: float
) -> None:
    line = Line(redis, how)
    call = line.waiting(caller, since)
    line.hangs_up(call, now)
    assert line.works(now) == [call.id]
    assert line.kept(call) is None


def test_nothing_is_kept_of_whoever_gave_the_place_up_or_was_served(redis: Redis) -> None:
    line = Line(redis)
    left, promised, served, never = (line.waiting(f"+467017406{n:02}") for n in range(10, 14))
    line.lines.leave(left.id, "message", NOON)
    line.promise(promised)
    line.lines.leave(never.id, "closed", NOON)
    for waits in line.lines.waiting(QUEUE):
        if waits != served.id:
            line.lines.leave(waits, "closed", NOON)
    agents = AgentStore(redis)
    agents.arrive("astrid", {QUEUE: 1.0}, NOON)
    place = line.lines.place(served.id)
    assert place is not None and place.reservation
    agents.accept(place.reservation, "CAleg", NOON)
    for call in (left, promised, served, never):
        line.hangs_up(call)
    assert line.works() == []


def test_while_an_agents_telephone_rings_for_them_it_is_kept(redis: Redis) -> None:
    line = Line(redis)
    call = line.waiting(since=NOON - 1000)
    AgentStore(redis).arrive("astrid", {QUEUE: 1.0}, NOON)
    place = line.lines.place(call.id)
    assert place is not None and place.state == "reserved"
    line.hangs_up(call)
    assert line.works() == [call.id]
    assert line.kept(call) is not None


def test_ringing_again_at_once_finds_the_place_kept_although_no_worker_came(redis: Redis) -> None:
    line = Line(redis)
    call = line.waiting()
    line.hangs_up(call)
    offer = line.offer(line.call(), NOON + 5)
    assert offer.known is not None and offer.known.id == kept_place_id(call.id)
    assert line.works(NOON + 5) == [call.id]
    assert len(line.callbacks.open_ids()) == 1


def test_no_second_callback_beside_one_that_is_open(redis: Redis) -> None:
    line = Line(redis)
    line.promise(line.call(), window=line.window(0))
    call = line.waiting()
    line.hangs_up(call)
    line.works()
    assert line.kept(call) is None
    assert len(line.callbacks.open_ids()) == 1


def test_who_did_not_want_the_place_is_not_kept_another_that_day(redis: Redis) -> None:
    line = Line(redis)
    first, second, third = (line.waiting() for _ in range(3))
    line.hangs_up(first)
    line.works()
    kept = line.kept(first)
    assert kept is not None
    line.desk.cancel(kept, PERSON, NOON)
    line.hangs_up(second, NOON + 600)
    line.works(NOON + 600)
    assert line.kept(second) is None
    line.board(NOON + 86_500, joining=Estimate(0.0, 10.0, 60.0, 20.0))
    line.hangs_up(third, NOON + 86_500)
    line.works(NOON + 86_500)
    assert line.kept(third) is not None


def test_who_stopped_texts_keeps_the_place_without_one(redis: Redis) -> None:
    line = Line(redis)
    ConsentStore(redis).note(MOBILE, Stopped(NOON, "text"))
    call = line.waiting()
    line.hangs_up(call)
    line.works()
    assert line.kept(call) is not None
    assert not OutboxStore(redis).of(kept_place_id(call.id))


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("now", [NOON, at(25, "17:00")])
def test_who_came_back_to_the_line_from_a_callback_keeps_the_place_whatever_the_settings(
    redis: Redis, joined: bool, now: float
) -> None:
    line = Line(redis, {"hang_up_keeps_place": False})
    promised = line.promise(line.call(), first=NOON - 700)
    again = line.call()
    line.calls.note_status(again.id, "in-progress", 1, None, NOON)
    done = line.answer(ChangeWanted(promised.callback, "wait_here"), again)
    assert not done.why
    if joined:
        line.waits(again, NOON - 700)
    line.hangs_up(again, now)
    assert line.works(now) == [again.id]
    kept = line.kept(again)
    assert kept is not None
    assert (kept.callback.rang_at, kept.callback.number) == (NOON - 700, MOBILE)
    assert kept.callback.until > now
    assert len(line.callbacks.open_ids()) == 1
