"""The capacity clock set up from what is known now: lines, agents, and the roster ahead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ivr.queueing.arrivals import Arrivals
from ivr.queueing.clock import CapacityClock
from ivr.queueing.crew import Change, Crew, Skills
from ivr.queueing.handling import Handling
from ivr.queueing.line import Line, Place
from ivr.queueing.patience import Curve
from ivr.queueing.protocol import Name
from ivr.queueing.work import Group, Queue, Step

SOON = 3600.0
"""Where nobody works, somebody must be rostered within so many seconds for a wait to be known."""
AHEAD = 12 * 3600.0
"""How far the roster is looked at, in seconds."""
LEAST_AGENTS = 0.5
LEAST_CREW = 0.25
"""At least this share of those rostered or on duty is thought to work, whatever it looks like for
a moment: everybody on a break at once does not last."""

NOBODY: Mapping[str, Place] = {}
Weights = tuple[float, ...]
Preferences = Mapping[Name, Mapping[str, float]]
"""By agent and skill, how many times what somebody has waited there counts for them."""
ALIKE: Preferences = {}
NO_PREFERENCE: Mapping[str, float] = {}

Waits = dict[Name, tuple[float, float]]
"""By caller: mean and variance of the remaining wait; those of whom nothing is known are absent."""


@dataclass
class _Setting:
    """The skills that share agents, directly or through others: one clock runs for them."""

    skills: list[str]
    groups: dict[tuple[Skills, Weights], Group] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def group(self, skills: Skills, preferred: Mapping[str, float]) -> tuple[int, Group]:
        weights: Weights = tuple(preferred.get(skill, 1.0) for skill in skills)
        if len(set(weights)) == 1:
            weights = ()
        key = skills, weights
        if key not in self.groups:
            queues = tuple(self.skills.index(skill) for skill in skills)
            self.groups[key] = Group(queues, [0.0] * (2 * len(self.skills)), weights)
        return list(self.groups).index(key), self.groups[key]


def waits(
    now: float,
    line: Line,
    crew: Crew,
    handling: Mapping[str, Handling],
    arrivals: Mapping[tuple[str, int], Arrivals],
    watched_since: float,
    curve: Curve,
    newcomers: Mapping[str, Place] = NOBODY,
    preferences: Preferences = ALIKE,
) -> Waits:
    """How long everybody in the line still waits, and whoever joins now (`newcomers`, by skill)."""
    changes = changes_ahead(now, crew)
    settings = _settings(handling, crew, changes)
    for name, agent in crew.agents.items():
        if agent.on_duty and not agent.leaving:
            setting = settings[agent.skills[0]]
            skill, callback = agent.work or (agent.skills[0], False)
            if skill not in setting.skills:
                skill, callback = agent.skills[0], False
            _, group = setting.group(agent.skills, preferences.get(name, NO_PREFERENCE))
            group.doing[2 * setting.skills.index(skill) + callback] += 1
    for change in changes:
        setting = settings[change.skills[0]]
        preferred = preferences.get(change.agent, NO_PREFERENCE)
        number, _ = setting.group(change.skills, preferred)
        setting.steps.append(Step(change.at - now, number, change.comes))
    rostered = crew.rostered(now)
    on_duty = crew.on_duty()
    found: Waits = {}
    for setting in {id(setting): setting for setting in settings.values()}.values():
        if not newcomers and not line.waits(setting.skills):
            continue
        queues = []
        for skill in setting.skills:
            have = max(on_duty[skill], rostered[skill])
            places = line.by_skill.get(skill, [])
            if skill in newcomers:
                places = [*places, newcomers[skill]]
            if not have and not _comes_soon(skill, changes, now):
                places = []
            queues.append(
                Queue(
                    places,
                    handling[skill].mean,
                    handling[skill].callback_mean,
                    handling[skill].variation,
                    handling[skill].weight,
                    max(LEAST_AGENTS, LEAST_CREW * have) if have else 0.0,
                    {
                        priority: _rate_before(skill, priority, arrivals, now, watched_since)
                        for priority in {place.priority for place in places}
                    },
                )
            )
        clock = CapacityClock(
            now, queues, list(setting.groups.values()), setting.steps, curve, crew.presence
        )
        found.update(clock.run())
    return found


def changes_ahead(now: float, crew: Crew) -> list[Change]:
    """Who will come and go by the roster. One who left unannounced stays away until the roster
    lets him come anew."""
    present: dict[Name, Skills] = {}
    changes = []
    for change in crew.changes_after(now):
        if change.at > now + AHEAD:
            break
        if change.agent not in present:
            agent = crew.agents.get(change.agent)
            here = agent is not None and agent.on_duty and not agent.leaving
            present[change.agent] = agent.skills if agent is not None and here else ()
        skills = present[change.agent]
        if change.skills and bool(skills) != change.comes:
            # Whoever goes takes with them what they could do, whatever the roster says.
            gone = Change(change.at, change.agent, skills, comes=False)
            changes.append(change if change.comes else gone)
            present[change.agent] = change.skills if change.comes else ()
    return changes


def _settings(skills: Iterable[str], crew: Crew, changes: Iterable[Change]) -> dict[str, _Setting]:
    """By skill, the setting that it is in."""
    settings = {skill: _Setting([skill]) for skill in skills}
    for together in sorted({*crew.on, *(change.skills for change in changes)}):
        first = settings.setdefault(together[0], _Setting([together[0]])) if together else None
        for skill in together[1:]:
            other = settings.setdefault(skill, _Setting([skill]))
            if first is not None and other is not first:
                first.skills += other.skills
                for moved in other.skills:
                    settings[moved] = first
    return settings


def _comes_soon(skill: str, changes: Iterable[Change], now: float) -> bool:
    return any(
        change.comes and skill in change.skills and change.at <= now + SOON for change in changes
    )


def _rate_before(
    skill: str,
    priority: int,
    arrivals: Mapping[tuple[str, int], Arrivals],
    now: float,
    watched_since: float,
) -> float:
    """Arrivals a second that go ahead of those who wait with this priority."""
    return sum(
        counted.rate(now, watched_since)
        for (of, ranked), counted in arrivals.items()
        if of == skill and ranked < priority
    )
