"""Which callbacks that are due are to be started now.

Places and live callers are served in the order in which they rang. A window waits for an agent
whom nobody else needs, until its end comes so near that it must go first (Armony and Maglaras'
threshold, in time instead of length). There are never more calls on their way than agents for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from ivr.callbacks.duties import rung
from ivr.callbacks.moves import Details
from ivr.callbacks.record import Callback, Window
from ivr.callbacks.states import Event

Why = Literal["end_near", "in_turn", "nobody_waits"]


@dataclass(frozen=True)
class DispatchRules:
    handling: float = 300.0
    """Seconds that an agent is busy with one person."""
    caution: float = 1.3
    """How much longer than on average it may take until agents are free."""
    before_closing: float = 60.0
    """Nobody is rung later than that before the end of the hours: it must ring, and be answered."""


@dataclass(frozen=True, slots=True)
class Due:
    """A callback that may be rung now: a place whose turn may have come, or one with a window.

    `rang_at` is the place in the line; where priority has its boost, that is taken off already.
    """

    id: str
    rang_at: float
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """`idle`: ready, and not reserved for anybody. `soon_free`: expected to be free by the time a
    person would answer, where people are rung first. `without_agent`: calls on their way that no
    agent has accepted. `working`: all who are at work, busy or idle."""

    idle: int
    working: float
    soon_free: int = 0
    without_agent: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """`why`: its window ends soon; its turn has come; or there is nobody else to serve."""

    id: str
    why: Why


def callbacks_to_start(
    now: float,
    due: Sequence[Due],
    line: Sequence[float],
    staff: Staff,
    closes_in: float,
    rules: DispatchRules,
) -> tuple[Start, ...]:
    """The callbacks to start now, in order; agents who are needed for the line are left to it.

    `line`: the places of the live callers, told like `rang_at`. `closes_in`: seconds for which
    people may be rung.
    """
    if closes_in < rules.before_closing:
        return ()
    windows = sorted(_begun(now, due), key=_by_end)
    places = sorted((one for one in due if one.window is None), key=lambda one: one.rang_at)
    callers = sorted(line)
    hurried = _hurried(now, windows, staff, rules)
    starts: list[Start] = []
    for _ in range(max(0, staff.idle + staff.soon_free - staff.without_agent)):
        if hurried > 0:
            hurried -= 1
            starts.append(Start(windows.pop(0).id, "end_near"))
        elif places and (not callers or places[0].rang_at <= callers[0]):
            starts.append(Start(places.pop(0).id, "in_turn"))
        elif callers:
            callers.pop(0)
        elif windows:
            starts.append(Start(windows.pop(0).id, "nobody_waits"))
    return tuple(starts)


def as_due(callback: Callback, now: float) -> Due | None:
    """The callback as something that may be started now; None if it may not.

    One that was brought forward may before its window. One that was rung in its window, and has to
    be tried again after it, stands in the line where the person first stood.
    """
    startable = callback.state in ("waiting", "booked", "due", "retry")
    if not startable or now < callback.not_before:
        return None
    window = callback.window
    if window is None or (window.ends <= now and rung(callback) is not None):
        return Due(callback.id, callback.rang_at)
    return Due(callback.id, callback.rang_at, Window(callback.not_before, window.ends))


def at_closing(callback: Callback, free: Sequence[Window]) -> tuple[Event, Details] | None:
    """What becomes of a callback whose time had come when the hours ended: the move to make.

    The first of the `free` windows of another day, which is then told, or a supervisor decides.
    None: nothing, as it is for later anyway, or under way.
    """
    if callback.state not in ("waiting", "due"):
        return None
    if free:
        return "moved", Details("the hours ended before its turn", window=free[0])
    return "flagged", Details("the hours ended before its turn, and no window has room")


def time_needed(callbacks: int, working: float, rules: DispatchRules) -> float:
    """Seconds in which so many callbacks find an agent, nearly always."""
    if working <= 0:
        return float("inf")
    # Agents become free by chance: for a few callbacks the average says little.
    finished = max(rules.caution * callbacks, callbacks + 2 * sqrt(callbacks) + 1)
    return finished * rules.handling / working


def _hurried(now: float, windows: Sequence[Due], staff: Staff, rules: DispatchRules) -> int:
    """How many, of the windows by their ends, must go before the line."""
    found = 0
    for count, one in enumerate(windows, 1):
        assert one.window is not None
        if one.window.ends - now <= time_needed(count, staff.working, rules):
            found = count
    return found


def _begun(now: float, due: Sequence[Due]) -> list[Due]:
    return [one for one in due if one.window is not None and one.window.begins <= now]


def _by_end(one: Due) -> tuple[float, float]:
    assert one.window is not None
    return one.window.ends, one.rang_at
