"""A queue played through by chance from a seed, whose true waits are known.

Agents serve by priority, then first come first served. One who hangs up stays as a ghost who takes
no agent, so that the wait that he would have had is known as well.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf, log, sqrt
from random import Random

from ivr.queueing.protocol import Estimate
from ivr.queueing.wait import WaitEstimator
from tests.queueing.happenings import Asked, Happening

Law = Callable[[Random], float]


def exponential(mean: float) -> Law:
    return lambda chance: chance.expovariate(1 / mean)


def lognormal(mean: float, variation: float) -> Law:
    sigma = sqrt(log(1 + variation * variation))
    return lambda chance: chance.lognormvariate(log(mean) - sigma * sigma / 2, sigma)


def never(_: Random) -> float:
    return inf


@dataclass
class Day:
    """`crew`: agent, skills, and when he really works; `plan`: what is published, else the same."""

    hours: float
    rate: Callable[[float], float]
    most: float
    service: Callable[[Random, float], float]
    patience: Law
    crew: list[tuple[int, tuple[str, ...], float, float]]
    plan: list[tuple[int, float, float, tuple[str, ...]]] = field(default_factory=list)
    skills: tuple[str, ...] = ("q",)
    weights: dict[str, float] = field(default_factory=dict)
    """What somebody has waited for a skill counts so many times, for all agents."""
    urgent: float = 0.0
    """The share of callers with priority."""
    callbacks: float = 0.0
    """The share of those who wait 20 s who then keep their place and hang up."""
    ring: Law | None = None
    """How long an agent's telephone rings before he answers; without it he talks at once."""
    gone: frozenset[int] = frozenset()
    """Agents who walk away at `gone_at` and tell nobody: theirs rings for 45 s, unheard."""
    gone_at: float = inf
    history: tuple[float, float] = (270.0, 600.0)
    """What is thought of handling and patience beforehand, in seconds."""


@dataclass
class Caller:
    number: int
    skill: str
    priority: int
    joined: float
    callback: bool = False
    ghost: bool = False
    ringing: bool = False
    """An agent's telephone rings for them: they are not in the line."""
    asked: list[tuple[float, Estimate, str, int]] = field(default_factory=list)

    @property
    def sort(self) -> tuple[int, float]:
        return self.priority, self.joined


@dataclass(frozen=True)
class Answer:
    estimate: Estimate
    truth: float
    when: str
    """"join" or "later"."""
    at: float
    ahead: int


class Simulation:
    def __init__(self, day: Day, seed: int) -> None:
        self.day = day
        self.chance = Random(seed)
        self.estimator = WaitEstimator()
        self.events: list[Happening] = []
        self.answers: list[Answer] = []
        self.now = 0.0
        self._line: list[Caller] = []
        self._idle: dict[int, tuple[str, ...]] = {}
        self._busy: dict[int, tuple[str, ...]] = {}
        self._leaving: set[int] = set()
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        plan = day.plan or [(agent, begin, end, skills) for agent, skills, begin, end in day.crew]
        handling, patience = day.history
        self.estimator.start(
            {
                "skills": list(day.skills),
                "plan": plan,
                "prior": {"aht": dict.fromkeys(day.skills, handling), "patience": patience},
            }
        )
        if day.weights:
            self.estimator.prefer({agent: day.weights for agent, *_ in day.crew})

    def run(self) -> list[Answer]:
        for agent, skills, begin, end in self.day.crew:
            self._at(begin, lambda a=agent, s=skills: self._comes(a, s))  # type: ignore[misc]
            if end < inf:
                self._at(end, lambda a=agent: self._goes(a))  # type: ignore[misc]
        for number, at in enumerate(self._arrivals()):
            self._at(at, lambda n=number: self._arrives(n))  # type: ignore[misc]
        for tick in range(1, int(self.day.hours * 60)):
            self._at(60.0 * tick, self._ask_all)
        while self._heap:
            self.now, _, happen = heapq.heappop(self._heap)
            happen()
        return self.answers

    def _arrivals(self) -> Iterator[float]:
        at = 0.0
        while (at := at + self.chance.expovariate(self.day.most)) < self.day.hours * 3600:
            if self.chance.random() * self.day.most < self.day.rate(at):
                yield at

    def _at(self, when: float, happen: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._heap, (when, self._count, happen))

    def _tell(self, kind: str, **about: object) -> None:
        happening = Happening(self.now, kind, **about)  # type: ignore[arg-type]
        self.events.append(happening)
        self.estimator.on_event(happening)

    def _comes(self, agent: int, skills: tuple[str, ...]) -> None:
        self._tell("sign_on", agent=agent, skill=skills)
        self._leaving.discard(agent)
        if agent not in self._busy:
            self._seek(agent, skills)

    def _goes(self, agent: int) -> None:
        if agent in self._busy:
            self._leaving.add(agent)
            self._tell("sign_off_pending", agent=agent)
        else:
            self._idle.pop(agent, None)
            self._tell("sign_off", agent=agent)

    def _arrives(self, number: int) -> None:
        chance = self.chance
        skill = chance.choice(self.day.skills)
        caller = Caller(number, skill, int(chance.random() >= self.day.urgent), self.now)
        self._tell("arrival", caller=number, skill=skill, priority=caller.priority)
        suited = [agent for agent, skills in self._idle.items() if skill in skills]
        if suited:
            agent = min(suited, key=lambda agent: len(self._idle[agent]))
            self._give(agent, self._idle.pop(agent), caller)
            return
        place = sum(1 for other in self._line if other.priority <= caller.priority)
        self._line.insert(place, caller)
        self._ask(caller, "join")
        self._at(self.now + self.day.patience(chance), lambda: self._hangs_up(caller))
        if chance.random() < self.day.callbacks:
            self._at(self.now + 20, lambda: self._keeps_place(caller))

    def _hangs_up(self, caller: Caller) -> None:
        if (caller in self._line or caller.ringing) and not caller.callback:
            caller.ghost = True
            self._tell("abandoned", caller=caller.number, skill=caller.skill)

    def _keeps_place(self, caller: Caller) -> None:
        if caller in self._line and not caller.ghost:
            caller.callback = True
            self._tell("callback_placeholder", caller=caller.number, skill=caller.skill)

    def _seek(self, agent: int, skills: tuple[str, ...]) -> None:
        for caller in self._in_their_order(skills):
            self._line.remove(caller)
            if not caller.ghost:
                self._give(agent, skills, caller)
                return
            self._settle(caller)
        self._idle[agent] = skills

    def _in_their_order(self, skills: tuple[str, ...]) -> list[Caller]:
        suited = [caller for caller in self._line if caller.skill in skills]
        if self.day.weights:
            suited.sort(key=lambda one: -(self.now - one.joined) * self.day.weights[one.skill])
        return suited

    def _give(self, agent: int, skills: tuple[str, ...], caller: Caller) -> None:
        ring = self.day.ring
        if ring is None:
            self._answer(agent, skills, caller)
            return
        self._tell("reserved", caller=caller.number, agent=agent, skill=caller.skill)
        self._busy[agent] = skills
        caller.ringing = True
        if agent in self.day.gone and self.now >= self.day.gone_at:
            self._at(self.now + 45, lambda: self._does_not_answer(agent, caller))
        else:
            self._at(self.now + ring(self.chance), lambda: self._picks_up(agent, skills, caller))

    def _picks_up(self, agent: int, skills: tuple[str, ...], caller: Caller) -> None:
        caller.ringing = False
        if not caller.ghost:
            self._answer(agent, skills, caller)
            return
        self._settle(caller)
        self._tell("returned", caller=caller.number, agent=agent, skill=caller.skill)
        del self._busy[agent]
        self._tell("sign_on", agent=agent, skill=skills)
        self._seek(agent, skills)

    def _does_not_answer(self, agent: int, caller: Caller) -> None:
        caller.ringing = False
        self._tell("returned", caller=caller.number, agent=agent, skill=caller.skill)
        self._tell("sign_off", agent=agent)
        del self._busy[agent]
        suited = [other for other, skills in self._idle.items() if caller.skill in skills]
        if suited and not caller.ghost:
            self._give(suited[0], self._idle.pop(suited[0]), caller)
            return
        place = sum(1 for other in self._line if other.sort <= caller.sort)
        self._line.insert(place, caller)

    def _answer(self, agent: int, skills: tuple[str, ...], caller: Caller) -> None:
        self._settle(caller)
        self._busy[agent] = skills
        kind = "dial" if caller.callback else "answered"
        self._tell(kind, caller=caller.number, agent=agent, skill=caller.skill)
        ring = self.chance.uniform(8, 25) if caller.callback else 0.0
        ends = self.now + ring + self.day.service(self.chance, self.now)
        self._at(ends, lambda: self._ends(agent, caller))

    def _ends(self, agent: int, caller: Caller) -> None:
        self._tell("service_end", caller=caller.number, agent=agent, skill=caller.skill)
        skills = self._busy.pop(agent)
        if agent in self._leaving:
            self._leaving.discard(agent)
            self._tell("sign_off", agent=agent)
        else:
            self._seek(agent, skills)

    def _ask_all(self) -> None:
        for caller in self._line:
            if not caller.ghost:
                self._ask(caller, "later")

    def _ask(self, caller: Caller, when: str) -> None:
        mode = "callback" if caller.callback else "voice"
        before = self._line[: self._line.index(caller)]
        ahead = sum(1 for one in before if one.skill == caller.skill and not one.ghost)
        entry = Asked(caller.number, caller.skill, caller.priority, mode, caller.joined, ahead)
        caller.asked.append((self.now, self.estimator.estimate(self.now, entry), when, ahead))

    def _settle(self, caller: Caller) -> None:
        for at, estimate, when, ahead in caller.asked:
            self.answers.append(Answer(estimate, self.now - at, when, at, ahead))
