"""What an estimator knows of a queue beside its waits: demand, and who will work on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.queueing.crew import Change, Crew, Skills

HORIZON = 7 * 3600.0
"""Seconds ahead for which it matters who comes and goes."""


@dataclass(frozen=True)
class Figures:
    """Of one queue. Times in seconds, `rate` in calls a second.

    `rate_variation`: the squared coefficient of variation of the rate, of which no more is known
    than what was counted. `patience`: seconds of waiting to one hang-up; `hang_ups`: the share of
    those who join now that hang up before they are served. `agents`: who is there and stays, each
    by the share that the queue has of their work, now and after each change of the roster (seconds
    from now, how many).
    """

    rate: float
    rate_variation: float
    handling: float
    patience: float
    hang_ups: float
    agents: Sequence[tuple[float, float]]


def agents_ahead(
    crew: Crew, changes: Sequence[Change], loads: Mapping[str, float], now: float
) -> dict[str, list[tuple[float, float]]]:
    """By queue, how many agents work on it from when on; who serves several counts for each by its
    share of their load."""
    groups: Counter[Skills] = Counter()
    for agent in crew.agents.values():
        if agent.on_duty and not agent.leaving:
            groups[agent.skills] += 1
    steps = {queue: [(0.0, 0.0)] for queue in loads}
    _note(steps, groups, loads, 0.0)
    for change in changes:
        if change.at > now + HORIZON:
            break
        groups[change.skills] += 1 if change.comes else -1
        _note(steps, groups, loads, change.at - now)
    return steps


def _note(
    steps: dict[str, list[tuple[float, float]]],
    groups: Counter[Skills],
    loads: Mapping[str, float],
    at: float,
) -> None:
    counts = dict.fromkeys(steps, 0.0)
    for skills, count in groups.items():
        whole = sum(loads.get(skill, 0.0) for skill in skills)
        for skill in skills:
            if skill in counts and count > 0:
                part = loads[skill] / whole if whole > 0 else 1 / len(skills)
                counts[skill] += count * part
    for queue, known in steps.items():
        if known[-1][0] == at:
            known[-1] = (at, counts[queue])
        elif known[-1][1] != counts[queue]:
            known.append((at, counts[queue]))
