"""Whether the web is ready, and what it says at its start when it is not."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from ivr.clock import FixedClock
from ivr.services.publishing import Publisher, prepare
from ivr.store.published import PublishedStore
from ivr.web import Parts
from ivr.web.wiring import build
from tests.services.folders import Folder, flow, make_folder
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def publish(folder: Folder, redis: Redis) -> None:
    config = folder.config
    publisher = Publisher(PublishedStore(redis), config, NOW, "aino")
    candidate = prepare(config, NOW)
    plan = publisher.plan(candidate)
    assert plan is not None
    publisher.publish(candidate, plan, "")


def web(folder: Folder, url: str, source: str = "published") -> Parts:
    return build(folder.config, FixedClock(NOW), "token", url, source)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return make_folder(tmp_path)


def test_it_is_ready_as_soon_as_something_is_published(
    folder: Folder, redis: Redis, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        parts = web(folder, store_url)
    sentence = "No flows have been published: run `ringback publish`."
    assert sentence in caplog.messages
    assert parts.why_not_ready() == sentence
    publish(folder, redis)
    assert parts.why_not_ready() is None


def test_a_published_flow_that_config_yaml_no_longer_goes_with_is_named_at_the_start(
    folder: Folder, redis: Redis, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    crew = flow().replace("number: team", "number: crew")
    folder.edit_config("numbers:\n", 'numbers:\n  crew: "+46846500411"\n')
    folder.write("support.yaml", crew)
    publish(folder, redis)
    folder.edit_config('  crew: "+46846500411"\n', "")
    with caplog.at_level(logging.ERROR):
        parts = web(folder, store_url)
    said = "\n".join(caplog.messages)
    assert "flows/support.yaml:" in said and "`crew`" in said
    assert "put back what is missing there, or publish again" in said
    assert parts.why_not_ready() == "The flow of the line support cannot be used."


def test_a_line_that_is_new_in_config_yaml_and_in_no_published_flow(
    folder: Folder, redis: Redis, store_url: str
) -> None:
    publish(folder, redis)
    folder.edit_config("lines:\n", 'lines:\n  new: {number: "+46846500402", flow: new}\n')
    assert web(folder, store_url).why_not_ready() == "The flow of the line new cannot be used."


def test_with_the_store_away_it_starts_and_says_so(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        parts = web(folder, "redis://127.0.0.1:1/0")
    assert any(said.startswith("calls cannot be answered yet: ") for said in caplog.messages)
    reason = parts.why_not_ready()
    assert reason is not None and "cannot be reached" in reason
    # An apology needs no store: it is in a language that there is.
    assert "<Dial" in parts.apology.document(None)


def test_in_development_the_folder_is_what_counts(
    folder: Folder, redis: Redis, store_url: str
) -> None:
    assert web(folder, store_url, "folder").why_not_ready() is None
    folder.write("support.yaml", "nonsense")
    parts = web(folder, store_url, "folder")
    assert parts.why_not_ready() == "The flow of the line support cannot be used."
