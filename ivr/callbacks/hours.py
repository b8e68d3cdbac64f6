"""When people may be rung: spans of elapsed seconds in which every schedule given is open.

A schedule is in local time. Here it becomes instants, so that the night on which clocks change has
as many seconds as it really has, and a span may go on past midnight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.callbacks.record import Window
from ivr.flow.schedule import Schedule

DAY = 86_400.0
_MIDNIGHT = time(0)


def open_spans(schedules: Sequence[Schedule], begin: float, end: float) -> list[Window]:
    """The spans from `begin` to `end` in which all the schedules are open, in order.

    Usually two: when the queue is served, and when people may be rung at all.
    """
    edges = {begin}
    for schedule in schedules:
        edges.update(edge for edge in _edges(schedule, begin, end) if begin < edge < end)
    spans: list[Window] = []
    ordered = sorted(edges)
    for first, last in zip(ordered, [*ordered[1:], end], strict=True):
        if first >= last or not is_open(schedules, first):
            continue
        if spans and spans[-1].ends == first:
            first = spans.pop().begins
        spans.append(Window(first, last))
    return spans


def is_open(schedules: Sequence[Schedule], at: float) -> bool:
    """Whether all the schedules are open at an instant."""
    moment = datetime.fromtimestamp(at, UTC)
    return all(schedule.state(moment) == "open" for schedule in schedules)


def next_open(
    schedules: Sequence[Schedule], at: float, needed: float, within: float
) -> float | None:
    """The first instant from `at` on that has `needed` open seconds before it.

    None if there is none in the coming `within` seconds.
    """
    for span in open_spans(schedules, at, at + within + needed):
        if span.ends - span.begins >= needed:
            return span.begins if span.begins <= at + within else None
    return None


def closes_in(schedules: Sequence[Schedule], now: float, most: float = DAY) -> float:
    """Seconds from now on in which people may be rung without a break; 0 when they may not."""
    spans = open_spans(schedules, now, now + most)
    return spans[0].ends - now if spans and spans[0].begins == now else 0.0


def _edges(schedule: Schedule, begin: float, end: float) -> Iterator[float]:
    """Every instant at which the schedule's state can change, and some at which it does not."""
    zone = schedule.zone
    day = datetime.fromtimestamp(begin, zone).date() - timedelta(days=1)
    last = datetime.fromtimestamp(end, zone).date() + timedelta(days=1)
    while day <= last:
        hours = schedule.special.get(day) or schedule.weekly.get(day.weekday(), ())
        times = {_MIDNIGHT}
        for span in hours:
            times.add(span.opens)
            if span.closes is not None:
                times.add(span.closes)
        for moment in times:
            yield from _instants(day, moment, zone)
        yield from _change_of_clocks(day, zone)
        day += timedelta(days=1)


def _instants(day: date, moment: time, zone: ZoneInfo) -> set[float]:
    """The instants at which clocks show that: two on the night when they are put back."""
    return {datetime.combine(day, moment, zone).replace(fold=fold).timestamp() for fold in (0, 1)}


def _change_of_clocks(day: date, zone: ZoneInfo) -> Iterator[float]:
    low = int(datetime.combine(day, _MIDNIGHT, zone).timestamp())
    high = int(datetime.combine(day + timedelta(days=1), _MIDNIGHT, zone).timestamp())
    before = _offset(low, zone)
    if _offset(high, zone) == before:
        return
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    yield float(high)


def _offset(at: float, zone: ZoneInfo) -> timedelta | None:
    return datetime.fromtimestamp(at, zone).utcoffset()
