"""A busy hour in which workers and clocks are killed, and the carrier loses answers."""

from __future__ import annotations

import os
import random
import time
from collections import defaultdict
from typing import cast

import pytest
from redis import Redis

from ivr.simulator import Person
from ivr.store import keys
from tests.workers.exchange import Exchange, exchange
from tests.workers.processes import Background, Process

PEOPLE, AGENTS = 40, 6
# Real seconds: of the killing, and after it until everybody has been served.
KILLING, AFTER = 60.0, 120.0
ANSWERS = (
    Person("answers", 3, hangs_up_after=20),
    Person("answers", 8, hangs_up_after=40),
    Person("no_answer"),
    Person("busy"),
)


def serve_until(there: Exchange, people: set[str], seconds: float, killed: list[Process]) -> bool:
    """Agents who are away come back; whether everybody has been served."""
    deadline = time.monotonic() + seconds
    chance = random.Random(os.environ.get("FAULTS"))
    next_kill = time.monotonic() + 2
    while time.monotonic() < deadline:
        for agent in there.agents.everybody():
            if agent.presence == "away":
                there.agent_comes(agent.name, agent.address, chance.choice(ANSWERS))
        if killed and time.monotonic() > next_kill:
            number = chance.randrange(len(killed))
            command = "worker" if number < 2 else "clock"
            there.kill(killed[number])
            killed[number] = there.start(command)
            next_kill = time.monotonic() + chance.uniform(1, 4)
        states = {call: there.lines.place(call) for call in people}
        if all(place is None or place.state in ("served", "left") for place in states.values()):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.timeout(300)
def test_nobody_is_lost_and_no_agent_is_rung_twice_for_one_person(
    redis: Redis, store_url: str, background: Background
) -> None:
    with exchange(redis, store_url, background) as there:
        there.fault("cut", when="after", every=9)
        there.fault("cut", when="before", every=11)
        there.fault("lost", when="after", every=23)
        there.fault("refused", status=429, every=7)
        there.fault("lost", strikes="callbacks", every=4)
        processes = [there.start(name) for name in ("worker", "worker", "clock", "clock")]
        for process in processes[:2]:
            process.says("The worker is ready.")
        for number in range(AGENTS):
            there.agent_comes(f"agent{number}", f"+4670174065{number}", ANSWERS[number % 4])
        people = {there.person_waits(f"+467017406{number:02}") for number in range(PEOPLE)}
        done = serve_until(there, people, KILLING, processes)
        assert done or serve_until(there, people, AFTER, [])

        rung: dict[str, set[str]] = defaultdict(set)
        for seen in there.app.seen:
            if seen.path.startswith("/agent/status/"):
                rung[seen.path].add(seen.fields["CallSid"])
        assert rung
        assert {path for path, calls in rung.items() if len(calls) > 1} == set()
        # Each was given to one agent.
        joined = 0
        connected: list[bytes] = []
        entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(keys.EVENTS))
        for _, fields in entries:
            joined += fields[b"events"].count(b'"LineJoined"')
            if b'"Connected"' in fields[b"events"]:
                connected.append(fields[b"call"])
        assert joined == PEOPLE
        assert len(connected) == len(set(connected))
