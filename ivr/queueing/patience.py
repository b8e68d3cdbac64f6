"""How callers lose patience: the rate of hanging up by the time already waited.

Events and exposure by bins of age, as actuaries count them: one rate for all ages is far too high
for those who have waited long (Whitt 2005, "Engineering solution of a basic call-center model").
Bins with little in them lean on the mean patience that history gives.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import exp
from typing import Any

EDGES = (0.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0)
"""Where bins begin, in seconds of age; the last has no end."""
PRIOR_PATIENCE = 600.0
"""Mean patience in seconds, where nothing is known."""
ENDLESS = 1e9
"""Seconds of patience of those who never hang up."""
PRIOR_HANG_UPS = 4.0
"""As much as so many hang-ups, the mean patience counts in each bin."""
HALF_LIFE = 7 * 86400.0


class Curve:
    """A hazard by age, with its integral: `hazards[i]` from `EDGES[i]` on."""

    def __init__(self, hazards: list[float]) -> None:
        self.hazards = hazards
        total, sums = 0.0, [0.0]
        for index in range(1, len(EDGES)):
            total += hazards[index - 1] * (EDGES[index] - EDGES[index - 1])
            sums.append(total)
        self._sums = sums

    def at(self, age: float) -> tuple[float, float]:
        """The cumulative hazard up to `age`, and the hazard there."""
        index = bisect_right(EDGES, age) - 1
        if index < 0:
            return 0.0, self.hazards[0]
        hazard = self.hazards[index]
        return self._sums[index] + hazard * (age - EDGES[index]), hazard

    def still_there(self, age: float, after: float) -> tuple[float, float]:
        """Of one who has waited `age`: the probability to be in the line `after` seconds from now,
        and the hazard of leaving it then."""
        # As `at`, twice, without the calls: this is done for everybody in every pass.
        hazards, sums = self.hazards, self._sums
        index = max(bisect_right(EDGES, age) - 1, 0)
        past = sums[index] + hazards[index] * max(age - EDGES[index], 0.0)
        then = age + after
        index = max(bisect_right(EDGES, then) - 1, 0)
        hazard = hazards[index]
        return exp(past - sums[index] - hazard * max(then - EDGES[index], 0.0)), hazard


class Patience:
    def __init__(self, patience: float = PRIOR_PATIENCE) -> None:
        self.prior = min(patience, ENDLESS)
        self.hang_ups = [0.0] * len(EDGES)
        self.exposure = [0.0] * len(EDGES)

    def ended(self, age: float, hung_up: bool) -> None:
        """A caller no longer waits on the telephone, after `age` seconds."""
        _expose(self.exposure, age)
        if hung_up:
            self.hang_ups[max(bisect_right(EDGES, age) - 1, 0)] += 1

    @property
    def mean(self) -> float:
        """Seconds of waiting to one hang-up."""
        return (sum(self.exposure) + PRIOR_HANG_UPS * self.prior) / (
            sum(self.hang_ups) + PRIOR_HANG_UPS
        )

    def fade(self, seconds: float) -> None:
        """Let the past count for less, after so many seconds."""
        keep = 0.5 ** (seconds / HALF_LIFE)
        self.hang_ups = [count * keep for count in self.hang_ups]
        self.exposure = [time * keep for time in self.exposure]

    def curve(self, waiting: Iterable[float]) -> Curve:
        """The hazard now, also counting those who are still `waiting` (their ages): without them
        a line that has just grown would seem to lose everybody."""
        exposure = list(self.exposure)
        counts = [0] * len(EDGES)
        ages = [0.0] * len(EDGES)
        for age in waiting:
            index = bisect_right(EDGES, age) - 1
            if index >= 0:
                counts[index] += 1
                ages[index] += age
        beyond = 0
        for index in range(len(EDGES) - 1, -1, -1):
            exposure[index] += ages[index] - counts[index] * EDGES[index]
            if index + 1 < len(EDGES):
                exposure[index] += beyond * (EDGES[index + 1] - EDGES[index])
            beyond += counts[index]
        return Curve(
            [
                (count + PRIOR_HANG_UPS) / (time + PRIOR_HANG_UPS * self.prior)
                for count, time in zip(self.hang_ups, exposure, strict=True)
            ]
        )

    def snapshot(self) -> dict[str, Any]:
        return {"prior": self.prior, "hang_ups": self.hang_ups, "exposure": self.exposure}

    @classmethod
    def restore(cls, saved: dict[str, Any]) -> Patience:
        patience = cls(saved["prior"])
        patience.hang_ups = list(saved["hang_ups"])
        patience.exposure = list(saved["exposure"])
        return patience


def _expose(exposure: list[float], age: float) -> None:
    for index, begin in enumerate(EDGES):
        if age <= begin:
            return
        end = EDGES[index + 1] if index + 1 < len(EDGES) else age
        exposure[index] += min(age, end) - begin
