"""Promising a callback, and moving one from state to state by the table."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, structs

from ivr.callbacks.record import Actor, Attempt, Callback, Moved, Outcome, Window
from ivr.callbacks.states import ENDS, ON_THE_WAY, TOLD_BY_CALL, Event, Move, Need, find_move

SETTLED_AFTER = 30.0
"""Seconds after an attempt was written before `no such call` of the carrier is believed: a request
may still be on its way, and a call is not listed the moment it is made."""

_STAFF_NEED_NAMES = ("agent", "supervisor")
_NEEDED: dict[Need, str] = {
    "reason": "a reason",
    "window": "a window",
    "until": "a time until which the call is promised",
    "agent": "an agent",
    "call": "the carrier's name for the call",
    "outcome": "what came of the attempt",
    "not_before": "a time for the next attempt",
    "number": "a number",
}
_WHILE_TELLING: tuple[Event, ...] = (
    "telling_dialled", "telling_undone", "told", "not_told", "cancelled", "superseded",
)  # fmt: skip
"""What may happen while a call is on its way that tells the end."""


class Refused(Exception):
    """A move that cannot be made; the sentence says why."""


class Details(Struct, frozen=True, omit_defaults=True):
    """What a move needs beside its time and who does it: see `needs` in the table.

    `call`, where the carrier tells of one: news of an earlier attempt's call are refused.
    """

    reason: str = ""
    window: Window | None = None
    until: float | None = None
    agent: str = ""
    call: str = ""
    outcome: Outcome | None = None
    not_before: float | None = None
    number: str = ""
    extension: str = ""
    forward: float = 0.0
    """Of a call that is brought forward: seconds by which it goes before its turn."""


NOTHING = Details()


def promise(
    id: str, queue: str, number: str, matter: str, rang_at: float, actor: Actor, now: float,
    *, window: Window | None = None, until: float | None = None, extension: str = "",
    agent_first: bool = True, reason: str = "",
) -> tuple[Callback, Moved]:  # fmt: skip
    """A new callback: at its place in the line `until` then, or in a `window`. Raises `Refused`."""
    event: Event = "place_promised" if window is None else "window_promised"
    move = _allowed(None, event, actor, now, Details(reason=reason, window=window, until=until))
    assert move.after is not None
    ends = until if window is None else window.ends
    assert ends is not None
    callback = Callback(
        id, queue, number, matter, rang_at, move.after, now, now, ends, window, extension,
        agent_first, not_before=now if window is None else window.begins, moves=1,
    )  # fmt: skip
    return callback, Moved(id, 1, event, None, move.after, now, actor, reason)


def move(
    callback: Callback, event: Event, actor: Actor, now: float, details: Details = NOTHING
) -> tuple[Callback, Moved]:
    """The callback after `event`, and what tells of it. Raises `Refused`."""
    found = _allowed(callback, event, actor, now, details)
    after = found.after or callback.state
    changes: dict[str, Any] = _changes(callback, event, actor, now, details)
    if after != callback.state:
        changes |= {"state": after, "since": now}
    if after not in ("reserved", *ON_THE_WAY):
        changes["agent"] = ""
    if after not in ("due", "reserved", *ON_THE_WAY):
        changes["forward"] = None
    changes["attempts"] = _attempts(callback, found, now, details)
    number = callback.moves + 1
    moved = structs.replace(callback, moves=number, **changes)
    return moved, Moved(
        callback.id, number, event, callback.state, after, now, actor, details.reason
    )


def _allowed(
    callback: Callback | None, event: Event, actor: Actor, now: float, details: Details
) -> Move:
    state = None if callback is None else callback.state
    found = find_move(event, state)
    named = "A callback" if callback is None else f"Callback {callback.id}"
    if found is None:
        told = ENDS.get(state) if state is not None else None
        raise Refused(
            f"{named} cannot be `{event}`: it has ended as `{state}`."
            if told
            else f"{named} cannot be `{event}` while it is `{state}`."
        )
    if actor.kind not in found.by:
        allowed = " or ".join(f"the {kind}" for kind in found.by)
        raise Refused(f"{named} can be `{event}` by {allowed} only, not by the {actor.kind}.")
    if actor.kind in _STAFF_NEED_NAMES and not actor.name:
        raise Refused(f"{named} can be `{event}` by the {actor.kind} only with a name.")
    for need in found.needs:
        if getattr(details, need) in (None, ""):
            raise Refused(f"{named} cannot be `{event}` without {_NEEDED[need]}.")
    if "outcome" in found.needs and details.outcome == "unknown":
        raise Refused(f"{named} cannot be `{event}` without {_NEEDED['outcome']}.")
    window = details.window if "window" in found.needs else None
    if window is not None and window.ends <= max(window.begins, now):
        raise Refused(f"{named} cannot be `{event}` to a window that is over before it begins.")
    if callback is not None:
        _check(callback, event, now, details.call)
    return found


def _check(callback: Callback, event: Event, now: float, call: str) -> None:
    waits = event in ("window_opened", "retry_came", "attempt_written")
    if waits and now < callback.not_before:
        seconds = callback.not_before - now
        raise Refused(f"Callback {callback.id} is not to be rung for another {seconds:.0f} s.")
    if event == "attempt_written" and callback.state == "due" and callback.agent_first:
        raise Refused(f"Callback {callback.id} is not dialled before an agent has accepted it.")
    if event == "machine_answered" and callback.message_left:
        raise Refused(f"Callback {callback.id} has left a message already: hang up instead.")
    if event == "attempt_ended" and not callback.on_the_way:
        raise Refused(f"Callback {callback.id} has no attempt whose end is awaited.")
    attempt = callback.attempt
    telling = callback.state in TOLD_BY_CALL and callback.on_the_way
    if telling and event not in _WHILE_TELLING:
        raise Refused(
            f"Callback {callback.id} cannot be `{event}` while we ring to tell how it ended: try "
            "again in a minute."
        )
    if event in ("telling_dialled", "telling_undone") and not telling:
        raise Refused(f"Callback {callback.id} has no call that tells its end.")
    if attempt and attempt.call and call not in ("", attempt.call):
        raise Refused(f"Callback {callback.id} cannot be `{event}` by an earlier call of ours.")
    if event == "not_at_carrier" and attempt and now < attempt.at + SETTLED_AFTER:
        raise Refused(
            f"Callback {callback.id} was attempted less than {SETTLED_AFTER:.0f} s ago: "
            "the carrier may not list the call yet."
        )


def _changes(
    callback: Callback, event: Event, actor: Actor, now: float, details: Details
) -> dict[str, Any]:
    told = actor.kind in ("person", "agent")  # the agent has the person on the telephone
    match event:
        case "moved":
            assert details.window is not None
            return {
                "window": details.window, "until": details.window.ends, "promised_at": now,
                "not_before": details.window.begins, "untold": None if told else now,
            }  # fmt: skip
        case "put_in_line":
            return {
                "window": None, "until": details.until, "promised_at": now, "not_before": now,
                "untold": None if told else now,
            }  # fmt: skip
        case "brought_forward":
            return {"not_before": now, "forward": details.forward}
        case "reserved":
            return {"agent": details.agent}
        case "try_again":
            return {"not_before": details.not_before}
        case "refused_by_carrier":
            return {"not_before": details.not_before or callback.not_before}
        case "machine_answered":
            return {"message_left": True}  # from its first word on: never a second one
        case "number_changed":
            at_once = callback.state in ("answered", "unreached", "flagged")
            before = {"not_before": now} if at_once else {}
            return {"number": details.number, "extension": details.extension, **before}
        case "told" | "person_answered":
            # The announcement tells the new time by its coming.
            return {"untold": None}
    return {}


def _attempts(callback: Callback, found: Move, now: float, details: Details) -> tuple[Attempt, ...]:
    if found.event == "attempt_written":
        return (*callback.attempts, Attempt(now, callback.number))
    if found.event == "telling_written":
        return (*callback.attempts, Attempt(now, callback.number, telling=True))
    if not callback.on_the_way:
        return callback.attempts
    *earlier, last = callback.attempts
    if found.event in ("dialled", "telling_dialled"):
        return (*earlier, structs.replace(last, call=details.call))
    outcome = _outcome(callback, found, details)
    if outcome is None:
        return callback.attempts
    return (*earlier, structs.replace(last, outcome=outcome, ended=now))


def _outcome(callback: Callback, found: Move, details: Details) -> Outcome | None:
    """None: the call goes on, or nobody knows of it yet."""
    if found.event in ("not_at_carrier", "refused_by_carrier", "telling_undone"):
        return "not_dialled"
    if found.after in ON_THE_WAY:
        return None
    if found.event in ("told", "not_told"):
        return details.outcome or ("person" if found.event == "told" else "not_dialled")
    if "outcome" in found.needs:
        return details.outcome
    if callback.state in ("answered", "talking"):
        return "person"
    return "machine" if callback.state == "at_machine" else None
