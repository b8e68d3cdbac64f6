"""In development the folder is read again when a file changes; what is bad stops only itself."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from ivr.engine.company import Company
from ivr.flow.notice import Notice
from ivr.services.flow_sets import FlowSets
from ivr.services.watching import WatchedFlows
from ivr.store import keys
from ivr.store.connection import StoreDown, connect
from ivr.store.published import PublishedStore
from ivr.store.server import PrivateServer
from tests.services.folders import Folder, flow, make_folder

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Desk:
    """Somebody who edits, and the process that watches."""

    def __init__(self, folder: Folder, redis: Redis) -> None:
        self.folder = folder
        self.redis = redis
        self.store = PublishedStore(redis)
        self.sets = FlowSets(folder.config, self.store, lambda: NOW)
        self.flows = WatchedFlows(folder.config, self.sets, self.store, lambda: NOW)

    def company(self) -> Company:
        self.flows.look()
        company = self.sets.company(self.flows.version("CA1", "main", None))
        assert company is not None
        return company

    def welcome(self, name: str = "main") -> str:
        node = self.company().flows.flows[name].nodes["welcome"]
        [text] = [texts["en"] for path, texts in node.texts() if path == ("text",)]
        assert isinstance(text, str)
        return text


@pytest.fixture
def desk(tmp_path: Path, redis: Redis) -> Desk:
    return Desk(make_folder(tmp_path), redis)


def test_a_change_is_heard_without_a_restart(desk: Desk) -> None:
    assert desk.welcome() == "What is it about?"
    desk.folder.write("main.yaml", flow("How can we help?"))
    assert desk.welcome() == "How can we help?"


def test_nothing_is_read_while_nothing_changes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    company = desk.company()
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    assert desk.company() is company


def test_an_edit_that_changes_neither_size_nor_time_is_seen(desk: Desk) -> None:
    import os

    desk.welcome()
    path = desk.folder.flows / "main.yaml"
    before = path.stat()
    desk.folder.write("main.yaml", flow("What is it ABOUT?"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert desk.welcome() == "What is it ABOUT?"


def test_calls_under_way_find_their_version_in_the_store_while_calls_last(desk: Desk) -> None:
    version = desk.company().flows.version
    desk.folder.write("main.yaml", flow("How can we help?"))
    assert desk.company().flows.version != version
    other = FlowSets(desk.folder.config, desk.store, lambda: NOW)
    found = other.company(version)
    assert found is not None and found.flows.version == version
    assert 0 < desk.redis.ttl(keys.flow_set(version)) <= keys.CALL_LIFETIME


class TestBadFlows:
    def test_a_broken_file_keeps_its_last_good_content_while_others_change(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        desk.company()
        with caplog.at_level(logging.ERROR):
            desk.folder.write("main.yaml", "languages: [en\n")
            assert desk.welcome() == "What is it about?"
        assert any(said.startswith("flows/main.yaml:") for said in caplog.messages)
        desk.folder.write("support.yaml", flow("What does not work?"))
        assert (desk.welcome(), desk.welcome("support")) == (
            "What is it about?", "What does not work?",
        )  # fmt: skip
        desk.folder.write("main.yaml", flow("Mended?"))
        assert desk.welcome() == "Mended?"

    def test_a_new_file_that_is_broken_keeps_no_other_from_changing(self, desk: Desk) -> None:
        desk.company()
        desk.folder.write("prices.yaml", "nonsense")
        desk.folder.write("main.yaml", flow("How can we help?"))
        assert desk.welcome() == "How can we help?"
        assert "prices" not in desk.company().flows.flows

    def test_a_file_that_is_needed_and_deleted_leaves_the_set_before_in_use(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        desk.folder.write("main.yaml", flow().replace("to: due", "to: support/"))
        before = desk.company()
        desk.folder.remove("support.yaml")
        with caplog.at_level(logging.ERROR):
            assert desk.company() is before
        assert any("support" in said for said in caplog.messages)
        desk.folder.write("support.yaml", flow("Back again?"))
        assert desk.welcome("support") == "Back again?"

    def test_what_is_bad_from_the_start_keeps_out_only_itself_until_it_is_mended(
        self, desk: Desk
    ) -> None:
        desk.folder.write("support.yaml", "nonsense")
        assert set(desk.company().flows.flows) == {"main"}
        desk.folder.write("main.yaml", flow("How can we help?"))
        assert desk.welcome() == "How can we help?"
        desk.folder.write("support.yaml", flow("Mended?"))
        assert desk.welcome("support") == "Mended?"

    def test_a_folder_that_is_gone_leaves_the_set_before_in_use(self, desk: Desk) -> None:
        before = desk.company()
        desk.folder.flows.rename(desk.folder.root / "elsewhere")
        assert desk.company() is before


def test_notices_count_here_as_well(desk: Desk) -> None:
    desk.company()
    notice = Notice("outage", {"en": "A power cut."}, 0.0, 2e9)
    desk.store.put_notice(notice)
    desk.flows.look()
    assert desk.flows.notices == (notice,)


def test_with_the_store_away_changes_are_read_and_kept_when_it_is_back(tmp_path: Path) -> None:
    server = PrivateServer(tmp_path / "store", appendfsync="no")
    with connect(server.url) as redis:
        desk = Desk(make_folder(tmp_path), redis)
        desk.flows.read_changes()
        with pytest.raises(StoreDown):
            desk.flows.look()
        version = desk.flows.usual
        company = desk.sets.company(version)
        assert company is not None and set(company.flows.flows) == {"main", "support"}
        server.start()
        try:
            desk.flows.look()
            assert desk.store.files(version) is not None
        finally:
            server.stop()
