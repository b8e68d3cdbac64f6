"""Somebody with a callback rings again."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ivr.callbacks.moves import Details, move
from ivr.callbacks.record import Attempt, Callback, State, Window
from ivr.callbacks.returning import COME_BACK_WITHIN, Choice, Status, recognise
from ivr.callbacks.states import ENDS, ON_THE_WAY
from tests.callbacks.test_states import PERSON, START, after, waiting


@pytest.mark.parametrize(
    ("state", "status", "choices"),
    [
        ("waiting", "open", ("keep", "move", "cancel", "wait_here")),
        ("booked", "open", ("keep", "move", "cancel", "wait_here")),
        ("retry", "open", ("keep", "move", "cancel", "wait_here")),
        ("unreached", "not_reached", ("move", "cancel", "wait_here")),
        ("flagged", "not_called", ("move", "cancel", "wait_here")),
        ("called_off", "not_called", ("wait_here",)),
    ],
)
def test_what_can_be_chosen(state: State, status: Status, choices: tuple[Choice, ...]) -> None:
    found = recognise([structs.replace(waiting(), state=state)], START)
    assert found is not None and (found.status, found.choices) == (status, choices)


@pytest.mark.parametrize(
    ("attempt", "status"),
    [
        (Attempt(START, "+46701740605", "no_answer", "CA1"), "not_reached"),
        (Attempt(START, "+46701740605", "machine", "CA1"), "not_reached"),
        (Attempt(START, "+46701740605", "person", "CA1"), "not_called"),
        (Attempt(START, "+46701740605", "failed", "CA1"), "not_called"),
        (Attempt(START, "+46701740605", "not_dialled"), "not_called"),
        (Attempt(START, "+46701740605", "no_answer", "CA1", telling=True), "not_called"),
    ],
)
def test_whom_a_supervisor_decides_about_hears_whether_we_rang(
    attempt: Attempt, status: Status
) -> None:
    found = recognise([structs.replace(waiting(), state="flagged", attempts=(attempt,))], START)
    assert found is not None and found.status == status


@pytest.mark.parametrize(
    ("state", "status", "choices"),
    [
        ("could_not_reach", "not_reached", ("wait_here",)),
        ("withdrawn", "not_called", ("wait_here",)),
        ("cancelled", "cancelled", ()),
    ],
)
def test_whose_text_about_the_end_has_not_arrived_hears_it(
    state: State, status: Status, choices: tuple[Choice, ...]
) -> None:
    ended = structs.replace(waiting(), state=state, since=START)
    late = START + COME_BACK_WITHIN + 1
    assert recognise([ended], late) is None
    found = recognise([ended], late, untold={ended.id})
    assert found is not None and (found.status, found.choices) == (status, choices)


def test_how_it_ended_for_us_is_told_before_what_they_cancelled() -> None:
    ours = structs.replace(waiting(), id="a", state="withdrawn", since=START)
    theirs = structs.replace(waiting(), id="b", state="cancelled", since=START + 60)
    for known in ([ours, theirs], [theirs, ours]):
        found = recognise(known, START + 90, untold={"a", "b"})
        assert found is not None and found.callback == ours


def test_who_rings_while_we_ring_them_takes_the_line_they_are_on() -> None:
    ringing = after(waiting(), "reserved", "attempt_written", "dialled")
    found = recognise([waiting(), ringing], START)
    assert found is not None and found.callback is ringing
    assert (found.status, found.choices) == ("on_the_way", ("wait_here",))


def test_who_was_not_reached_has_the_old_place_for_a_while() -> None:
    ended = after(waiting(), "reserved", "attempt_written", "dialled", "given_up", "told")
    found = recognise([ended], START + COME_BACK_WITHIN - 1)
    assert found is not None and found.status == "not_reached"
    assert found.rang_at == waiting().rang_at
    assert recognise([ended], START + COME_BACK_WITHIN) is None


def test_what_ended_well_is_not_spoken_of() -> None:
    done = [structs.replace(waiting(), state=end) for end in ENDS if end != "could_not_reach"]
    assert recognise(done, START) is None
    assert recognise([], START) is None


@given(st.lists(st.sampled_from(get_args(State)), max_size=6))
def test_every_choice_can_be_made(states: list[State]) -> None:
    callbacks: list[Callback] = []
    for number, state in enumerate(states):
        one = structs.replace(waiting(), id=f"c{number}", state=state)
        if state in ON_THE_WAY:
            written = after(waiting(agent_first=False), "turn_came", "attempt_written")
            one = structs.replace(one, attempts=written.attempts)
        callbacks.append(one)
    found = recognise(callbacks, START)
    is_open = [state for state in states if state not in ENDS]
    assert (found is None) == (not is_open and "could_not_reach" not in states)
    if found is None or found.callback.state in ENDS:
        return
    window = Window(START + 60, START + 1860)
    if "move" in found.choices:
        moved, _ = move(found.callback, "moved", PERSON, START, Details("later", window=window))
        assert moved.state == "booked"
    if "cancel" in found.choices:
        assert move(found.callback, "cancelled", PERSON, START)[0].state == "cancelled"
    assert after(found.callback, "superseded").state == "superseded"
