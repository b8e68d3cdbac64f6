"""For how many callbacks windows have room: by rosters, by who joined before, by handling times."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from redis import Redis

from ivr.callbacks.record import Window
from ivr.config import Config
from ivr.queueing.protocol import Estimate
from ivr.services.callbacks.booking.making import booking_handlers
from ivr.services.callbacks.booking.rooms import EVERY, Rooms
from ivr.services.callbacks.booking.showing import KindsOffered
from ivr.services.due import PutOff
from ivr.services.estimates.demand import SLOT
from ivr.store import keys
from ivr.store.booking import WORK_OUT_WINDOWS, BookingStore
from ivr.store.due import DueRecord
from ivr.store.estimates import EstimateStore
from tests.services.callbacks.offices import MOBILE, NOON, QUEUE, STOCKHOLM, Office, at, settings
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]


def rooms(redis: Redis, config: Config, now: float = NOON, queue: str = QUEUE) -> dict[float, int]:
    known = Rooms(config, redis).work_out(queue, now)
    return {window.begins: room for window, room in zip(known.windows, known.room, strict=True)}


def joins(redis: Redis, days: int, calls: int, queue: str = QUEUE, noon: int = 1) -> None:
    """On so many days before the 25th so many joined in each half-hour of the morning, and `noon`
    times as many after twelve."""
    for ago in range(1, days + 1):
        for hour in range(8, 16):
            day = datetime(2026, 11, 25, hour, tzinfo=STOCKHOLM) - timedelta(days=ago)
            count = calls * noon if hour >= 12 else calls
            for half in (0, 1):
                slot = int(day.timestamp()) // SLOT + half
                redis.hset(keys.joined(queue), str(slot), count)


def test_windows_lie_in_the_hours_of_the_days_in_which_callbacks_are_promised(
    redis: Redis,
) -> None:
    found = rooms(redis, settings({"furthest": 7, "room": 2}))
    assert set(found.values()) == {2}
    days = {datetime.fromtimestamp(begins, STOCKHOLM).date().isoformat() for begins in found}
    assert days == {
        "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02",
    }  # fmt: skip


def test_a_new_company_has_room_by_its_rosters_alone(redis: Redis) -> None:
    found = rooms(redis, settings())
    assert min(found.values()) >= 1
    config = settings()
    nobody = config.model_copy(update={"agents": {}})
    assert set(rooms(redis, nobody).values()) == {0}
    half = rooms(redis, settings({"fill": 50}))
    assert all(0 < half[begins] < found[begins] for begins in found)


def test_where_more_ring_there_is_less_room(redis: Redis) -> None:
    joins(redis, 28, calls=2, noon=3)
    found = rooms(redis, settings(), at(25, "08:00"))
    morning, noon = found[at(26, "09:00")], found[at(26, "13:00")]
    assert morning > 2 * noon


def test_a_day_that_is_busier_than_usual_has_less_room_for_the_rest_of_it(redis: Redis) -> None:
    joins(redis, 28, calls=5)
    usual = rooms(redis, settings())
    for hour in range(8, 12):
        today = datetime(2026, 11, 25, hour, tzinfo=STOCKHOLM).timestamp()
        for half in (0, 1):
            redis.hset(keys.joined(QUEUE), str(int(today) // SLOT + half), 15)
    busy = rooms(redis, settings())
    assert busy[at(25, "13:00")] < usual[at(25, "13:00")]
    assert busy[at(26, "13:00")] >= usual[at(26, "13:00")] - 1


def test_who_serves_several_queues_counts_for_each_by_its_work(redis: Redis) -> None:
    config = settings()
    both = config.model_copy(
        update={
            "queues": {QUEUE: config.queues[QUEUE], "moving": config.queues[QUEUE]},
            "agents": {
                f"a{n}": one.model_copy(update={"queues": {QUEUE: 1.0, "moving": 0.7}})
                for n, one in enumerate(list(config.agents.values()) * 4)
            },
        }
    )
    alike = rooms(redis, both)
    assert alike == rooms(redis, both, queue="moving")
    joins(redis, 28, calls=6)
    joins(redis, 28, calls=2, queue="moving")
    most = rooms(redis, both)[at(26, "09:00")]
    assert most > rooms(redis, both, queue="moving")[at(26, "09:00")]


def test_a_worker_works_them_out_and_tells_of_windows_that_have_too_many(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office(redis)
    window = office.window(2)
    office.promise(office.call(), window=window)
    fewer = settings({"room": 0})
    handle = booking_handlers(fewer, redis)[WORK_OUT_WINDOWS]
    for _ in range(2):
        assert handle(DueRecord(WORK_OUT_WINDOWS, QUEUE), NOON) == PutOff(NOON + EVERY)
    told = [one.message for one in caplog.records if one.levelno == logging.WARNING]
    assert told == ["The window of billing at 25 Nov 13:30 has 1 more callbacks than room."]
    (over,) = BookingStore(redis).overbooked(QUEUE)
    assert (over.window, over.by) == (Window(*window), 1)


def test_boards_tell_which_callbacks_can_be_asked_for(redis: Redis) -> None:
    office = Office(redis)
    office.busy()
    shown = KindsOffered(office.config, redis)
    boards = EstimateStore(redis).boards(NOON, (QUEUE,))
    office.desk.windows(QUEUE, NOON)
    assert shown(boards, NOON)[QUEUE].callbacks == ("place", "window")
    assert office.desk.kinds(QUEUE, NOON) == ("place", "window")
    assert office.offer(office.call(MOBILE)).kinds == ("place", "window")
    office.board(joining=Estimate(10.0, 100.0, 300.0, 110.0))
    assert office.offer(office.call(MOBILE)).kinds == ()
    assert office.desk.kinds(QUEUE, NOON) == ("place", "window")
    office.board(joining=Estimate(0.0, 20.0, 80.0, 30.0))
    assert office.desk.kinds(QUEUE, NOON) == ()
    off = settings({"offer": False})
    assert KindsOffered(off, redis)(boards, NOON)[QUEUE].callbacks == ()
