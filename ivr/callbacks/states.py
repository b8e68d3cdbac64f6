"""The states of a callback and every move between them: one table.

    waiting          a place is kept in the line
    booked           a window is promised that has not begun
    due              its time has come: to be started as soon as an agent is there
    reserved         an agent has been asked, or has accepted
    attempt_written  the carrier may have been asked to dial: nothing is known until it says so, or
                     until its calls have been looked through
    dialling         the carrier has a call, and it rings
    answered         a person answered and hears who is calling
    at_machine       an answering machine answered and is left a message
    talking          the person and an agent are talking
    retry            not reached; there will be another attempt
    unreached        not reached, no further attempt, and nobody has told the person so far
    called_off       the company will not call, and nobody has told the person so far
    flagged          a supervisor must decide, or somebody named in `handed_to` takes care of it
    done, cancelled, superseded, could_not_reach, withdrawn    the ends, see `ENDS`

After a crash `attempt_written` and `dialling` are looked up at the carrier; all other states are as
they stand. A move that is not in the table is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ivr.callbacks.record import ActorKind, State

Event = Literal[
    "place_promised", "window_promised",
    "turn_came", "window_opened", "retry_came", "brought_forward", "reserved", "released",
    "attempt_written", "dialled", "not_at_carrier", "refused_by_carrier",
    "person_answered", "machine_answered", "agent_joined", "ended", "cut_off",
    "try_again", "given_up", "told_by_message", "flagged", "told", "not_told",
    "telling_written", "telling_dialled", "telling_undone",
    "moved", "put_in_line", "number_changed", "cancelled", "called_off", "superseded",
    "handed_over", "attempt_ended",
]  # fmt: skip
EVENTS: tuple[Event, ...] = get_args(Event)

Need = Literal["reason", "window", "until", "agent", "call", "outcome", "not_before", "number"]
"""What a move cannot do without, beside its time and who does it."""

ENDS: Mapping[State, str] = {
    "done": "in the conversation itself",
    "cancelled": "the person wanted it so, and heard it confirmed",
    "superseded": "by whoever served the person in another way",
    "could_not_reach": "by text, by e-mail, by the message on the machine, or on ringing again",
    "withdrawn": "by text, by e-mail, by a short call, or on ringing again",
}
"""How the person learns of each end."""

STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = tuple(state for state in STATES if state not in ENDS)
ON_THE_WAY: tuple[State, ...] = ("attempt_written", "dialling", "answered", "at_machine", "talking")
"""There is a call of ours, or may be one. Beside it `TOLD_BY_CALL` may have one."""
TOLD_BY_CALL: tuple[State, ...] = ("unreached", "called_off")
"""The end may be told by a short call, an attempt whose `telling` is set."""


@dataclass(frozen=True, slots=True)
class Move:
    """From any of `before` to `after`; `after` None: the state stays."""

    event: Event
    before: tuple[State, ...]
    after: State | None
    by: tuple[ActorKind, ...]
    meaning: str
    needs: tuple[Need, ...] = ()


_US: tuple[ActorKind, ...] = ("system",)
_STAFF: tuple[ActorKind, ...] = ("agent", "supervisor", "system")
_ANYBODY: tuple[ActorKind, ...] = ("person", "agent", "supervisor", "system")
_NOT_STARTED: tuple[State, ...] = ("waiting", "booked", "due", "reserved", "retry")
_IDLE: tuple[State, ...] = (*_NOT_STARTED, "unreached", "flagged")

TABLE: tuple[Move, ...] = (
    # The promise.
    Move("place_promised", (), "waiting", _ANYBODY, "The place in the line is kept.", ("until",)),
    Move("window_promised", (), "booked", _ANYBODY, "A window is promised.", ("window",)),
    # Its time comes.
    Move("turn_came", ("waiting",), "due", _US, "Everybody who rang earlier has been served."),
    Move("window_opened", ("booked",), "due", _US, "The window begins."),
    Move("retry_came", ("retry",), "due", _US, "The pause before another attempt is over."),
    Move("brought_forward", ("waiting", "booked", "due", "retry", "flagged"), "due",
         ("person", "agent", "supervisor"), "Somebody wants the call made now.", ("reason",)),
    Move("reserved", ("waiting", "due"), "reserved", _STAFF, "An agent is asked to take it.",
         ("agent",)),
    Move("released", ("reserved",), "due", _STAFF, "The agent did not take it.", ("reason",)),
    # An attempt.
    Move("attempt_written", ("due", "reserved"), "attempt_written", _US,
         "The carrier will be asked to dial."),
    Move("dialled", ("attempt_written",), "dialling", _US, "The carrier has the call.", ("call",)),
    Move("not_at_carrier", ("attempt_written",), "due", _US,
         "The carrier was asked for its calls and knows none."),
    Move("refused_by_carrier", ("attempt_written",), "due", _US,
         "The carrier said that it dialled nothing and may be asked again.", ("reason",)),
    Move("person_answered", ("dialling",), "answered", _US, "A person answered."),
    Move("machine_answered", ("dialling",), "at_machine", _US,
         "A machine answered and is left a message."),
    Move("agent_joined", ("answered",), "talking", _US, "The person and the agent talk."),
    Move("ended", ("talking",), "done", ("agent", "system"), "They have talked."),
    Move("cut_off", ("talking",), "due", _STAFF, "The conversation was cut off.", ("reason",)),
    Move("try_again", ("attempt_written", "dialling", "answered", "at_machine"), "retry", _US,
         "Not reached; there will be another attempt.", ("outcome", "not_before")),
    Move("given_up", ("attempt_written", "dialling", "answered", "at_machine"), "unreached", _US,
         "Not reached, and no further attempt.", ("outcome", "reason")),
    Move("given_up", ("due", "retry"), "unreached", _US,
         "Attempts cannot go on.", ("reason",)),
    Move("told_by_message", ("at_machine",), "could_not_reach", _US,
         "The message on the machine told that this was the last attempt."),
    Move("flagged", ("attempt_written", "dialling", "answered", "at_machine"), "flagged", _US,
         "A supervisor must decide.", ("outcome", "reason")),
    Move("flagged", (*_NOT_STARTED, "unreached", "called_off"), "flagged", _STAFF,
         "A supervisor must decide.", ("reason",)),
    # What the person is told.
    Move("telling_written", TOLD_BY_CALL, None, _US,
         "The carrier will be asked for a short call that tells the end."),
    Move("telling_dialled", TOLD_BY_CALL, None, _US, "The carrier has that call.", ("call",)),
    Move("telling_undone", TOLD_BY_CALL, None, _US,
         "The carrier dialled nothing for that call, and may be asked again.", ("reason",)),
    Move("told", ("unreached",), "could_not_reach", _STAFF, "The person was told."),
    Move("told", ("called_off",), "withdrawn", _STAFF, "The person was told."),
    Move("told", _NOT_STARTED, None, _STAFF, "The person was told of the new time."),
    Move("not_told", ("unreached", "called_off"), "flagged", _US, "Telling failed.", ("reason",)),
    # It is wanted otherwise.
    Move("moved", (*_IDLE, "answered"), "booked", _ANYBODY, "To another window.",
         ("window", "reason")),
    Move("put_in_line", ("booked", "retry", "unreached", "flagged"), "waiting", _ANYBODY,
         "To the old place in the line.", ("until", "reason")),
    Move("number_changed", _NOT_STARTED, None, ("person", "agent", "supervisor"),
         "To be called on another number.", ("number",)),
    Move("number_changed", ("answered", "unreached", "flagged"), "due",
         ("person", "agent", "supervisor"), "To be called on another number now.", ("number",)),
    Move("cancelled", (*_IDLE, "attempt_written", "dialling", "answered"), "cancelled",
         ("person", "agent", "supervisor"), "The person does not want it any more."),
    Move("called_off", _IDLE, "called_off", ("supervisor",), "The company will not call.",
         ("reason",)),
    Move("handed_over", (*_IDLE, "called_off"), "flagged", ("agent", "supervisor"),
         "Somebody takes care of it instead of us, and says when it is done.", ("reason",)),
    Move("superseded", OPEN, "superseded", _STAFF, "The person was served in another way.",
         ("reason",)),
    Move("attempt_ended", ("cancelled", "superseded"), None, _US,
         "A call that was on its way at the end is over.", ("outcome",)),
)  # fmt: skip

_BY_PLACE: Mapping[tuple[Event, State | None], Move] = {
    (move.event, before): move for move in TABLE for before in move.before or (None,)
}


def find_move(event: Event, before: State | None) -> Move | None:
    """The move of `event` from a state; None is the state before the promise."""
    return _BY_PLACE.get((event, before))


def moves_from(state: State) -> tuple[Move, ...]:
    """Everything that may happen to a callback in a state."""
    return tuple(move for move in TABLE if state in move.before)
