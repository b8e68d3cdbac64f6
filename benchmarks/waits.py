"""One pass over a line of five thousand: how long everybody in it waits.

The other is `json`, with the table that comes of it there and back. Seconds are those of the
processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import RINGBACK, Aim, Figure, compare, in_turns
from ivr.config import read_config
from ivr.queueing.wait import WaitEstimator
from ivr.services.estimates.estimates import Estimates
from ivr.store.agents import AgentStore
from ivr.store.connection import connect
from ivr.store.estimates import EstimateStore
from ivr.store.line import LineStore, Person, new_place
from ivr.store.server import private_server

JSON = "json, the table there and back"
MOST_MILLISECONDS = 50.0
SKILLS = ("sales", "support")
CONFIG = """
company: Example Energy
time_zone: Europe/Stockholm
lines: {main: {number: "+46846500400", flow: main}}
fallback: {number: "+46846500499"}
queues: {sales: {}, support: {}}
"""


@dataclass(frozen=True)
class Size:
    rounds: int
    waiting: int
    agents: int


FULL = Size(rounds=9, waiting=5_000, agents=200)
QUICK = Size(rounds=1, waiting=50, agents=5)


@dataclass(frozen=True)
class Happening:
    t: float
    kind: str
    caller: str | None = None
    agent: str | None = None
    skill: str | tuple[str, ...] | None = None
    priority: int = 0
    value: float | None = None


def measure(_config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """The milliseconds of a pass: one queue, and two that share agents and have urgent callers."""
    figures = []
    for skills, what in ((SKILLS[:1], "one queue"), (SKILLS, "two that share agents")):
        estimator = _line(size, skills)
        passes = iter(range(10_000))

        def one_pass(estimator: WaitEstimator = estimator, passes: Iterator[int] = passes) -> float:
            now = 3600.0 + next(passes)
            return _milliseconds(lambda: estimator.table(now))

        rows = {str(caller): list(row) for caller, row in estimator.table(3600.0).items()}
        contestants = {
            RINGBACK: one_pass,
            JSON: lambda rows=rows: _milliseconds(lambda: json.loads(json.dumps(rows))),
        }
        in_turns(contestants, 1, lambda step: tell(f"warming up, {step}"))
        values = in_turns(contestants, size.rounds, tell)
        name = f"everybody's wait, {size.waiting:,} people in {what}"
        aim = Aim("value", "under", MOST_MILLISECONDS)
        figures.append(compare(name, "ms", values, JSON, "less", aim))
    with TemporaryDirectory() as folder, private_server(Path(folder), appendfsync="no") as url:
        figures.append(_live(url, size, rows, tell))
    return figures


def _live(url: str, size: Size, rows: object, tell: Callable[[str], None]) -> Figure:
    """What a worker does every second: read what is new, work everything out, write it."""
    config = read_config(CONFIG.encode(), Path("config.yaml"), {})
    with connect(url) as redis:
        agents, line, now = AgentStore(redis), LineStore(redis), 1_800_000_000.0
        for number in range(size.agents):
            skills = SKILLS if number % 3 == 0 else SKILLS[number % 2 :][:1]
            agents.arrive(f"agent{number}", dict.fromkeys(skills, 1.0), now)
        for number in range(size.agents + size.waiting):
            skill, at = SKILLS[number % 2], now + number / 10
            line.join(new_place(f"CA{number}", skill, Person(), first=at), at)
        estimates = Estimates(EstimateStore(redis), config)
        seconds = iter(range(10_000))
        began = now + (size.agents + size.waiting) / 10
        while estimates.work_out(began) == 0:
            tell("reading the line")

        def work_out() -> float:
            at = began + 1 + next(seconds)
            return _milliseconds(lambda: estimates.work_out(at))

        contestants = {
            RINGBACK: work_out,
            JSON: lambda: _milliseconds(lambda: json.loads(json.dumps(rows))),
        }
        values = in_turns(contestants, size.rounds, tell)
    name = f"the same, read from the store's events and written there, {size.waiting:,} people"
    return compare(name, "ms", values, JSON, "less")


def _line(size: Size, skills: tuple[str, ...]) -> WaitEstimator:
    estimator = WaitEstimator()
    of_agents = [skills if number % 3 == 0 else (skills[number % len(skills)],)
                 for number in range(size.agents)]  # fmt: skip
    plan = [(f"agent {number}", 0.0, 30_000.0, can) for number, can in enumerate(of_agents)]
    estimator.start({"skills": skills, "plan": plan, "prior": {"aht": dict.fromkeys(skills, 240)}})
    for number, can in enumerate(of_agents):
        agent, caller = f"agent {number}", f"served {number}"
        for event in (
            Happening(0.0, "sign_on", agent=agent, skill=can),
            Happening(0.0, "arrival", caller, skill=can[0]),
            Happening(0.0, "answered", caller, agent, can[0]),
        ):
            estimator.on_event(event)
    for number in range(size.waiting):
        skill = skills[number % len(skills)]
        joined = 3600.0 * number / size.waiting
        priority = 0 if len(skills) > 1 and number % 10 == 0 else 1
        estimator.on_event(Happening(joined, "arrival", f"caller {number}", None, skill, priority))
        if number % 5 == 0:
            estimator.on_event(
                Happening(joined, "callback_placeholder", f"caller {number}", skill=skill)
            )
    return estimator


def _milliseconds(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return (time.process_time() - began) * 1000
