"""Whether there is a page `Call me back`, and what operators are told where there is none."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.main import group
from ivr.clock import FixedClock
from ivr.web import create_app
from ivr.web.wiring import build
from tests.services.folders import Folder, make_folder
from tests.store.fixtures import redis, store_url
from tests.web.forms import KEY

__all__ = ["redis", "store_url"]

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NAMED = """\
queues: {billing: {}}
callbacks: {form: {queues: [billing]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return make_folder(tmp_path)


@pytest.mark.parametrize(("key", "trouble"), [("", "is not set"), ("short", "fewer than 32")])
def test_without_a_good_key_there_is_no_page_and_one_sentence_tells(
    folder: Folder, store_url: str, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch, key: str, trouble: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("RINGBACK_FORM_KEY", key)
    folder.edit_config("schedules:\n", NAMED + "schedules:\n")
    with caplog.at_level(logging.WARNING):
        parts = build(folder.config, FixedClock(NOW), "token", store_url, "folder")
    (told,) = [said for said in caplog.messages if "RINGBACK_FORM_KEY" in said]
    assert trouble in told and parts.form is None
    assert create_app(parts).test_client().get("/callback").status_code == 404
    checked = CliRunner().invoke(group, ["--config", str(folder.config.file), "check"])
    assert checked.exit_code == 0 and told in checked.output


def test_with_a_key_there_is_a_page_where_queues_are_named_for_it(
    folder: Folder, store_url: str, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("RINGBACK_FORM_KEY", KEY)
    assert build(folder.config, FixedClock(NOW), "token", store_url, "folder").form is None
    folder.edit_config("schedules:\n", NAMED + "schedules:\n")
    parts = build(folder.config, FixedClock(NOW), "token", store_url, "folder")
    assert create_app(parts).test_client().get("/callback").status_code == 200
    assert not any("RINGBACK_FORM_KEY" in said for said in caplog.messages)
