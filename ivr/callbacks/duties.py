"""What is open in each state: what the person was promised, and what must happen next by when.

A record whose next step is overdue is one that a crash or a lost job left behind: whoever finds it
does the step again. No state is without a step but the ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ivr.callbacks.record import Attempt, Callback
from ivr.callbacks.states import ENDS, TOLD_BY_CALL

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
    """What must happen next: tried from `at` on, overdue from `by` on."""

    task: Task
    by: float
    at: float = field(compare=False)


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
        steps.append(_at("end_call", callback.since))
    if callback.untold is not None and callback.state not in ENDS:
        untold = callback.untold
        steps.append(Step("tell_the_new_time", untold + deadlines.telling, untold))
    return tuple(sorted(steps, key=lambda step: step.by))


def due_at(callback: Callback, deadlines: Deadlines = USUAL) -> float | None:
    """When whoever does the next steps has to look; None when nothing is to be done."""
    return min((step.at for step in next_steps(callback, deadlines)), default=None)


def open_promise(callback: Callback) -> Promise | None:
    """What the person still waits for; None at the ends, and while the call is under way."""
    if callback.state in ENDS or callback.state in ("answered", "talking"):
        return None
    if callback.state in ("unreached", "called_off", "flagged") or rung(callback) is not None:
        return Promise("news", None)
    return Promise("call", callback.until)


def rung(callback: Callback) -> Attempt | None:
    """The first attempt at keeping the promise that holds now whose telephone rang.

    Who was rung before the window without being reached waits for it all the same.
    """
    begins = callback.promised_at if callback.window is None else callback.window.begins
    return next(
        (
            one
            for one in callback.attempts
            if one.at >= callback.promised_at
            and one.call
            and not one.telling
            and one.outcome not in _NEVER_RANG
            and (one.at >= begins or one.outcome == "person")
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
    if callback.state in TOLD_BY_CALL:
        call = callback.attempt if callback.on_the_way else None
        # Whoever was to ring may have died meanwhile.
        looks = since if call is None else call.at + deadlines.carrier
        return Step("tell_the_end", max(since + deadlines.telling, looks), looks)
    match callback.state:
        case "waiting":
            return _at("reserve_in_turn", callback.until)
        case "booked":
            return _at("open_window", callback.not_before)
        case "due":
            return _at("reserve_or_dial", callback.until)
        case "reserved":
            return _at("let_agent_answer", since + deadlines.reservation)
        case "attempt_written":
            return _at("look_up_at_carrier", since + deadlines.carrier)
        case "dialling":
            return _at("ask_carrier", since + deadlines.ringing)
        case "answered":
            return _at("join_agent", since + deadlines.answered)
        case "at_machine":
            return _at("end_message", since + deadlines.message)
        case "talking":
            return _at("ask_carrier", since + deadlines.talking)
        case "retry":
            return _at("come_due", callback.not_before)
    return _at("decide", since + deadlines.decision)


def _at(task: Task, by: float) -> Step:
    """Nothing is to be done before."""
    return Step(task, by, by)
