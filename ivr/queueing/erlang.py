"""Erlang's formulas, for steady load: `load` in erlangs (calls a second times handling seconds).

By recurrences, never by factorials: they hold for thousands of agents.

Erlang A adds that people hang up (Palm; Garnett, Mandelbaum, Reiman 2002; Mandelbaum and Zeltyn,
"The Palm/Erlang-A queue"). It is the default for staffing: Erlang C, in which nobody ever hangs
up, asks for too many and knows no overload.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, expm1, inf, log

_NEGLIGIBLE = 1e-14
_LARGE = 1e200
_INTERVALS = 800


def erlang_b(agents: int, load: float) -> float:
    """The share of calls that find all `agents` busy, where nobody waits."""
    _refuse_nonsense(agents, load)
    blocked = 1.0
    for count in range(1, agents + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


@dataclass(frozen=True)
class Service:
    """What callers meet in the long run. Times in seconds."""

    wait_probability: float
    mean_wait: float
    """Of all callers, also those who do not wait."""
    within: float
    """The share of all callers who are answered within the target."""
    hang_up: float
    occupancy: float


def erlang_c(agents: int, rate: float, handling: float, target: float) -> Service:
    """Nobody hangs up. `rate` in calls a second; `target` and `handling` in seconds.

    Where the load is not below the number of agents, the line grows for ever: everybody waits,
    the mean wait is infinite, nobody is answered within the target.
    """
    load = rate * handling
    _refuse_nonsense(agents, load)
    if load >= agents:
        return Service(1.0, inf, 0.0, 0.0, 1.0)
    blocked = erlang_b(agents, load)
    waits = agents * blocked / (agents - load * (1 - blocked))
    within = 1 - waits * exp(-(agents - load) * target / handling)
    mean = waits * handling / (agents - load) if load else 0.0
    return Service(waits, mean, within, 0.0, load / agents)


def erlang_a(agents: int, rate: float, handling: float, patience: float, target: float) -> Service:
    """People hang up after `patience` seconds in the mean. `rate` in calls a second."""
    load = rate * handling
    _refuse_nonsense(agents, load)
    if not patience > 0:
        raise ValueError(f"the mean patience must be above 0 seconds, not {patience}")
    if patience == inf:
        return erlang_c(agents, rate, handling, target)
    if rate == 0:
        return Service(0.0 if agents else 1.0, 0.0, 1.0 if agents else 0.0, 0.0, 0.0)
    serving, losing = 1 / handling, 1 / patience
    waiting, total, busy = _steady_state(agents, rate, serving, losing)
    waits = sum(waiting) / total
    length = sum(count * p for count, p in enumerate(waiting)) / total
    soon = _answered_of_those_who_wait(agents, rate, serving, losing, target)
    return Service(
        wait_probability=waits,
        mean_wait=length / rate,
        within=1 - waits + waits * soon,
        hang_up=losing * length / rate,
        occupancy=busy / total / agents if agents else 0.0,
    )


def _steady_state(
    agents: int, rate: float, serving: float, losing: float
) -> tuple[list[float], float, float]:
    """Of the birth-death chain, unscaled: the probability of each length of the line while all
    agents are busy, the sum over all states, and the sum of agents who are busy."""
    term, count = 1.0, 0
    total, busy = 1.0, 0.0
    waiting = [term] if agents == 0 else []
    # Not before the terms fall: a long line can be likelier than a short one.
    while (
        count < agents
        or term > total * _NEGLIGIBLE
        or rate > agents * serving + (count - agents) * losing
    ):
        count += 1
        beyond = max(count - agents, 0)
        term *= rate / (min(count, agents) * serving + beyond * losing)
        if total > _LARGE:
            term, total, busy = term / _LARGE, total / _LARGE, busy / _LARGE
            waiting = [p / _LARGE for p in waiting]
        total += term
        busy += term * min(count, agents)
        if count >= agents:
            waiting.append(term)
    return waiting, total, busy


def _answered_of_those_who_wait(
    agents: int, rate: float, serving: float, losing: float, target: float
) -> float:
    """Of those who find all agents busy, the share who are answered within `target`.

    The wait that a patient caller would meet has the density exp(g(x)) up to a factor, with
    g(x) = rate (1 - exp(-losing x)) / losing - agents serving x (Baccelli and Hebuterne 1981;
    Zeltyn and Mandelbaum 2005); a caller is still there after x with probability exp(-losing x).
    """
    capacity = agents * serving

    def exponent(x: float) -> float:
        return rate * -expm1(-losing * x) / losing - capacity * x

    mode = max(log(rate / capacity) / losing, 0.0) if capacity else inf
    if mode == inf:
        return 0.0
    top = exponent(mode)
    end = mode + 1 / (capacity + losing)
    while exponent(end) > top - 40:
        end = mode + 2 * (end - mode)
    whole = _integral(lambda x: exp(exponent(x) - top), 0.0, mode) + _integral(
        lambda x: exp(exponent(x) - top), mode, end
    )

    def answered(x: float) -> float:
        return exp(exponent(x) - top - losing * x)

    early = min(target, mode)
    part = _integral(answered, 0.0, early)
    if target > mode:
        part += _integral(answered, mode, min(target, end))
    return part / whole


def _integral(of: Callable[[float], float], begin: float, end: float) -> float:
    """By Simpson's rule."""
    if end <= begin:
        return 0.0
    width = (end - begin) / _INTERVALS
    inner = sum((4 if i % 2 else 2) * of(begin + i * width) for i in range(1, _INTERVALS))
    return (of(begin) + inner + of(end)) * width / 3


def _refuse_nonsense(agents: int, load: float) -> None:
    if agents < 0:
        raise ValueError(f"the number of agents must not be below 0, not {agents}")
    if not 0 <= load < inf:
        raise ValueError(f"the load must be a number of erlangs from 0 on, not {load}")
