"""The estimates against true waits, on days that were not used to make the estimator."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, sqrt
from random import Random

import pytest

from ivr.queueing.evidence import Evidence
from tests.queueing.simulation import (
    Answer,
    Day,
    Simulation,
    exponential,
    lognormal,
    never,
)


def root_mean_square(errors: list[float]) -> float:
    return sqrt(sum(error * error for error in errors) / len(errors))


def error(answers: list[Answer]) -> float:
    return root_mean_square([one.estimate.mean - one.truth for one in answers])


def covered(answers: list[Answer]) -> float:
    held = [one.estimate.low <= one.truth <= one.estimate.high for one in answers]
    return sum(held) / len(held)


def moving_average(answers: list[Answer]) -> float:
    """The error of the mean of waits lately ended, three parts old and one part new."""
    ended = sorted((one.at + one.truth, one.truth) for one in answers)
    errors, average, next_end = [], 60.0, 0
    for one in sorted(answers, key=lambda one: one.at):
        while next_end < len(ended) and ended[next_end][0] <= one.at:
            average += (ended[next_end][1] - average) / 4
            next_end += 1
        errors.append(average - one.truth)
    return root_mean_square(errors)


def crew(count: int, skills: tuple[str, ...] = ("q",), first: int = 0) -> list[
    tuple[int, tuple[str, ...], float, float]
]:  # fmt: skip
    return [(agent, skills, 0.0, inf) for agent in range(first, first + count)]


def steady(rate: float) -> Callable[[float], float]:
    return lambda _: rate


TALK = lognormal(280, 1.0)
PATIENCE = lognormal(900, 1.2)


def talk(chance: Random, _: float) -> float:
    return TALK(chance)


def a_surge(at: float) -> float:
    usual = 0.8 * 15 / 280
    return 3 * usual if 5400 <= at < 7800 else usual


def in_bursts(at: float) -> float:
    """A commercial every twenty minutes, of which nobody was told."""
    usual = 0.55 * 15 / 280
    return 0.35 if at > 1800 and at % 1200 < 60 else usual


def a_real_centre(at: float) -> float:
    """Two peaks, and quarters of an hour that differ for no reason."""
    busy = 0.85 + 0.3 * Random(int(at // 900)).random()
    peaks = exp(-(((at / 3600 - 2.5) / 1.2) ** 2)) + 0.8 * exp(-(((at / 3600 - 6) / 1.2) ** 2))
    return busy * (0.6 + 0.55 * peaks) * 12 / 220


def a_real_call(chance: Random, at: float) -> float:
    """Some are over at once, and they grow longer over the day."""
    if chance.random() < 0.08:
        return chance.uniform(5, 25)
    return lognormal(220, 1.1)(chance) * (0.9 + 0.25 * at / 32400)


def with_breaks_nobody_told_of() -> list[tuple[int, tuple[str, ...], float, float]]:
    chance = Random(5)
    worked: list[tuple[int, tuple[str, ...], float, float]] = []
    for agent in range(14):
        at = 0.0
        while at < 9 * 3600:
            until = at + chance.expovariate(1 / 5400)
            worked.append((agent, ("q",), at, until))
            at = until + chance.uniform(300, 900)
        worked.append((agent, ("q",), at, inf))
    return worked


DAYS = {
    "calls come thrice as often for 40 minutes": Day(
        4, a_surge, a_surge(6000), talk, PATIENCE, crew(15)
    ),
    "half of the agents leave, and nobody was told": Day(
        4, steady(0.9 * 16 / 280), 0.9 * 16 / 280, service=talk, patience=PATIENCE,
        crew=[*crew(8), *((agent, ("q",), 0.0, 5400.0) for agent in range(8, 16))],
        plan=[(agent, 0.0, inf, ("q",)) for agent in range(16)],
    ),
    "a day like those of real centres": Day(
        9, a_real_centre, 0.13, a_real_call, lognormal(600, 2), with_breaks_nobody_told_of(),
        plan=[(agent, 0.0, inf, ("q",)) for agent in range(14)],
    ),
    "two skills that share agents, and some callers go first": Day(
        4, steady(0.066), 0.066, service=talk, patience=PATIENCE, skills=("a", "b"),
        crew=[*crew(6, ("a",)), *crew(6, ("b",), 6), *crew(5, ("a", "b"), 12)], urgent=0.15,
    ),
    "telephones ring first, and half of the agents have walked away": Day(
        4, steady(0.9 * 16 / 280), 0.9 * 16 / 280, service=talk, patience=PATIENCE, crew=crew(16),
        ring=lognormal(12, 0.5), gone=frozenset(range(8)), gone_at=5400.0,
    ),
    "telephones ring first, and a third of those who wait are called back": Day(
        4, steady(1.05 * 10 / 280), 1.05 * 10 / 280, service=talk, patience=PATIENCE,
        crew=crew(10), ring=lognormal(15, 0.6), callbacks=0.33,
    ),
    "calls come in bursts": Day(4, in_bursts, 0.35, talk, PATIENCE, crew(15)),
    "shared agents prefer one of two queues": Day(
        4, steady(1.05 * 14 / 280), 1.05 * 14 / 280, service=talk, patience=PATIENCE,
        skills=("a", "b"), crew=[*crew(3, ("a",)), *crew(3, ("b",), 3), *crew(8, ("a", "b"), 6)],
        weights={"a": 1.0, "b": 0.4},
    ),
    "a third of those who wait are called back": Day(
        4, steady(1.1 * 14 / 280), 1.1 * 14 / 280, service=talk, patience=PATIENCE, crew=crew(14),
        callbacks=0.33,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAYS)
def test_estimates_are_far_better_than_a_moving_average_and_ranges_hold_four_times_in_five(
    name: str,
) -> None:
    answers = Simulation(DAYS[name], seed=1).run()
    joining = [one for one in answers if one.when == "join"]
    assert len(joining) > 150
    assert error(joining) < 0.8 * moving_average(joining)
    assert 0.68 < covered(joining) < 0.92
    assert 0.65 < covered([one for one in answers if one.when == "later"]) < 0.93


def test_where_all_is_exponential_estimates_are_nearly_as_good_as_any_can_be() -> None:
    """Nobody who does not know the future can do better there than the mean of n + 1 turns."""
    day = Day(
        9, steady(0.94 * 10 / 240), 0.94 * 10 / 240, lambda chance, _: exponential(240)(chance),
        never, crew(10), history=(270.0, 3600.0),
    )  # fmt: skip
    answers = [one for one in Simulation(day, seed=3).run() if one.when == "join"]
    best = root_mean_square([(one.ahead + 1) * 240 / 10 - one.truth for one in answers])
    assert error(answers) < 1.1 * best


def test_a_sound_estimator_says_so() -> None:
    simulation = Simulation(DAYS["a third of those who wait are called back"], seed=2)
    before = simulation.estimator.evidence("q")
    simulation.run()
    after = simulation.estimator.evidence("q")
    assert before == Evidence(0, 0.0, 0.8)
    assert not before.enough
    assert after.enough
    assert after.calls_ended > 300


def test_what_became_of_each_quote_can_be_taken_once() -> None:
    simulation = Simulation(DAYS["half of the agents leave, and nobody was told"], seed=2)
    answers = simulation.run()
    outcomes = simulation.estimator.take_outcomes()
    joining = sorted((one.at, one.truth) for one in answers if one.when == "join")
    assert sorted((one.told_at, one.wait) for one in outcomes) == joining
    assert any(one.hung_up for one in outcomes)
    assert simulation.estimator.take_outcomes() == []
