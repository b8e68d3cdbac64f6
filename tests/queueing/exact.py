"""Waits of Markov models, exactly; and the laws of waiting by simple means."""

from __future__ import annotations


def qlm(ahead: int, capacity: float, hang_ups: float) -> tuple[float, float]:
    """Mean and variance by Whitt (1999): `capacity` calls a second, `hang_ups` a second each."""
    rates = [capacity + i * hang_ups for i in range(ahead + 1)]
    return sum(1 / rate for rate in rates), sum(1 / rate**2 for rate in rates)


def first_passage(
    ahead: int, capacity: float, hang_ups: float, overtaking: float
) -> tuple[float, float]:
    """The same, where `overtaking` arrivals a second go ahead of the caller."""
    mean = square = 0.0
    total = spread = 0.0
    for i in range(ahead + 400, -1, -1):
        leaving = capacity + i * hang_ups
        either = leaving + overtaking
        p = overtaking / either
        above, above_square = mean, square
        mean = (1 + overtaking * above) / leaving
        square = (
            2 / either**2
            + (2 * p / either) * (above + mean)
            + p * (above_square + 2 * mean * above)
        ) / (1 - p)
        if i <= ahead:
            total += mean
            spread += square - mean**2
    return total, spread
