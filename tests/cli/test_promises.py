"""`ringback promises` and GET /api/promises, after a day in a small town."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from redis import Redis

from ivr.cli.main import group
from ivr.clock import FixedClock
from ivr.config import read_config
from ivr.services.promises.report import PromiseReport
from ivr.web import create_app
from tests.services.estimates.office import CONFIG
from tests.services.promises.test_following import follower
from tests.services.promises.town import BEGAN, Town
from tests.web.agents import Desk

DAY, NEXT = "2027-01-15", "2027-01-16"
DESCRIPTION: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "api.yaml").read_text(encoding="utf-8")
)


class Terminal:
    def __init__(self, folder: Path, store_url: str) -> None:
        self._file = folder / "config.yaml"
        self._file.write_text(CONFIG)
        self._url = store_url

    def __call__(self, *words: str, status: int = 0) -> str:
        done = CliRunner().invoke(
            group, ["--config", str(self._file), "promises", *words], env={"REDIS_URL": self._url}
        )
        assert done.exit_code == status, done.output
        return done.output


@pytest.fixture
def terminal(tmp_path: Path, redis: Redis, store_url: str) -> Terminal:
    return Terminal(tmp_path, store_url)


def a_day(redis: Redis) -> Town:
    town = Town(redis, 6)
    town.live(150)
    follower(redis).catch_up(town.now)
    return town


def test_before_anything_was_promised_it_says_so(terminal: Terminal) -> None:
    assert terminal("--day", DAY).strip() == f"Nothing was promised for {DAY}, and nobody rang."
    told = terminal("--day", DAY, "--open").strip()
    assert told == f"Every promise until the end of {DAY} has an outcome."


def test_a_day_is_told_by_kind_and_queue(terminal: Terminal, redis: Redis) -> None:
    town = a_day(redis)
    told = json.loads(terminal("--day", DAY, "--json"))
    (waits,) = [one for one in told["kept"] if one["kind"] == "told_wait"]
    judged = [town.judge()["told_wait", "billing", came] for came in ("kept", "broken")]
    assert waits["kept"] == judged[0] > 0
    assert waits["kept"] + waits["broken"] <= sum(judged)
    assert waits["share"] == waits["kept"] / (waits["kept"] + waits["broken"])
    assert {one["why"] for one in told["broken"]} >= {"late"}
    assert {one["queue"] for one in told["answered"]} == {"billing", "moving"}
    shown = terminal("--day", DAY)
    assert "told wait  billing" in shown
    assert "nobody rang or answered by then" in shown
    only = json.loads(terminal("--day", DAY, "--json", "--queue", "moving"))
    assert {one["queue"] for one in only["kept"]} == {"moving"}


def test_a_promise_without_an_outcome_is_an_exit_status(terminal: Terminal, redis: Redis) -> None:
    town = a_day(redis)
    assert "window" in terminal("--day", NEXT, "--open", status=1)
    town.now += 2 * 86_400
    follower(redis).catch_up(town.now)
    terminal("--day", NEXT, "--open")
    assert json.loads(terminal("--day", NEXT, "--open", "--json")) == []


def test_what_is_wrong_is_said_in_a_sentence(terminal: Terminal) -> None:
    wrong = terminal("--queue", "biling", status=2)
    assert "There is no queue `biling` in config.yaml." in wrong
    assert "not `yesterday`" in terminal("--day", "yesterday", status=2)


@contextmanager
def api(redis: Redis) -> Iterator[Any]:
    """GET /api/promises, held to its description."""
    report = PromiseReport(read_config(CONFIG.encode(), Path("config.yaml"), {}), redis)
    desk = Desk(redis, api_token="token")
    clock = FixedClock(datetime.fromtimestamp(BEGAN + 86_400, UTC))
    web = create_app(replace(desk.parts, promises=report, clock=clock)).test_client()

    def get(query: str, status: int = 200) -> Any:
        response = web.get("/api/promises" + query, headers={"Authorization": "Bearer token"})
        assert response.status_code == status, response.text
        if status == 200:
            told = DESCRIPTION["paths"]["/api/promises"]["get"]["responses"]["200"]
            schema = told["content"]["application/json"]["schema"]
            components = {"components": DESCRIPTION["components"]}
            Draft202012Validator({**schema, **components}).validate(response.json)
        return response.json

    yield get


def test_programs_get_the_same_over_http(terminal: Terminal, redis: Redis) -> None:
    a_day(redis)
    with api(redis) as get:
        told = get(f"?day={DAY}")
        assert told["broken"]
        shown = json.loads(terminal("--day", DAY, "--json"))
        # Whether they are overdue is a matter of the time.
        assert len(told.pop("open")) == len(shown.pop("open")) > 0
        assert told == shown
        assert get("")["day"] == NEXT
        assert get(f"?day={DAY}&queue=moving")["kept"]
        assert "no queue `biling`" in get("?queue=biling", 404)["error"]
        assert "not `soon`" in get("?day=soon", 400)["error"]
