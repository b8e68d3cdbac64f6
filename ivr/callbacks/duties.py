"""What is open in each state: what the person was promised, and what must happen next by when.

A record whose next step is overdue is one that a crash or a lost job left behind: whoever finds it
does the step again. No state is without a step but the ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivr.callbacks.record import Attempt, Callback
from ivr.callbacks.states import ENDS

Task = Literal[
    "reserve_in_turn", "open_window", "reserve_or_dial", "let_agent_answer", "look_up_at_carrier",
    "ask_carrier", "join_agent", "end_message", "come_due", "tell_the_end", "tell_the_new_time",
    "decide", "end_call",
]  # fmt: skip
_NEVER_RANG = ("not_dialled", "failed")


@dataclass(frozen=True)
class Deadlines:
    """How long a state may last, in seconds."""

    reservation: float = 30.0
    """For an agent to accept."""
    carrier: float = 30.0
    """For the carrier to say that it has the call; then its calls are looked through."""
    ringing: float = 60.0
    answered: float = 30.0
    """For the announcement and the agent."""
    message: float = 120.0
    talking: float = 4 * 3600.0
    """The longest call that the carrier lets be."""
    telling: float = 120.0
    decision: float = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Step:
    """What must happen next; `by` is the time from which it is overdue."""

    task: Task
    by: float


@dataclass(frozen=True, slots=True)
class Promise:
    """What a person waits for. "call": to be rung, `until` then. "news": to be reached or to be
    told how it ended; `until` None where no time was told."""

    kind: Literal["call", "news"]
    until: float | None


USUAL = Deadlines()


def next_steps(callback: Callback, deadlines: Deadlines = USUAL) -> tuple[Step, ...]:
    """What must happen, the most urgent first; nothing once the end has been told."""
    steps = [_step(callback, deadlines)] if callback.state not in ENDS else []
    if callback.state in ENDS and callback.on_the_way:
        steps.append(Step("end_call", callback.since))
    if callback.untold is not None and callback.state not in ENDS:
        steps.append(Step("tell_the_new_time", callback.untold + deadlines.telling))
    return tuple(sorted(steps, key=lambda step: step.by))


def open_promise(callback: Callback) -> Promise | None:
    """What the person still waits for; None at the ends, and while the call is under way."""
    if callback.state in ENDS or callback.state in ("answered", "talking"):
        return None
    if callback.state in ("unreached", "called_off", "flagged") or rung(callback) is not None:
        return Promise("news", None)
    return Promise("call", callback.until)


def rung(callback: Callback) -> Attempt | None:
    """The first attempt at keeping the promise that holds now whose telephone rang."""
    return next(
        (
            one
            for one in callback.attempts
            if one.at >= callback.promised_at and one.call and one.outcome not in _NEVER_RANG
        ),
        None,
    )


def kept(callback: Callback, now: float) -> bool | None:
    """Whether the person was rung by the time promised; None while that is open.

    Also None where it ended before its time: the person did not want it, or was served.
    """
    first = rung(callback)
    if first is not None:
        return first.at < callback.until
    ended = callback.since if callback.state in ENDS else now
    return False if ended >= callback.until else None


def _step(callback: Callback, deadlines: Deadlines) -> Step:
    since = callback.since
    match callback.state:
        case "waiting":
            return Step("reserve_in_turn", callback.until)
        case "booked":
            return Step("open_window", callback.not_before)
        case "due":
            return Step("reserve_or_dial", callback.until)
        case "reserved":
            return Step("let_agent_answer", since + deadlines.reservation)
        case "attempt_written":
            return Step("look_up_at_carrier", since + deadlines.carrier)
        case "dialling":
            return Step("ask_carrier", since + deadlines.ringing)
        case "answered":
            return Step("join_agent", since + deadlines.answered)
        case "at_machine":
            return Step("end_message", since + deadlines.message)
        case "talking":
            return Step("ask_carrier", since + deadlines.talking)
        case "retry":
            return Step("come_due", callback.not_before)
        case "unreached" | "called_off":
            return Step("tell_the_end", since + deadlines.telling)
    return Step("decide", since + deadlines.decision)
