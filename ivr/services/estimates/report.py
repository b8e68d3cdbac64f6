"""What became of the waits that were estimated and told, by queue and hour.

The truth about somebody is when it was their turn; of one who hung up, when it would have been.
Beside our estimates stands what a moving average would have said at the same moment: the waits of
those who were answered, three parts old and one part new each time, as Asterisk's queues have it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from ivr.queueing.telling import SOON
from ivr.store.estimates import Entry

NEW_PART = 0.25
"""What the latest wait counts in the moving average."""


class _Event(Struct, frozen=True):
    type: str = ""
    queue: str = ""
    place: str = ""
    kind: str = ""
    told_at: float = 0.0
    low: float = 0.0
    high: float = 0.0
    median: float = 0.0
    mean: float = 0.0
    wait: float = 0.0
    waited: float = 0.0
    hung_up: bool = False


_decode = msgspec.json.Decoder(list[_Event]).decode


@dataclass(frozen=True)
class Wait:
    """One who waited. Times in seconds; `average` is what a moving average would have said."""

    wait: float
    low: float
    median: float
    high: float
    mean: float
    hung_up: bool
    average: float | None


@dataclass(frozen=True)
class Saying:
    """A time that somebody was told, and what was left of their wait then, in seconds."""

    low: float
    high: float
    left: float


@dataclass
class Waits:
    """Those who joined one queue in one hour. Figures without anybody to count are None."""

    queue: str
    hour: datetime | None
    """When it began; None for all hours together."""
    waits: list[Wait] = field(default_factory=list)
    told: list[Saying] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len(self.waits)

    @property
    def hung_up(self) -> int:
        return sum(one.hung_up for one in self.waits)

    @property
    def mean_wait(self) -> float | None:
        return _mean([one.wait for one in self.waits])

    @property
    def held(self) -> float | None:
        """The share of estimated ranges in which the wait ended; four in five it should be."""
        return _mean([one.low <= one.wait <= one.high for one in self.waits])

    @property
    def width(self) -> float | None:
        """Of the estimated ranges."""
        return _mean([one.high - one.low for one in self.waits])

    @property
    def bias(self) -> float | None:
        """By how much estimates were too long."""
        return _mean([one.mean - one.wait for one in self.waits])

    @property
    def error(self) -> float | None:
        """Root of the mean square."""
        return _root_mean_square([one.mean - one.wait for one in self.waits])

    @property
    def absolute_error(self) -> float | None:
        """Mean, of the median."""
        return _mean([abs(one.median - one.wait) for one in self.waits])

    @property
    def average_error(self) -> float | None:
        """Root of the mean square, had a moving average been told."""
        return _root_mean_square(
            [one.average - one.wait for one in self.waits if one.average is not None]
        )

    @property
    def average_bias(self) -> float | None:
        return _mean([one.average - one.wait for one in self.waits if one.average is not None])

    @property
    def times_told(self) -> int:
        """How often a time was told to somebody whose turn then came."""
        return len(self.told)

    @property
    def told_held(self) -> float | None:
        """The share of told times that came true."""
        return _mean([one.low <= one.left <= one.high for one in self.told])

    @property
    def told_too_short(self) -> float | None:
        """The share of told times after whose end people still waited."""
        return _mean([one.left > one.high for one in self.told])


class Report:
    """Fed with the entries of the stream in their order."""

    def __init__(self, zone: ZoneInfo, since: float = 0.0, queue: str = "") -> None:
        self._zone = zone
        self._since = since
        self._queue = queue
        self._cells: dict[tuple[str, datetime], Waits] = {}
        self._averages: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
        self._told: dict[str, list[tuple[float, float, float]]] = {}

    def read(self, entries: Iterable[Entry]) -> None:
        """Count what is in them; an entry that cannot be read is left out."""
        for entry in entries:
            try:
                events = _decode(entry.events)
            except msgspec.DecodeError:
                continue
            for event in events:
                if not self._queue or event.queue == self._queue:
                    self._count(entry.at, event)

    def hours(self) -> list[Waits]:
        """By queue and hour."""
        return [self._cells[key] for key in sorted(self._cells)]

    def queues(self) -> list[Waits]:
        """By queue, all hours together."""
        found: dict[str, Waits] = {}
        for cell in self.hours():
            whole = found.setdefault(cell.queue, Waits(cell.queue, None))
            whole.waits += cell.waits
            whole.told += cell.told
        return list(found.values())

    def _count(self, at: float, event: _Event) -> None:
        match event.type:
            case "Connected":
                times, averages = self._averages[event.queue]
                before = averages[-1] if averages else event.waited
                times.append(at)
                averages.append(before + NEW_PART * (event.waited - before))
            case "WaitTold" if event.kind in ("soon", "minutes"):
                low, high = (0.0, SOON) if event.kind == "soon" else (
                    60 * event.low, 60 * event.high
                )  # fmt: skip
                self._told.setdefault(event.place, []).append((at, low, high))
            case "WaitOutcome":
                said = self._told.pop(event.place, [])
                if event.told_at >= self._since:
                    self._note(event, said)

    def _note(self, event: _Event, said: list[tuple[float, float, float]]) -> None:
        cell = self._cell(event.queue, event.told_at)
        cell.waits.append(
            Wait(
                event.wait, event.low, event.median, event.high, event.mean, event.hung_up,
                self._average(event.queue, event.told_at),
            )
        )  # fmt: skip
        ended = event.told_at + event.wait
        cell.told += [Saying(low, high, ended - at) for at, low, high in said if at <= ended]

    def _cell(self, queue: str, at: float) -> Waits:
        hour = datetime.fromtimestamp(at, self._zone).replace(minute=0, second=0, microsecond=0)
        key = queue, hour
        if key not in self._cells:
            self._cells[key] = Waits(queue, hour)
        return self._cells[key]

    def _average(self, queue: str, at: float) -> float | None:
        times, averages = self._averages[queue]
        known = bisect_right(times, at)
        return averages[known - 1] if known else None


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None


def _root_mean_square(values: list[float]) -> float | None:
    square = _mean([value * value for value in values])
    return None if square is None else sqrt(square)
