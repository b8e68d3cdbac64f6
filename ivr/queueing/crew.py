"""Who works: agents on duty, what they do just now, and the roster ahead."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, isfinite
from typing import Any

from ivr.queueing.protocol import Name

Skills = tuple[str, ...]
Work = tuple[str, bool]
"""A kind of work: the skill of the call, and whether it is a callback place that is dialled."""

MEMORY = 3600.0
"""Seconds under pressure over which it is watched how many of those on duty really work."""
PRIOR_SECONDS = 1800.0
LEAST_PRESENT = 0.3


@dataclass(slots=True)
class Agent:
    skills: Skills
    leaving: bool = False
    work: Work | None = None
    since: float = 0.0
    on_duty: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody is rostered to come (or to go) at `at` seconds."""

    at: float
    agent: Name
    skills: Skills
    comes: bool


class Crew:
    def __init__(self) -> None:
        self.agents: dict[Name, Agent] = {}
        self.plan: list[tuple[Name, float, float, Skills]] = []
        self._changes: list[Change] = []
        self._times: list[float] = []
        self.on: Counter[Skills] = Counter()
        """How many are on duty and stay, by skills."""
        self.busy: Counter[Skills] = Counter()
        self.worked = 0.0
        self.present = 0.0

    def set_plan(self, plan: Iterable[tuple[Name, float, float, Iterable[str]]]) -> None:
        """Take a published roster: agent, from, to (seconds), skills."""
        self.plan = [(agent, begin, end, tuple(skills)) for agent, begin, end, skills in plan]
        changes = []
        for agent, begin, end, skills in self.plan:
            changes.append(Change(begin, agent, skills, comes=True))
            if isfinite(end):
                changes.append(Change(end, agent, skills, comes=False))
        # Who goes at the minute at which another shift of his begins goes first.
        self._changes = sorted(changes, key=lambda change: (change.at, change.comes))
        self._times = [change.at for change in self._changes]

    def stand_as(self, agents: dict[Name, Agent]) -> None:
        """These are there, whatever was heard."""
        self.agents = agents
        self.on.clear()
        self.busy.clear()
        for agent in agents.values():
            self._count(agent, 1)

    def sign_on(self, name: Name, skills: Iterable[str]) -> None:
        agent = self.agents.get(name)
        if agent is None:
            self.agents[name] = Agent(tuple(skills))
        else:
            self._count(agent, -1)
            agent.skills, agent.leaving, agent.on_duty = tuple(skills), False, True
        self._count(self.agents[name], 1)

    def leave_after_call(self, name: Name) -> None:
        agent = self.agents.get(name)
        if agent is not None:
            self._count(agent, -1)
            agent.leaving = True

    def sign_off(self, name: Name) -> None:
        agent = self.agents.pop(name, None)
        if agent is not None:
            self._count(agent, -1)

    def take(self, name: Name, work: Work, now: float) -> None:
        """The agent is given a call; one who never signed on can do at least this."""
        if name not in self.agents:
            self.agents[name] = Agent((work[0],), on_duty=False)
        agent = self.agents[name]
        self._count(agent, -1)
        agent.work, agent.since = work, now
        self._count(agent, 1)

    def free(self, name: Name) -> tuple[Work, float] | None:
        """The agent is done; the work, and since when."""
        agent = self.agents.get(name)
        if agent is None or agent.work is None:
            return None
        done = agent.work, agent.since
        self._count(agent, -1)
        agent.work = None
        self._count(agent, 1)
        if not agent.on_duty:
            del self.agents[name]
        return done

    def idle(self, skill: str) -> bool:
        """Whether somebody is there who could serve the skill at once."""
        return any(
            skill in agent.skills and agent.work is None and not agent.leaving and agent.on_duty
            for agent in self.agents.values()
        )

    def _count(self, agent: Agent, change: int) -> None:
        if agent.leaving or not agent.on_duty:
            return
        if agent.skills not in self.on:
            # In one order whatever happened before: sums are to come out the same after a restart.
            self.on = Counter(dict(sorted([*self.on.items(), (agent.skills, 0)])))
        self.on[agent.skills] += change
        if agent.work is not None:
            self.busy[agent.skills] += change
        if not self.on[agent.skills]:
            # Nobody has these skills together any more.
            del self.on[agent.skills]

    def watch(self, seconds: float, waited_for: Iterable[str]) -> None:
        """For so long people of these skills waited: who was on duty could have worked."""
        wanted = set(waited_for)
        present = worked = 0
        for skills, count in self.on.items():
            if count and not wanted.isdisjoint(skills):
                present += count
                worked += self.busy[skills]
        if present:
            keep = exp(-seconds / MEMORY)
            self.present = self.present * keep + present * seconds
            self.worked = self.worked * keep + worked * seconds

    @property
    def presence(self) -> float:
        """The share of those on duty who do take calls while people wait.

        Breaks and wrap-up that no event tells of make it less than 1.
        """
        share = (self.worked + PRIOR_SECONDS) / (self.present + PRIOR_SECONDS)
        return min(max(share, LEAST_PRESENT), 1.0)

    def changes_after(self, now: float) -> list[Change]:
        return self._changes[bisect_right(self._times, now) :]

    def rostered(self, now: float) -> Counter[str]:
        """How many are rostered now, by skill."""
        counts: Counter[str] = Counter()
        for _, begin, end, skills in self.plan:
            if begin <= now < end:
                counts.update(skills)
        return counts

    def on_duty(self) -> Counter[str]:
        """How many are on duty, also those who leave after their call, by skill."""
        counts: Counter[str] = Counter()
        for agent in self.agents.values():
            if agent.on_duty:
                counts.update(agent.skills)
        return counts

    def snapshot(self) -> dict[str, Any]:
        return {
            "agents": [
                [name, list(a.skills), a.leaving, list(a.work) if a.work else None, a.since,
                 a.on_duty]
                for name, a in self.agents.items()
            ],
            "plan": [
                [name, begin, end if isfinite(end) else None, list(skills)]
                for name, begin, end, skills in self.plan
            ],
            "worked": self.worked,
            "present": self.present,
        }  # fmt: skip

    @classmethod
    def restore(cls, saved: dict[str, Any]) -> Crew:
        crew = cls()
        crew.set_plan(
            (name, begin, float("inf") if end is None else end, skills)
            for name, begin, end, skills in saved["plan"]
        )
        for name, skills, leaving, work, since, on_duty in saved["agents"]:
            done = (str(work[0]), bool(work[1])) if work else None
            agent = Agent(tuple(skills), leaving, done, since, on_duty)
            crew.agents[name] = agent
            crew._count(agent, 1)
        crew.worked, crew.present = saved["worked"], saved["present"]
        return crew
