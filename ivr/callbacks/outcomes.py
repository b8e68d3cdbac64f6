"""What an attempt came to, and what follows: another attempt, or the end.

The place in the line is kept through every retry, and a window counts as kept by the first call in
it. Another attempt is made only when people may be rung.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from ivr.callbacks.hours import DAY, next_open
from ivr.callbacks.record import Callback, Outcome
from ivr.flow.schedule import Schedule

Failure = Literal["permanent", "temporary", "ours"]
Ended = Literal["completed", "busy", "no-answer", "failed", "canceled"]
"""The carrier's word for a call that is over."""
Followed = Literal["try_again", "given_up", "flagged"]
"""The event of the table of states that follows an attempt."""

RINGING = 60.0
"""Seconds that must be left of the hours in which people may be rung."""


@dataclass(frozen=True)
class Again:
    """`times` more attempts after such an outcome, `after` so many seconds."""

    times: int
    after: float


@dataclass(frozen=True)
class RetryRules:
    busy: Again = Again(3, 180.0)
    no_answer: Again = Again(2, 600.0)
    machine: Again = Again(1, 1800.0)
    hung_up: Again = Again(1, 300.0)
    """Answered, but gone during the announcement."""
    failed: Again = Again(2, 300.0)
    """Of temporary failures; permanent ones are not tried again."""
    most_attempts: int = 4
    """At one promise, whatever they came to."""
    in_window_after: float = 300.0
    """Where the pause would outlast the window, this one if it does not."""
    message: Literal["first", "last", "never"] = "first"
    """Which answering machine is left a message: the first, or the last there will be."""
    longest_pause: float = 4 * DAY
    """It is given up where the hours leave nothing sooner."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a call came to. `reason` says more where the carrier does."""

    outcome: Outcome
    failure: Failure | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows. `not_before` only of another attempt."""

    event: Followed
    reason: str
    not_before: float | None = None


@dataclass(frozen=True, slots=True)
class AtMachine:
    """What a machine is told: that there will be another attempt, that this was the last, or
    nothing; and what follows. "last" tells the end: its move is "told_by_message"."""

    message: Literal["again", "last"] | None
    then: Decision


def who_answered(answered_by: str) -> Literal["person", "machine", "fax"]:
    """Who is on the line, as the carrier's detection tells it: who is unknown is a person."""
    if answered_by.startswith("machine"):
        return "machine"
    return "fax" if answered_by == "fax" else "person"


def read_result(
    status: Ended, answered_by: str = "", sip: int | None = None, error: int | None = None
) -> Result:
    """What a call came to that nobody talked in, as the carrier tells it.

    `sip` and `error` are the SIP code and the carrier's own one, where it gave them.
    """
    known = _codes()
    found = next((known[code] for code in (error, sip) if code in known), None)
    kind, reason = found or ("temporary", "")
    match status:
        case "completed":
            found_by = who_answered(answered_by)
            return Result("hung_up" if found_by == "person" else found_by)
        case "busy":
            return Result("busy", None, reason)
        case "no-answer" | "canceled":
            return Result("no_answer", None, reason)
        case "failed" if kind in ("busy", "no_answer"):
            return Result("busy" if kind == "busy" else "no_answer", None, reason)
    failure: Failure = "permanent" if kind == "permanent" else "temporary"
    return Result("failed", "ours" if kind == "ours" else failure, reason)


def decide(
    callback: Callback, result: Result, now: float, rules: RetryRules, hours: Sequence[Schedule]
) -> Decision:
    """What follows the attempt that is under way, now that it came to `result`.

    What was tried before the window, as somebody wanted it, does not count: the person was promised
    a call in the window, and has it.
    """
    reason = result.reason or result.outcome
    if result.outcome == "wrong_person" or result.failure == "ours":
        # Neither is helped by ringing again, and the first not by a text either.
        return Decision("flagged", reason)
    allowed = _again(result, rules)
    begins = callback.promised_at if callback.window is None else callback.window.begins
    tries = [
        one
        for one in callback.attempts
        if one.at >= max(callback.promised_at, begins) and not one.telling
    ]
    alike = sum(1 for one in tries if one.outcome == result.outcome) + 1
    counted = sum(1 for one in tries if one.outcome != "not_dialled")
    hopeless = result.outcome == "fax" or result.failure == "permanent"
    if hopeless or (tries and (alike > allowed.times or counted >= rules.most_attempts)):
        return Decision("given_up", reason)
    after = max(begins, _after(callback, now, allowed, rules))
    at = next_open(hours, after, RINGING, rules.longest_pause)
    if at is None:
        return Decision("given_up", f"{reason}, and nobody may be rung for a long time")
    return Decision("try_again", reason, at)


def at_machine(
    callback: Callback, now: float, rules: RetryRules, hours: Sequence[Schedule]
) -> AtMachine:
    """What to do when a machine has answered; asked before the move "machine_answered"."""
    then = decide(callback, Result("machine"), now, rules, hours)
    message: Literal["again", "last"] = "again" if then.event == "try_again" else "last"
    silent = rules.message == "never" or (rules.message == "last" and message == "again")
    return AtMachine(None if silent or callback.message_left else message, then)


def _again(result: Result, rules: RetryRules) -> Again:
    match result.outcome:
        case "busy":
            return rules.busy
        case "no_answer":
            return rules.no_answer
        case "machine":
            return rules.machine
        case "hung_up":
            return rules.hung_up
        case "failed" if result.failure != "permanent":
            return rules.failed
    return Again(0, 0.0)


def _after(callback: Callback, now: float, allowed: Again, rules: RetryRules) -> float:
    at, sooner = now + allowed.after, now + rules.in_window_after
    if callback.window is not None and at >= callback.window.ends > sooner:
        return sooner
    return at


@cache
def _codes() -> dict[int, tuple[str, str]]:
    text = (resources.files("ivr.callbacks") / "failures.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[int, tuple[str, str]])
