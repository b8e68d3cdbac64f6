"""Quantiles of a wait of known mean and variance: the gamma law, by Wilson and Hilferty (1931).

A sum of exponential steps is nearly a gamma law; a normal law would be wrong with fewer than ten
people ahead, where its lower end is negative.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

LEAST_SHAPE = 0.25

_STANDARD = NormalDist()


def normal_quantile(level: float) -> float:
    """The value below which a standard normal variable is with probability `level`."""
    return _STANDARD.inv_cdf(level)


def gamma_quantile(mean: float, variance: float, z: float) -> float:
    """The quantile at the normal quantile `z` of the gamma law; never below 0."""
    if mean <= 0:
        return 0.0
    shape = max(mean * mean / variance, LEAST_SHAPE) if variance > 0 else 1e12
    root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return mean * root**3 if root > 0 else 0.0
