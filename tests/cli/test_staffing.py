"""`ringback staffing`, in a small office on a busy morning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis

from ivr.cli.main import group
from ivr.services.estimates.estimates import Estimates
from ivr.store.estimates import EstimateStore
from tests.services.estimates.office import CONFIG, Office, config


class Terminal:
    def __init__(self, folder: Path, store_url: str) -> None:
        self._file = folder / "config.yaml"
        self._file.write_text(CONFIG)
        self._url = store_url

    def __call__(self, *words: str, fails: bool = False) -> str:
        done = CliRunner().invoke(
            group, ["--config", str(self._file), "staffing", *words], env={"REDIS_URL": self._url}
        )
        assert done.exit_code == (2 if fails else 0), done.output
        return done.output


@pytest.fixture
def terminal(tmp_path: Path, redis: Redis, store_url: str) -> Terminal:
    return Terminal(tmp_path, store_url)


def test_before_anything_was_worked_out_it_says_so(terminal: Terminal) -> None:
    assert "Nothing has been worked out yet" in terminal()
    assert json.loads(terminal("--json")) == []


def test_each_queue_has_what_it_has_and_needs_now_and_by_the_hour(
    terminal: Terminal, redis: Redis
) -> None:
    office, estimates = Office(redis, 4), Estimates(EstimateStore(redis), config())
    for _ in range(30):
        office.work(12)
        estimates.work_out(office.now)
    billing, moving = json.loads(terminal("--json"))
    assert (billing["queue"], moving["queue"]) == ("billing", "moving")
    assert billing["rate"] > 60
    assert billing["needed"] > billing["agents"]
    assert len(billing["hours"]) == 6
    assert billing["at"].startswith("2027-01-15T")
    shown = terminal("--queue", "billing")
    assert "too few" in shown
    assert "moving" not in shown


def test_it_is_worked_out_once_a_minute(redis: Redis) -> None:
    office, store = Office(redis, 4), EstimateStore(redis)
    estimates = Estimates(store, config())
    began = office.now
    for after in (0, 30, 59, 61):
        estimates.work_out(began + after)
        assert [one.at - began for one in store.needs()] == [0 if after < 60 else 61] * 2


def test_what_is_wrong_is_said_in_a_sentence(terminal: Terminal) -> None:
    assert "There is no queue `biling` in config.yaml." in terminal("--queue", "biling", fails=True)
