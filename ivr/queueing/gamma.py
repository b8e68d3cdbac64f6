"""Quantiles of a wait of known mean and variance: the gamma law, by Wilson and Hilferty (1931).

A sum of exponential steps is nearly a gamma law; a normal law would be wrong with fewer than ten
people ahead, where its lower end is negative.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

LEAST_SHAPE = 0.25
_CERTAIN = 1e12

_STANDARD = NormalDist()


def normal_quantile(level: float) -> float:
    """The value below which a standard normal variable is with probability `level`."""
    return _STANDARD.inv_cdf(level)


def gamma_quantile(mean: float, variance: float, z: float) -> float:
    """The quantile at the normal quantile `z` of the gamma law; never below 0."""
    if mean <= 0:
        return 0.0
    shape = _shape(mean, variance)
    return _quantile(mean, 1 - 1 / (9 * shape), 1 / (3 * sqrt(shape)), z)


def gamma_quantiles(
    mean: float, variance: float, low: float, high: float
) -> tuple[float, float, float]:
    """At the normal quantile `low`, at the median, and at `high`, at once."""
    if mean <= 0:
        return 0.0, 0.0, 0.0
    shape = _shape(mean, variance)
    centre, spread = 1 - 1 / (9 * shape), 1 / (3 * sqrt(shape))
    return (
        _quantile(mean, centre, spread, low),
        mean * centre**3,
        _quantile(mean, centre, spread, high),
    )


def _shape(mean: float, variance: float) -> float:
    shape = mean * mean / variance if variance > 0 else _CERTAIN
    return shape if shape > LEAST_SHAPE else LEAST_SHAPE


def _quantile(mean: float, centre: float, spread: float, z: float) -> float:
    root = centre + spread * z
    return mean * root * root * root if root > 0 else 0.0
