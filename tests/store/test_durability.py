"""What was promised is on disk before anybody is told so, by a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import promise
from ivr.callbacks.record import SYSTEM
from ivr.clock import FixedClock
from ivr.store import durability
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.connection import connect
from ivr.store.durability import Disk, NotOnDisk
from ivr.store.line import Person
from ivr.store.server import PrivateServer
from workers.clock import Ticker

NOW = 1_764_000_000.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrivateServer]:
    server = PrivateServer(tmp_path / "store")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def kept(server: PrivateServer) -> Iterator[Redis]:
    with connect(server.url) as client:
        yield client


def promised(redis: Redis, store: CallbackStore, name: str) -> object:
    number = f"+4670174060{name[-1]}"
    made = promise(name, "billing", number, "billing", NOW, SYSTEM, NOW, until=NOW + 3600)
    return store.promise(made, About(Person(line="main")), Asking(Limits()), NOW)


def test_nothing_counts_as_promised_that_the_server_has_not_put_on_disk(
    server: PrivateServer, kept: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = CallbackStore(kept)
    assert isinstance(promised(kept, store, "C1"), StoredCallback)
    # From now on it writes, and never says that anything is on disk.
    kept.config_set("appendfsync", "no")
    monkeypatch.setattr(durability, "PATIENCE", 0.05)
    with pytest.raises(NotOnDisk, match="did not put it on disk"):
        promised(kept, store, "C2")
    kept.config_set("appendfsync", "everysec")
    monkeypatch.undo()
    assert promised(kept, store, "C2") == "promised_before"
    assert isinstance(promised(kept, store, "C3"), StoredCallback)


def test_what_was_promised_is_there_after_the_server_was_killed(server: PrivateServer) -> None:
    with connect(server.url) as redis:
        assert isinstance(promised(redis, CallbackStore(redis), "C1"), StoredCallback)
    server.kill()
    server.start()
    with connect(server.url) as redis:
        stored = CallbackStore(redis).read("C1")
        assert stored is not None and stored.callback.state == "waiting"


def test_who_runs_it_is_told_when_the_server_keeps_no_promise(
    kept: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    def said() -> str:
        caplog.clear()
        ticker = Ticker(kept, "here", FixedClock(datetime.fromtimestamp(NOW, UTC)))
        ticker.tick()
        ticker.resign()
        return " ".join(one.getMessage() for one in caplog.records if one.levelname == "WARNING")

    assert Disk(kept).warning() is None and said() == ""
    kept.config_set("appendfsync", "no")
    assert "Set `appendfsync everysec` or `always`." in said()
    kept.config_set("appendonly", "no")
    assert "callbacks that were promised are lost when it stops. Set `appendonly yes`." in said()
    store = CallbackStore(kept)
    # It is the choice of whoever runs the server: people are not refused for it.
    assert isinstance(promised(kept, store, "C1"), StoredCallback)
