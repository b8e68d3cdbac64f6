"""The table of states and moves, played through by chance."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ivr.callbacks.duties import Promise, kept, next_steps, open_promise
from ivr.callbacks.moves import SETTLED_AFTER, Details, Refused, move, promise
from ivr.callbacks.record import SYSTEM, Actor, ActorKind, Callback, Moved, Outcome, State, Window
from ivr.callbacks.states import (
    ENDS,
    EVENTS,
    ON_THE_WAY,
    OPEN,
    STATES,
    TABLE,
    TOLD_BY_CALL,
    Event,
    Move,
    find_move,
)

NUMBER = "+46701740605"
OTHER = "+46701740606"
START = 1_764_000_000.0
PERSON = Actor("person")
ANNA = Actor("supervisor", "Anna")
LIISA = Actor("agent", "Liisa")
ACTORS: dict[ActorKind, Actor] = {
    "person": PERSON, "agent": LIISA, "supervisor": ANNA, "system": SYSTEM,
}  # fmt: skip
EVERYTHING = Details(
    reason="asked to", window=Window(START + 1e6, START + 1e6 + 1800), until=START + 1e6,
    agent="Liisa", call="CA1", outcome="no_answer", not_before=START, number=OTHER,
)  # fmt: skip


def waiting(*, agent_first: bool = True) -> Callback:
    return promise(
        "c1", "support", NUMBER, "bill", START - 60, PERSON, START,
        until=START + 7200, agent_first=agent_first,
    )[0]  # fmt: skip


def after(callback: Callback, *events: Event, at: float = START, **details: object) -> Callback:
    """The callback after events, each done by somebody who may."""
    needed = msgspec.structs.replace(EVERYTHING, **details)
    for event in events:
        found = find_move(event, callback.state)
        assert found is not None, (event, callback.state)
        callback, _ = move(callback, event, ACTORS[found.by[-1]], at, needed)
    return callback


REACHED: tuple[Event, ...] = ("reserved", "attempt_written", "dialled", "person_answered")


def test_a_callback_that_goes_well_is_done() -> None:
    callback = after(waiting(), *REACHED, "agent_joined", "ended")
    assert callback.state == "done"
    assert callback.moves == 7
    assert [one.outcome for one in callback.attempts] == ["person"]
    assert kept(callback, START) is True
    assert open_promise(callback) is None and next_steps(callback) == ()


def test_a_move_tells_who_did_it_when_and_why() -> None:
    callback, told = move(waiting(), "called_off", ANNA, START + 5, Details(reason="a flood"))
    assert told == Moved("c1", 2, "called_off", "waiting", "called_off", START + 5, ANNA, "a flood")
    assert callback.since == START + 5


def test_a_move_that_is_not_in_the_table_is_refused_in_one_sentence() -> None:
    refusals = 0
    for state, event in product(OPEN, EVENTS):
        if find_move(event, state) is None:
            callback = msgspec.structs.replace(waiting(), state=state)
            with pytest.raises(Refused) as refused:
                move(callback, event, SYSTEM, START, EVERYTHING)
            assert str(refused.value) == f"Callback c1 cannot be `{event}` while it is `{state}`."
            refusals += 1
    assert refusals > len(OPEN) * len(EVENTS) / 2


def test_no_two_rows_of_the_table_say_different_things_of_one_move() -> None:
    pairs = [(row.event, before) for row in TABLE for before in row.before or (None,)]
    assert len(pairs) == len(set(pairs))
    assert {row.event for row in TABLE} == set(EVENTS)


def test_every_state_is_reached_and_every_open_one_can_come_to_an_end() -> None:
    reached: set[State] = {"waiting", "booked"}
    for _ in STATES:
        reached |= {row.after for row in TABLE if row.after and reached & set(row.before)}
    assert reached == set(STATES)
    leading = set(ENDS)
    for _ in STATES:
        leading |= {b for row in TABLE if row.after in leading for b in row.before}
    assert leading == set(STATES)


def test_an_end_is_left_by_nothing() -> None:
    assert not [row for row in TABLE if set(row.before) & set(ENDS) and row.after is not None]


@pytest.mark.parametrize(
    ("actor", "event", "sentence"),
    [
        (PERSON, "called_off", "Callback c1 can be `called_off` by the supervisor only, "
         "not by the person."),
        (Actor("supervisor"), "called_off",
         "Callback c1 can be `called_off` by the supervisor only with a name."),
        (ANNA, "called_off", "Callback c1 cannot be `called_off` without a reason."),
        (PERSON, "moved", "Callback c1 cannot be `moved` without a window."),
    ],
)  # fmt: skip
def test_who_may_and_what_it_needs(actor: Actor, event: Event, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        move(waiting(), event, actor, START)
    assert str(refused.value) == sentence


def test_nobody_is_dialled_before_an_agent_has_accepted() -> None:
    with pytest.raises(Refused, match="before an agent has accepted"):
        move(after(waiting(), "turn_came"), "attempt_written", SYSTEM, START)
    customer_first = after(waiting(agent_first=False), "turn_came", "attempt_written")
    assert customer_first.state == "attempt_written"


def test_nobody_is_rung_before_the_window_unless_asked_for() -> None:
    window = Window(START + 3600, START + 5400)
    callback, _ = promise(
        "c1", "support", NUMBER, "bill", START, PERSON, START, window=window, agent_first=False
    )
    with pytest.raises(Refused, match="not to be rung for another 3599 s"):
        move(callback, "window_opened", SYSTEM, START + 1)
    sooner = after(callback, "brought_forward", "attempt_written", at=START + 1)
    assert sooner.state == "attempt_written"


def test_a_window_that_is_over_is_no_promise() -> None:
    with pytest.raises(Refused, match="over before it begins"):
        promise("c1", "q", NUMBER, "m", START, PERSON, START, window=Window(START - 9, START))


def test_after_a_crash_the_carrier_is_not_believed_too_soon() -> None:
    callback = after(waiting(), "reserved", "attempt_written")
    (step,) = next_steps(callback)
    assert step.task == "look_up_at_carrier" and step.by >= START + SETTLED_AFTER
    with pytest.raises(Refused, match="may not list the call yet"):
        move(callback, "not_at_carrier", SYSTEM, START + SETTLED_AFTER - 1)
    again = after(callback, "not_at_carrier", at=START + SETTLED_AFTER)
    assert again.state == "due" and again.attempts[-1].outcome == "not_dialled"
    assert not again.on_the_way and kept(again, START + 60) is None
    found = after(callback, "dialled", call="CA9", at=START + SETTLED_AFTER)
    assert found.on_the_way and found.attempts[-1].call == "CA9"


def test_who_rings_while_being_rung_is_served_and_our_call_is_ended() -> None:
    callback = after(waiting(), "reserved", "attempt_written", "superseded")
    assert [step.task for step in next_steps(callback)] == ["end_call"]
    settled = after(callback, "attempt_ended", outcome="no_answer")
    assert settled.state == "superseded" and next_steps(settled) == ()
    with pytest.raises(Refused, match="no attempt whose end is awaited"):
        move(settled, "attempt_ended", SYSTEM, START, EVERYTHING)


def test_late_news_of_an_earlier_call_change_nothing() -> None:
    tries: tuple[Event, ...] = ("reserved", "attempt_written", "dialled")
    first = after(waiting(), *tries, call="CA1")
    again = after(first, "try_again", "retry_came", "reserved", "attempt_written", call="CA1")
    second = after(again, "dialled", call="CA2")
    with pytest.raises(Refused, match="by an earlier call of ours"):
        move(second, "person_answered", SYSTEM, START, Details(call="CA1"))
    assert after(second, "person_answered", call="CA2").state == "answered"


def test_no_machine_is_left_a_second_message() -> None:
    tries: tuple[Event, ...] = ("reserved", "attempt_written", "dialled")
    callback = after(waiting(), *tries, "machine_answered", "try_again", "retry_came", *tries)
    with pytest.raises(Refused, match="has left a message already"):
        move(callback, "machine_answered", SYSTEM, START)


def test_a_time_that_others_change_must_be_told() -> None:
    window = Window(START + 3600, START + 5400)
    details = Details(reason="we close", window=window)
    by_us, _ = move(waiting(), "moved", SYSTEM, START, details)
    assert by_us.until == window.ends
    first = next_steps(by_us)[0]
    assert (first.task, first.by) == ("tell_the_new_time", START + 120)
    assert after(by_us, "told").untold is None
    assert move(waiting(), "moved", PERSON, START, details)[0].untold is None


def test_nothing_unreached_expires_in_silence() -> None:
    callback = after(waiting(), "reserved", "attempt_written", "dialled", "given_up")
    assert [step.task for step in next_steps(callback)] == ["tell_the_end"]
    flagged = after(callback, "not_told")
    assert [step.task for step in next_steps(flagged)] == ["decide"]
    assert after(callback, "told").state == "could_not_reach"


def test_an_end_is_told_by_a_call_that_is_written_before_it_is_dialled() -> None:
    unreached = after(waiting(), "reserved", "attempt_written", "dialled", "given_up", call="CA1")
    written = after(unreached, "telling_written", call="CA1", at=START + 9)
    telling = after(written, "telling_dialled", call="CA2", at=START + 9)
    assert telling.state == "unreached" and telling.on_the_way and telling.attempts[-1].telling
    (step,) = next_steps(telling)
    assert (step.task, step.at) == ("tell_the_end", START + 9 + 30)
    with pytest.raises(Refused, match="while we ring to tell how it ended"):
        move(telling, "put_in_line", ANNA, START + 9, EVERYTHING)
    undone = after(telling, "telling_undone", call="CA2")
    assert not undone.on_the_way and next_steps(undone)[0].at == START
    told, _ = move(telling, "told", SYSTEM, START + 20, Details(call="CA2"))
    assert told.state == "could_not_reach" and not told.on_the_way
    not_told, _ = move(telling, "not_told", SYSTEM, START, Details("busy", outcome="busy"))
    assert not_told.state == "flagged" and [a.outcome for a in not_told.attempts][1:] == ["busy"]


def test_who_is_handed_over_waits_for_whoever_took_it() -> None:
    taken, told = move(waiting(), "handed_over", ANNA, START, Details(reason="Elsa knows the case"))
    assert taken.state == "flagged" and told.actor == ANNA
    assert after(taken, "superseded").state == "superseded"
    with pytest.raises(Refused, match="by the agent or the supervisor only"):
        move(waiting(), "handed_over", SYSTEM, START, EVERYTHING)


def test_a_call_that_never_came_is_a_broken_promise() -> None:
    late = waiting()
    assert kept(late, late.until - 1) is None
    assert kept(late, late.until) is False
    tries: tuple[Event, ...] = ("reserved", "attempt_written", "dialled")
    assert kept(after(late, *tries, at=late.until), late.until) is False
    assert kept(after(late, *tries, at=late.until - 1), late.until) is True
    refused = after(late, "reserved", "attempt_written", "refused_by_carrier", at=late.until - 5)
    assert kept(refused, late.until) is False


def test_a_new_time_is_a_new_promise_that_earlier_calls_did_not_keep() -> None:
    rung_once = after(waiting(), "reserved", "attempt_written", "dialled", "try_again")
    assert kept(rung_once, START) is True
    assert open_promise(rung_once) == Promise("news", None)
    window = Window(START + 3600, START + 5400)
    moved = after(rung_once, "moved", window=window, at=START + 60)
    assert kept(moved, START + 60) is None
    assert open_promise(moved) == Promise("call", window.ends)
    assert kept(moved, window.ends) is False


@given(st.sampled_from([row for row in TABLE if row.before]), st.sampled_from(list(ACTORS)))
def test_only_those_named_may_make_a_move(row: Move, kind: ActorKind) -> None:
    callback = msgspec.structs.replace(waiting(agent_first=False), state=row.before[0])
    if kind not in row.by:
        with pytest.raises(Refused, match="only, not by the"):
            move(callback, row.event, ACTORS[kind], START, EVERYTHING)


class Played(RuleBasedStateMachine):
    """Any moves whatever, by anybody, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.callback = waiting()
        self.now = START
        self.told: list[Moved] = []

    @rule(
        event=st.sampled_from(EVENTS),
        actor=st.sampled_from(list(ACTORS.values())),
        passed=st.sampled_from([0.0, 1.0, SETTLED_AFTER, 3600.0]),
        outcome=st.sampled_from(["no_answer", "machine", "busy", "failed"]),
    )
    def anything(self, event: Event, actor: Actor, passed: float, outcome: Outcome) -> None:
        self.now += passed
        window = Window(self.now + 600, self.now + 2400)
        details = msgspec.structs.replace(
            EVERYTHING, window=window, until=self.now + 3600, outcome=outcome, not_before=self.now
        )
        try:
            self.callback, told = move(self.callback, event, actor, self.now, details)
        except Refused as refused:
            assert str(refused).count("\n") == 0 and str(refused).endswith(".")
        else:
            self.told.append(told)

    @precondition(lambda self: self.callback.state in OPEN)
    @rule()
    def on_with_it(self) -> None:
        """A move that there is, as most of chance's are refused."""
        for row in TABLE:
            if self.callback.state in row.before and row.after not in (*ENDS, None):
                self.anything(row.event, ACTORS[row.by[0]], 60.0, "no_answer")

    @invariant()
    def the_place_in_the_line_never_changes(self) -> None:
        assert self.callback.rang_at == START - 60

    @invariant()
    def an_attempt_is_open_exactly_while_a_call_may_be_on_its_way(self) -> None:
        if self.callback.state in OPEN:
            last = self.callback.attempt
            told = self.callback.state in TOLD_BY_CALL and last is not None and last.telling
            if not told:
                assert self.callback.on_the_way == (self.callback.state in ON_THE_WAY)
        assert all(one.outcome != "unknown" for one in self.callback.attempts[:-1])

    @invariant()
    def something_is_to_be_done_until_the_end(self) -> None:
        if self.callback.state in OPEN:
            assert next_steps(self.callback)
        else:
            assert open_promise(self.callback) is None

    @invariant()
    def the_moves_tell_the_whole_story(self) -> None:
        assert [one.number for one in self.told] == list(range(2, self.callback.moves + 1))
        before: State = "waiting"
        for one in self.told:
            assert one.before == before
            before = one.after
        assert before == self.callback.state

    @invariant()
    def it_is_read_back_as_it_was_written(self) -> None:
        written = msgspec.json.encode(self.callback)
        assert msgspec.json.decode(written, type=Callback) == self.callback


TestPlayed = Played.TestCase
TestPlayed.settings = settings(max_examples=30, stateful_step_count=25)
