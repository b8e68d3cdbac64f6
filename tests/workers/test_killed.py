"""Workers that are killed while an agent's telephone rings: another one goes on, and nobody is rung
twice for the same person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from ivr.simulator import Person
from tests.workers.exchange import Exchange, exchange
from tests.workers.processes import Background, eventually

ANNA = "+46701740650"


@pytest.fixture
def there(redis: Redis, store_url: str, background: Background) -> Iterator[Exchange]:
    with exchange(redis, store_url, background) as opened:
        yield opened


@pytest.mark.parametrize(
    ("person", "presence"),
    [
        (Person("answers", 12), "busy"),
        pytest.param(Person("no_answer"), "away", marks=pytest.mark.slow),
    ],
    ids=["who then answers", "who does not"],
)
def test_an_agent_whose_worker_was_killed_while_it_rang_them_is_rung_once(
    there: Exchange, person: Person, presence: str
) -> None:
    first = there.start("worker")
    clock = there.start("clock")
    first.says("The worker is ready.")
    clock.says("This clock leads")
    # The call is made, and the worker never hears of it.
    there.fault("lost", when="after", times=1)
    there.agent_comes("anna", ANNA, person)
    place = there.person_waits()
    eventually(lambda: len(there.rung()) == 1, "the telephone rings")
    there.kill(first)
    second = there.start("worker")
    second.says("The worker is ready.")

    def settled() -> bool:
        agent = there.agents.read("anna")
        return agent is not None and agent.presence == presence

    eventually(settled, f"the agent is {presence}")
    if presence == "busy":
        eventually(lambda: len(there.rest.participants("R1")) == 2, "the two have met")
    else:
        assert there.lines.waiting("support") == (place,)
    assert len(there.rung()) == 1
