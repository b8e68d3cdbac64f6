"""Windows in which a callback can be promised, and how many each has room for.

The room of all windows is worked out now and then from the forecast, the roster and the handling
times (`capacity`); promising one only looks it up. A window that has too little room left is not
offered, and none is ever overbooked but by the forecast's change, which `overbooked` tells.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from ivr.callbacks.hours import DAY, open_spans
from ivr.callbacks.record import Callback, State, Window
from ivr.callbacks.states import ON_THE_WAY
from ivr.flow.schedule import Schedule
from ivr.queueing.forecast import callback_room

NEEDS_ROOM: frozenset[State] = frozenset({"booked", "due", "reserved", "retry", *ON_THE_WAY})
Booked = Mapping[float, int]
"""How many callbacks need room in each window, by its beginning."""


@dataclass(frozen=True)
class WindowRules:
    """In seconds."""

    length: float = 1800.0
    ahead: float = 900.0
    """A window begins at least so much later than it is promised."""
    furthest: float = 7 * DAY
    """Nothing is promised for later."""
    offered: int = 3
    """The first so many windows with room."""


@dataclass(frozen=True)
class Handling:
    """Seconds of an agent that a call takes, and a callback, ring and missed attempts included."""

    call: float
    callback: float

    @classmethod
    def with_misses(
        cls, call: float, talk: float, ring: float, no_answer: float, give_up: float
    ) -> Handling:
        """`no_answer`: the share of attempts that nobody answers, `give_up` seconds later."""
        return cls(call, ring + (1 - no_answer) * talk + no_answer * give_up)


@dataclass(frozen=True)
class Load:
    """What is expected in one window: agents at work on average, calls, and the squared coefficient
    of variation of their rate."""

    agents: float
    calls: float
    variation: float


class Capacity(Struct, frozen=True):
    """Windows in order, and for how many callbacks each has room when none is booked."""

    windows: tuple[Window, ...]
    room: tuple[int, ...]


class Overbooked(Struct, frozen=True):
    """A window has `by` more callbacks than room: a supervisor is told, and dispatching begins with
    them."""

    window: Window
    by: int


def possible_windows(
    hours: Sequence[Schedule], begin: float, end: float, rules: WindowRules
) -> list[Window]:
    """Every window from `begin` to `end` that lies in the hours in which people may be rung.

    They begin on the half-hours (or what `length` is) of the first schedule's local clock; none
    does in the hour that comes twice when clocks are put back, of which nobody can be told.
    """
    zone = hours[0].zone
    windows = []
    for span in open_spans(hours, begin, end):
        at = _aligned(span.begins, zone, rules.length)
        while at + rules.length <= span.ends:
            if not _comes_twice(at, zone):
                windows.append(Window(at, at + rules.length))
            at = _aligned(at + rules.length, zone, rules.length)
    return windows


def capacity(
    windows: Sequence[Window], loads: Sequence[Load], handling: Handling, usable: float = 1.0
) -> Capacity:
    """The room of each window; `usable`: the share of it that callbacks may fill."""
    room = tuple(
        int(
            usable
            * callback_room(
                load.agents, window.ends - window.begins, load.calls, load.variation,
                handling.call, handling.callback, 0,
            )
        )
        for window, load in zip(windows, loads, strict=True)
    )  # fmt: skip
    return Capacity(tuple(windows), room)


def free_windows(
    known: Capacity, booked: Booked, now: float, rules: WindowRules
) -> tuple[Window, ...]:
    """The first windows with room that may still be promised now."""
    found: list[Window] = []
    start = bisect_left(known.windows, now + rules.ahead, key=lambda window: window.begins)
    for place in range(start, len(known.windows)):
        window = known.windows[place]
        if len(found) == rules.offered or window.ends > now + rules.furthest:
            break
        if known.room[place] > booked.get(window.begins, 0):
            found.append(window)
    return tuple(found)


def has_room(
    known: Capacity, booked: Booked, window: Window, now: float, rules: WindowRules
) -> bool:
    """Whether a window that was offered can be promised: asked again when it is chosen."""
    place = bisect_left(known.windows, window.begins, key=lambda one: one.begins)
    if place == len(known.windows) or known.windows[place] != window:
        return False
    timely = now < window.begins and window.ends <= now + rules.furthest
    return timely and known.room[place] > booked.get(window.begins, 0)


def overbooked(known: Capacity, booked: Booked, now: float) -> tuple[Overbooked, ...]:
    """The windows to come that have more callbacks than room."""
    return tuple(
        Overbooked(window, booked[window.begins] - room)
        for window, room in zip(known.windows, known.room, strict=True)
        if window.ends > now and booked.get(window.begins, 0) > room
    )


def needs_room(callback: Callback) -> bool:
    """Whether a callback takes an agent's time in its window: until it is over, or given up."""
    return callback.window is not None and callback.state in NEEDS_ROOM


def count_booked(callbacks: Iterable[Callback]) -> Counter[float]:
    """The callbacks that need room in each window; for a check now and then."""
    return Counter(
        one.window.begins for one in callbacks if one.window is not None and needs_room(one)
    )


def agents_in(window: Window, shifts: Iterable[tuple[float, float]]) -> float:
    """How many agents work in a window on average; `shifts` are without their breaks."""
    overlaps = (
        max(0.0, min(end, window.ends) - max(begin, window.begins)) for begin, end in shifts
    )
    return sum(overlaps) / (window.ends - window.begins)


def calls_in(window: Window, zone: ZoneInfo, days: Mapping[date, Sequence[float]]) -> float:
    """How many calls are expected in a window; `days`: of each local day, by equal slots.

    0 on days that are not there. When clocks are put back the hour's calls are expected twice.
    """
    local = datetime.fromtimestamp(window.begins, zone)
    slots = days.get(local.date(), ())
    if not slots:
        return 0.0
    length = DAY / len(slots)
    at = _second_of_day(local)
    left, calls = window.ends - window.begins, 0.0
    while left > 0:
        here = min(left, length - at % length)
        calls += slots[int(at // length) % len(slots)] * here / length
        at, left = at + here, left - here
    return calls


def _comes_twice(at: float, zone: ZoneInfo) -> bool:
    local = datetime.fromtimestamp(at, zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _aligned(at: float, zone: ZoneInfo, length: float) -> float:
    """The first instant from `at` on at which the local clock shows a multiple of `length`."""
    to_go = -_second_of_day(datetime.fromtimestamp(at, zone)) % length
    return float(round(at + to_go))  # windows are counted by their beginning: no crumbs of seconds


def _second_of_day(local: datetime) -> float:
    return local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
