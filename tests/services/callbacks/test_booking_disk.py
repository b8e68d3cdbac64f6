"""A promise is answered when it is on disk, and when it is decided again as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.store import durability
from ivr.store.connection import connect
from ivr.store.durability import NotOnDisk
from ivr.store.server import PrivateServer
from tests.services.callbacks.offices import Office


def test_what_is_not_on_disk_is_not_answered_however_often_it_is_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = PrivateServer(tmp_path / "store")
    server.start()
    try:
        with connect(server.url) as redis:
            office = Office(redis)
            call, window = office.call(), office.window(0)
            other = Office(redis, office.config)
            for desk in (office, other):
                # From now on it is known that this server tells when something is on disk.
                desk.desk.booking.calling.callbacks.disk.settle()
            redis.config_set("appendfsync", "no")
            monkeypatch.setattr(durability, "PATIENCE", 0.05)
            for desk in (office, other, office):
                with pytest.raises(NotOnDisk):
                    desk.promise(call, window=window)
            redis.config_set("appendfsync", "everysec")
            monkeypatch.undo()
            assert other.promise(call, window=window).callback == f"{call.id}-cb3"
            assert len(office.callbacks.open_ids()) == 1
    finally:
        server.stop()
