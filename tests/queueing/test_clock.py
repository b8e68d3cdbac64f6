"""The capacity clock against exact laws and reference figures."""

from __future__ import annotations

from math import sqrt
from random import Random

import pytest

from ivr.queueing import several
from ivr.queueing.clock import CapacityClock
from ivr.queueing.gamma import gamma_quantile, normal_quantile
from ivr.queueing.line import Place
from ivr.queueing.patience import EDGES, Curve
from ivr.queueing.work import Group, Queue, Step
from tests.queueing.exact import first_passage, qlm

P10, P50, P90 = (normal_quantile(level) for level in (0.1, 0.5, 0.9))


def patience(hang_ups: float) -> Curve:
    return Curve([hang_ups] * len(EDGES))


def places(kinds: str, priority: int = 0) -> list[Place]:
    return [
        Place(number, "q", priority, 0.0, number, 0.0, kind == "C")
        for number, kind in enumerate(kinds)
    ]


def run(
    kinds: str, agents: float, mean: float, hang_ups: float = 0.0, leave_at: tuple[float, ...] = (),
    overtaking: float = 0.0, lasting: bool = True,
) -> list[tuple[float, float]]:  # fmt: skip
    """Mean and standard deviation of each wait, the handling times being exponential."""
    queue = Queue(places(kinds, 1), mean, mean, overtaking={1: overtaking})
    steps = [Step(after, 0, comes=False) for after in leave_at]
    group = Group((0,), [agents, 0.0])
    found = CapacityClock(0.0, [queue], [group], steps, patience(hang_ups), 1.0, lasting).run()
    return [(found[number][0], sqrt(found[number][1])) for number in range(len(kinds))]


@pytest.mark.parametrize(
    ("ahead", "agents", "mean", "patience", "expected"),
    [
        (0, 5, 300, None, (60, 60)),
        (10, 5, 300, None, (660.000, 198.997)),
        (10, 5, 300, 600, (461.263, 142.486)),
        (40, 20, 300, 900, (471.756, 74.522)),
        (3, 2, 240, 400, (350.466, 180.374)),
    ],
)
def test_the_exact_law_that_others_are_held_to_gives_the_reference_figures(
    ahead: int, agents: int, mean: float, patience: float | None, expected: tuple[float, float]
) -> None:
    hang_ups = 1 / patience if patience else 0.0
    total, variance = qlm(ahead, agents / mean, hang_ups)
    assert (total, sqrt(variance)) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("ahead", "capacity", "hang_ups", "overtaking", "expected"),
    [
        (5, 8 / 300, 0, 0.005, (276.923, 136.675)),
        (5, 8 / 300, 1 / 600, 0.005, (232.313, 110.506)),
        (12, 10 / 240, 1 / 700, 0.01, (325.987, 110.757)),
    ],
)
def test_the_exact_law_with_priority_gives_the_reference_figures(
    ahead: int, capacity: float, hang_ups: float, overtaking: float, expected: tuple[float, float]
) -> None:
    mean, variance = first_passage(ahead, capacity, hang_ups, overtaking)
    assert (mean, sqrt(variance)) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("mean", "deviation", "expected"),
    [
        (660.000, 198.997, (421.41, 640.20, 924.03)),
        (461.263, 142.486, (290.77, 446.75, 650.40)),
        (471.756, 74.522, (379.15, 467.84, 569.39)),
        (350.466, 180.374, (148.27, 320.42, 591.23)),
        (565.556, 230.134, (298.09, 534.91, 872.38)),
    ],
)
def test_the_gamma_range_gives_the_reference_figures(
    mean: float, deviation: float, expected: tuple[float, float, float]
) -> None:
    found = [gamma_quantile(mean, deviation**2, z) for z in (P10, P50, P90)]
    assert found == pytest.approx(expected, abs=0.02)


def test_without_hang_ups_the_clock_is_exact() -> None:
    assert run("vvvvvvv", agents=4, mean=240)[-1] == pytest.approx((420.000, 158.745), abs=0.001)


def test_callback_places_count_in_full_and_a_shift_that_ends_slows_the_clock() -> None:
    found = run(
        "vvCvvvv", agents=4, mean=240, hang_ups=1 / 600, leave_at=(120.0, 120.0), lasting=False
    )
    assert found[-1] == pytest.approx((565.556, 230.134), abs=0.001)


@pytest.mark.parametrize("hang_ups", [1 / 300, 1 / 900])
@pytest.mark.parametrize("ahead", [1, 5, 40, 200])
def test_with_hang_ups_the_clock_is_a_few_seconds_from_the_exact_law(
    ahead: int, hang_ups: float
) -> None:
    exact, variance = qlm(ahead, 10 / 240, hang_ups)
    mean, deviation = run("v" * (ahead + 1), 10, 240, hang_ups)[-1]
    assert mean == pytest.approx(exact, abs=10)
    assert deviation == pytest.approx(sqrt(variance), rel=0.15)


@pytest.mark.parametrize("overtaking", [0.005, 0.01])
def test_arrivals_with_priority_slow_the_clock_as_the_exact_law_says(overtaking: float) -> None:
    exact, variance = first_passage(12, 10 / 240, 1 / 700, overtaking)
    mean, deviation = run("v" * 13, 10, 240, 1 / 700, overtaking=overtaking)[-1]
    assert mean == pytest.approx(exact, rel=0.05)
    assert deviation == pytest.approx(sqrt(variance), rel=0.1)


def test_an_agent_who_comes_takes_the_next_at_once() -> None:
    queue = Queue(places("vvv"), 240, 240)
    steps = [Step(50.0, 0, comes=True), Step(50.0, 0, comes=True)]
    found = CapacityClock(0.0, [queue], [Group((0,), [0.0, 0.0])], steps, patience(0)).run()
    assert [found[number][0] for number in range(3)] == pytest.approx([50, 50, 50 + 120])


def test_who_is_not_served_as_far_as_the_roster_goes_is_left_out() -> None:
    queue = Queue(places("vv"), 240, 240)
    steps = [Step(60.0, 0, comes=False)]
    found = CapacityClock(0.0, [queue], [Group((0,), [1.0, 0.0])], steps, patience(0)).run()
    assert found == {}


def test_shared_agents_go_to_whoever_came_first() -> None:
    """One agent for each of two skills and one for both; the second skill's caller came first."""
    queues = [
        Queue([Place("late", "a", 0, 10.0, 2, 0.0)], 120, 120),
        Queue([Place("early", "b", 0, 0.0, 1, 0.0)], 120, 120),
    ]
    groups = [
        Group((0,), [1.0, 0.0, 0.0, 0.0]),
        Group((1,), [0.0, 0.0, 1.0, 0.0]),
        Group((0, 1), [0.0, 0.0, 1.0, 0.0]),
    ]
    found = CapacityClock(0.0, queues, groups, [], patience(0)).run()
    assert found["early"][0] == pytest.approx(60)
    assert found["late"][0] == pytest.approx(60 + 30)


def test_a_long_line_that_is_worked_off_in_parts_gives_what_one_by_one_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def waits() -> dict[str | int, tuple[float, float]]:
        chance = Random(3)
        lines: dict[str, list[Place]] = {"a": [], "b": []}
        for number in range(1600):
            skill = chance.choice("ab")
            place = Place(number, skill, int(number % 9 > 0), number * 0.5, number, number * 0.5)
            place.callback = chance.random() < 0.2
            lines[skill].append(place)
        queues = [
            Queue(sorted(lines["a"], key=lambda one: one.key), 150, 300, 1.4, 60, 1.0, {1: 0.02}),
            Queue(sorted(lines["b"], key=lambda one: one.key), 400, 90, 0.6, 90, 1.0, {1: 0.01}),
        ]
        groups = [
            Group((0,), [9.0, 1.0, 0.0, 0.0]),
            Group((1,), [0.0, 0.0, 8.0, 3.0]),
            Group((1, 0), [2.0, 2.0, 2.0, 2.0]),
        ]
        steps = [Step(900.0, 2, comes=True), Step(2000.0, 0, comes=False)]
        return CapacityClock(800.0, queues, groups, steps, patience(1 / 1200)).run()

    parts = waits()
    monkeypatch.setattr(several, "ONE_BY_ONE", 10_000)
    single = waits()
    assert parts.keys() == single.keys()
    for number, (mean, variance) in single.items():
        assert parts[number][0] == pytest.approx(mean, rel=0.015)
        assert sqrt(parts[number][1]) == pytest.approx(sqrt(variance), rel=0.03)


def test_agents_who_prefer_a_queue_take_others_later() -> None:
    """What is waited in the second queue counts half: its caller came first, and is served last."""
    queues = [
        Queue([Place("late", "a", 0, 60.0, 2, 60.0)], 120, 120),
        Queue([Place("early", "b", 0, 0.0, 1, 0.0)], 120, 120),
    ]
    groups = [Group((0, 1), [2.0, 0.0, 0.0, 0.0], (1.0, 0.5))]
    found = CapacityClock(200.0, queues, groups, [], patience(0)).run()
    assert found["late"][0] == pytest.approx(60)
    assert found["early"][0] == pytest.approx(120)
