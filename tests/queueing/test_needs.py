"""What a queue needs, now and by the hour."""

from __future__ import annotations

from math import inf

from ivr.queueing.needs import HOUR, QueueNeeds, needs
from ivr.queueing.outlook import Figures
from ivr.queueing.staffing import ServiceLevel

AT = 1_800_000_000.0
LEVEL = ServiceLevel(0.8, 20)


def of(
    *agents: tuple[float, float], calls: tuple[float, ...] = (), rate: float = 100 / HOUR,
    wait: float = 60.0,
) -> QueueNeeds:  # fmt: skip
    figures = Figures(rate, 0.1, 180.0, 180.0, 0.1, agents)
    expected = [(AT + HOUR * number, one) for number, one in enumerate(calls)]
    return needs("q", AT, figures, LEVEL, expected, waiting=3, wait=wait, overloaded=False)


def test_agents_needed_are_those_of_the_reference() -> None:
    """100 calls an hour of 180 s, patience 180 s: seven answer 80 % within 20 s."""
    found = of((0.0, 7.0), calls=(100.0, 0.0))
    assert (found.needed, found.agents, round(found.rate)) == (7, 7.0, 100)
    assert 0.8 <= found.answered_in_time < 0.95
    assert [hour.needed for hour in found.hours] == [7, 0]
    assert of((0.0, 6.0)).answered_in_time < 0.8


def test_agents_of_an_hour_are_the_mean_of_those_who_come_and_go_in_it() -> None:
    found = of((0.0, 2.0), (HOUR / 2, 4.0), (1.5 * HOUR, 1.0), calls=(1.0, 1.0, 1.0))
    assert found.agents == 2.0
    assert [hour.agents for hour in found.hours] == [3.0, 2.5, 1.0]


def test_a_wait_that_nobody_knows_is_none() -> None:
    found = of((0.0, 0.0), wait=inf)
    assert (found.wait, found.answered_in_time, found.needed) == (None, 0.0, 7)
