"""Boards for turns of calls: read at most once a second, or as they were last read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from ivr.queueing.board import Board
from ivr.services.boards import LiveBoards
from ivr.store import keys
from ivr.store.connection import StoreDown, connect
from ivr.store.estimates import EstimateStore, Knowledge
from ivr.store.line import LineStore, Person, new_place
from ivr.store.server import private_server

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NOW = AT.timestamp()


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def reads(redis: Redis) -> int:
    found: dict[str, dict[str, int]] = redis.info("commandstats")
    return found.get("cmdstat_evalsha", {}).get("calls", 0)


def join(redis: Redis, place: str) -> None:
    LineStore(redis).join(new_place(place, "billing", Person(), first=NOW), NOW)


def test_boards_are_read_once_a_second_whatever_is_asked(redis: Redis) -> None:
    watch = Stopwatch()
    boards = LiveBoards(redis, lambda: AT, watch)
    assert boards["billing"] == Board("billing", NOW)
    before = reads(redis)
    join(redis, "CA1")
    joined = reads(redis) - before
    assert boards["billing"].waiting == 0
    assert len(boards) == 1
    assert reads(redis) == before + joined
    watch.seconds += 1
    assert boards["billing"].waiting == 1
    assert list(boards) == ["billing"]
    assert reads(redis) == before + joined + 1


def test_a_queue_that_is_asked_for_the_first_time_is_read_at_once(redis: Redis) -> None:
    boards = LiveBoards(redis, lambda: AT, Stopwatch())
    assert boards["moving"].waiting == 0
    join(redis, "CA1")
    assert "billing" in boards
    assert boards["billing"].waiting == 1


def test_where_the_store_is_away_boards_are_as_they_were(tmp_path: Path) -> None:
    watch = Stopwatch()
    with private_server(tmp_path, appendfsync="no") as url, connect(url) as redis:
        board = Board("billing", NOW, agents=2)
        redis.sadd(keys.there("billing"), "anna", "bo")
        EstimateStore(redis).write(Knowledge(), b"{}", "0", NOW, boards={"billing": board})
        assert redis.hlen(keys.BOARDS) == 1
        known = LiveBoards(redis, lambda: AT, watch)
        assert known["billing"] == board
    watch.seconds += 5
    assert known["billing"] == board
    with pytest.raises(StoreDown):
        known["moving"]
