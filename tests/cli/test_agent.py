"""`ringback agent`, on a real store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from ivr.cli.main import group
from ivr.store.agents import AgentStore
from ivr.store.line import LineStore, Person, new_place
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

CONFIG = """
company: Example
time_zone: Europe/Stockholm
lines: {main: {number: "+46846500400", flow: main}}
fallback: {number: "+46846500499"}
queues: {billing: {}, moving: {}}
agents:
  anna: {name: Anna, address: "+46701740610", language: sv, queues: [billing, moving]}
  bo: {name: Bo, address: "client:bo", language: en, queues: [moving]}
"""

Command = Callable[..., Result]


@pytest.fixture
def agent(store_url: str, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `ringback agent ...` in a company of two."""
    monkeypatch.setenv("REDIS_URL", store_url)
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG, encoding="utf-8")

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(group, ["--config", str(config), "agent", *words], input=typed)

    return run


def test_agents_come_and_go(agent: Command, redis: Redis) -> None:
    assert agent("available", "anna").output == "anna is available.\n"
    assert json.loads(agent("away", "anna", "--json").output)["presence"] == "away"


def test_who_wraps_up_is_available_at_once_on_the_call_that_they_wait_on(
    agent: Command, redis: Redis
) -> None:
    agents, line = AgentStore(redis), LineStore(redis)
    agents.arrive("anna", {"billing": 1.0}, 1.0, address="+46701740610", leg="CAleg")
    line.join(new_place("CA1", "billing", Person(), first=1.0, call="CA1"), 2.0)
    agents.accept("R1", "CAleg", 3.0)
    agents.end_talk("R1", 4e9, 4.0)
    assert agent("list").output.splitlines()[1].split()[2] == "wrap-up"
    assert agent("available", "anna").output == "anna is available.\n"
    known = agents.read("anna")
    assert known is not None and known.leg == "CAleg"


def test_the_list_tells_with_whom_everybody_is(agent: Command, redis: Redis) -> None:
    agent("available", "anna")
    line = LineStore(redis)
    line.join(new_place("CA1", "billing", Person(name="Maria"), first=1.0, call="CA1"), 2.0)
    AgentStore(redis).accept("R1", "CAx", 3.0)
    agent("away", "anna")
    told = agent("list").output.splitlines()
    assert told[0].split() == ["Agent", "Presence", "Since", "For", "With", "Queues"]
    assert "busy, then away" in told[1]
    assert "Maria (billing)" in told[1]
    assert told[2].split() == ["bo", "Bo", "away", "moving"]
    assert [one["name"] for one in json.loads(agent("list", "--json").output)] == ["anna", "bo"]


def test_a_pin_is_asked_for_twice_and_not_shown(agent: Command) -> None:
    told = agent("pin", "anna", typed="8351\n8351\n")
    assert "anna has the agent number 11 and a new PIN." in told.output
    assert "8351" not in told.output
    assert "agent number 12" in agent("pin", "bo", "--stdin", typed="726153\n").output
    assert "agent number 11" in agent("pin", "anna", "--stdin", typed="9153\n").output


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (["available", "nobody"], "", "There is no agent `nobody`; there are: anna, bo."),
        (["pin", "nobody"], "", "There is no agent `nobody`; there are: anna, bo."),
        (["pin", "anna", "--stdin"], "12a4\n", "A PIN has 4 to 10 digits."),
        (["pin", "anna", "--stdin"], "1111\n", "A PIN of one digit only, or of digits in a row"),
        (["listen", "anna", "--to", "+46701740660"], "", "Set TWILIO_ACCOUNT_SID and"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    agent: Command, words: list[str], typed: str, sentence: str
) -> None:
    told = agent(*words, typed=typed)
    assert told.exit_code == 2
    assert sentence in told.output
    assert told.output.count("\n") == 1
