"""`ringback waits`, after an hour in a small office."""

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
            group, ["--config", str(self._file), "waits", *words], env={"REDIS_URL": self._url}
        )
        assert done.exit_code == (2 if fails else 0), done.output
        return done.output


@pytest.fixture
def terminal(tmp_path: Path, redis: Redis, store_url: str) -> Terminal:
    return Terminal(tmp_path, store_url)


def work(redis: Redis) -> None:
    office, estimates = Office(redis, 4), Estimates(EstimateStore(redis), config())
    for _ in range(35):
        office.work(12)
        estimates.work_out(office.now)


def test_before_anybody_has_waited_it_says_so(terminal: Terminal) -> None:
    assert terminal("--since", "2026-11-22").strip() == (
        "Nobody's wait has ended since 2026-11-22 00:00."
    )
    assert "in the queue `moving`" in terminal("--queue", "moving")
    assert json.loads(terminal("--json")) == {"hours": [], "queues": []}


def test_each_queue_has_a_line_for_each_hour_and_one_for_all(
    terminal: Terminal, redis: Redis
) -> None:
    work(redis)
    lines = terminal("--since", "2026-11-22").splitlines()
    assert lines[0].split()[:3] == ["Queue", "Hour", "People"]
    assert [line.split()[0] for line in lines[1:] if line.strip()].count("billing") >= 2
    assert [line.split()[1] for line in lines[1:] if line.split()[1:2] == ["all"]] == ["all"] * 2


def test_a_program_gets_them_as_json(terminal: Terminal, redis: Redis) -> None:
    work(redis)
    found = json.loads(terminal("--json", "--queue", "billing", "--since", "2026-11-22"))
    (whole,) = found["queues"]
    assert whole["people"] == sum(hour["people"] for hour in found["hours"]) > 20
    assert 0 < whole["held"] < 1
    assert whole["hung_up"] > 0
    assert whole["error"] < whole["moving_average_error"]


def test_what_is_wrong_is_said_in_a_sentence(terminal: Terminal) -> None:
    assert "There is no queue `biling` in config.yaml." in terminal("--queue", "biling", fails=True)
    assert "not `yesterday`" in terminal("--since", "yesterday", fails=True)
