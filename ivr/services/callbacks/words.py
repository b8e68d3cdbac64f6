"""How a callback stands, in words for whoever looks after it."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.callbacks.duties import Task
from ivr.callbacks.record import Outcome, State
from ivr.callbacks.states import Event

STATES: Mapping[State, str] = {
    "waiting": "in the line",
    "booked": "booked",
    "due": "its time has come",
    "reserved": "an agent is asked",
    "attempt_written": "being dialled",
    "dialling": "ringing",
    "answered": "answered",
    "at_machine": "at a machine",
    "talking": "talking",
    "retry": "to be tried again",
    "unreached": "not reached",
    "called_off": "called off",
    "flagged": "a supervisor decides",
    "done": "done",
    "cancelled": "cancelled",
    "superseded": "served otherwise",
    "could_not_reach": "not reached, and told",
    "withdrawn": "called off, and told",
}
"""In a few words, for a table."""

MEANINGS: Mapping[State, str] = {
    "waiting": "it stands in the line",
    "booked": "it is booked for a window that has not begun",
    "due": "its time has come, and the next agent is asked",
    "reserved": "an agent is being asked, or has accepted",
    "attempt_written": "they are being dialled just now",
    "dialling": "their telephone is ringing",
    "answered": "they have answered and hear who is calling",
    "at_machine": "an answering machine is being left a message",
    "talking": "they are talking with an agent",
    "retry": "they were not reached, and will be rung again",
    "unreached": "they were not reached, and are being told",
    "called_off": "the company will not call, and they are being told",
    "flagged": "it waits for a supervisor",
    "done": "they have talked",
    "cancelled": "it was cancelled",
    "superseded": "they were served in another way",
    "could_not_reach": "they were not reached, and have been told",
    "withdrawn": "the company did not call, and they have been told",
}
"""As part of a sentence."""

TASKS: Mapping[Task, str] = {
    "reserve_in_turn": "an agent is asked when the turn comes; promised by {by}",
    "open_window": "the window begins at {at}",
    "reserve_or_dial": "the next agent is asked; promised by {by}",
    "let_agent_answer": "the agent accepts by {by}, or somebody else is asked",
    "look_up_at_carrier": "the carrier's calls are looked through at {at}",
    "ask_carrier": "the carrier is asked about the call at {at}",
    "join_agent": "the agent is there by {by}",
    "end_message": "the message has ended by {by}",
    "come_due": "another attempt from {at} on",
    "tell_the_end": "they are told how it ended, by {by}",
    "tell_the_new_time": "they are told the new time by {by}, or when they are called",
    "decide": "a supervisor decides: again, move, call-now, hand-over, call-off, cancel or done",
    "end_call": "the carrier is asked to end the call that is on its way",
}
"""What happens next, and when."""

OUTCOMES: Mapping[Outcome, str] = {
    "unknown": "under way",
    "not_dialled": "not dialled",
    "person": "answered",
    "machine": "a machine",
    "fax": "a fax",
    "busy": "busy",
    "no_answer": "no answer",
    "failed": "failed",
    "hung_up": "hung up",
    "wrong_person": "wrong person",
}

_DONE: Mapping[Event, str] = {
    "moved": "moved to another window",
    "put_in_line": "put at its place in the line",
    "cancelled": "cancelled",
    "brought_forward": "called now",
    "handed_over": "handed over",
    "superseded": "marked as done",
    "called_off": "called off",
}


def cannot(event: Event, state: State) -> str:
    """Why somebody's move is refused, in one sentence."""
    return f"It cannot be {_DONE.get(event, event)}: {MEANINGS[state]}."
