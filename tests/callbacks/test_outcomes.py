"""What follows an attempt that reached nobody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ivr.callbacks.duties import kept
from ivr.callbacks.hours import DAY, is_open
from ivr.callbacks.moves import Details, move
from ivr.callbacks.outcomes import (
    Again,
    Ended,
    Result,
    RetryRules,
    at_machine,
    decide,
    read_result,
    who_answered,
)
from ivr.callbacks.record import SYSTEM, Attempt, Callback, Outcome, Window
from tests.callbacks.test_hours import ALWAYS, OFFICE, at
from tests.callbacks.test_states import ANNA, after, waiting

MONDAY = date(2026, 11, 23)
TEN = at(MONDAY, "10:00")
RULES = RetryRules()


def tried(*outcomes: Outcome, window: Window | None = None, now: float = TEN) -> Callback:
    """A callback with attempts that came to that, a minute apart, and one under way."""
    count = len(outcomes)
    earlier = [
        Attempt(now - 60 * (count - number), "+46701740605", outcome, "CA")
        for number, outcome in enumerate(outcomes)
    ]
    return structs.replace(
        waiting(), promised_at=now - 3600, window=window, state="dialling",
        attempts=(*earlier, Attempt(now - 20, "+46701740605", call="CA1")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "before", "event", "pause"),
    [
        ("busy", (), "try_again", 180),
        ("busy", ("busy", "busy"), "try_again", 180),
        ("busy", ("busy", "busy", "busy"), "given_up", None),
        ("no_answer", ("busy",), "try_again", 600),
        ("no_answer", ("no_answer", "no_answer"), "given_up", None),
        ("no_answer", ("not_dialled", "not_dialled", "not_dialled"), "try_again", 600),
        ("machine", (), "try_again", 1800),
        ("machine", ("machine",), "given_up", None),
        ("hung_up", (), "try_again", 300),
        ("fax", (), "given_up", None),
        ("wrong_person", (), "flagged", None),
    ],
)
def test_each_outcome_has_its_rule(
    outcome: Outcome, before: tuple[Outcome, ...], event: str, pause: float | None
) -> None:
    found = decide(tried(*before), Result(outcome), TEN, RULES, [OFFICE])
    assert found.event == event
    assert found.not_before == (None if pause is None else TEN + pause)


def test_a_number_that_cannot_be_reached_is_not_tried_again_but_a_full_network_is() -> None:
    permanent = Result("failed", "permanent", "there is no such number")
    assert decide(tried(), permanent, TEN, RULES, [OFFICE]).event == "given_up"
    temporary = Result("failed", "temporary")
    assert decide(tried(), temporary, TEN, RULES, [OFFICE]).not_before == TEN + 300
    ours = decide(
        tried(), Result("failed", "ours", "the account is on trial"), TEN, RULES, [OFFICE]
    )
    assert (ours.event, ours.reason) == ("flagged", "the account is on trial")


def test_a_retry_stays_in_its_window_where_it_can() -> None:
    window = Window(TEN - 1200, TEN + 600)
    found = decide(tried(window=window), Result("no_answer"), TEN, RULES, [OFFICE])
    assert found.not_before == TEN + 300
    ending = Window(TEN - 1700, TEN + 100)
    late = decide(tried(window=ending), Result("no_answer"), TEN, RULES, [OFFICE])
    assert late.not_before == TEN + 600


def test_a_retry_waits_for_the_morning_and_is_given_up_before_a_long_holiday() -> None:
    evening = at(MONDAY, "15:55")
    found = decide(tried(now=evening), Result("no_answer"), evening, RULES, [OFFICE])
    assert found.not_before == at(date(2026, 11, 24), "08:00")
    christmas = at(date(2026, 12, 23), "11:59")
    given_up = decide(tried(now=christmas), Result("no_answer"), christmas, RULES, [OFFICE])
    assert given_up.event == "given_up"


def test_one_machine_is_left_one_message() -> None:
    first = at_machine(tried(), TEN, RULES, [OFFICE])
    assert first.message == "again" and first.then.event == "try_again"
    left = structs.replace(tried("machine"), message_left=True)
    assert at_machine(left, TEN, RULES, [OFFICE]).message is None
    last = RetryRules(message="last")
    assert at_machine(tried(), TEN, last, [OFFICE]).message is None
    assert at_machine(tried("machine"), TEN, last, [OFFICE]).message == "last"
    assert at_machine(tried(), TEN, RetryRules(message="never"), [OFFICE]).message is None


def test_busy_twice_then_answered_keeps_the_place() -> None:
    callback = after(waiting(), "reserved", "attempt_written", "dialled", at=TEN)
    now = TEN
    for _ in range(2):
        found = decide(callback, Result("busy"), now, RULES, [ALWAYS])
        details = Details(found.reason, outcome="busy", not_before=found.not_before)
        callback, _ = move(callback, "try_again", SYSTEM, now, details)
        now += 180
        callback = after(callback, "retry_came", "reserved", "attempt_written", "dialled", at=now)
    callback = after(callback, "person_answered", "agent_joined", "ended", at=now)
    assert callback.state == "done" and callback.rang_at == waiting().rang_at
    assert [one.outcome for one in callback.attempts] == ["busy", "busy", "person"]


def test_a_new_promise_begins_to_count_anew() -> None:
    spent = structs.replace(tried("busy", "busy", "busy"), state="flagged")
    window = Window(TEN + 3600, TEN + 5400)
    moved, _ = move(spent, "moved", ANNA, TEN, Details("asked to", window=window))
    again = structs.replace(moved, attempts=(*moved.attempts, Attempt(TEN + 3600, "+46701740605")))
    assert decide(again, Result("busy"), TEN + 3630, RULES, [ALWAYS]).event == "try_again"


@pytest.mark.parametrize(
    ("answered_by", "who"),
    [
        ("human", "person"), ("unknown", "person"), ("", "person"), ("machine_start", "machine"),
        ("machine_end_silence", "machine"), ("machine_end_other", "machine"), ("fax", "fax"),
    ],
)  # fmt: skip
def test_who_answered(answered_by: str, who: str) -> None:
    assert who_answered(answered_by) == who


@pytest.mark.parametrize(
    ("status", "answered_by", "sip", "error", "result"),
    [
        ("busy", "", 486, None, Result("busy", None, "engaged")),
        ("no-answer", "", None, None, Result("no_answer")),
        ("canceled", "", 487, None, Result("no_answer", None, "nobody answered in time")),
        ("failed", "", 404, None, Result("failed", "permanent", "there is no such number")),
        ("failed", "", 503, None, Result("failed", "temporary", "the telephone network is full")),
        ("failed", "", 600, None, Result("busy", None, "engaged")),
        ("failed", "", 480, None,
         Result("no_answer", None, "the telephone is off or out of reach")),
        ("failed", "", 503, 21217, Result("failed", "permanent", "the number is not valid")),
        ("failed", "", None, 21215,
         Result("failed", "ours", "calls to this country are not switched on")),
        ("failed", "", 599, 99999, Result("failed", "temporary")),
        ("completed", "human", None, None, Result("hung_up")),
        ("completed", "unknown", None, None, Result("hung_up")),
        ("completed", "machine_start", None, None, Result("machine")),
        ("completed", "machine_end_beep", None, None, Result("machine")),
        ("completed", "fax", None, None, Result("fax")),
    ],
)  # fmt: skip
def test_what_the_carrier_tells_of_a_call(
    status: Ended, answered_by: str, sip: int | None, error: int | None, result: Result
) -> None:
    assert read_result(status, answered_by, sip, error) == result


@given(
    st.lists(st.sampled_from(["busy", "no_answer", "machine", "failed", "hung_up"]), max_size=9),
    st.floats(0, 7 * DAY),
    st.builds(
        RetryRules,
        busy=st.builds(Again, st.integers(0, 5), st.floats(60, 7200)),
        no_answer=st.builds(Again, st.integers(0, 5), st.floats(60, 7200)),
        most_attempts=st.integers(1, 6),
    ),
)
def test_no_row_of_outcomes_rings_outside_hours_or_for_ever(
    outcomes: list[Outcome], since: float, rules: RetryRules
) -> None:
    now = TEN + since
    attempts = 0
    callback = structs.replace(waiting(), promised_at=now, attempts=())
    for outcome in outcomes:
        attempts += 1
        under_way = (*callback.attempts, Attempt(now, "+46701740605", call="CA"))
        callback = structs.replace(callback, state="dialling", attempts=under_way)
        found = decide(callback, Result(outcome), now, rules, [OFFICE])
        ended = structs.replace(under_way[-1], outcome=outcome)
        callback = structs.replace(callback, attempts=(*under_way[:-1], ended))
        if found.not_before is None:
            break
        assert found.not_before >= now + 60
        assert is_open([OFFICE], found.not_before) and is_open([OFFICE], found.not_before + 59)
        now = found.not_before
    assert attempts <= rules.most_attempts


def test_who_is_not_reached_before_the_window_is_rung_in_it() -> None:
    window = Window(TEN + 7200, TEN + 9000)
    booked, _ = move(waiting(), "moved", ANNA, TEN - 60, Details("later", window))
    forward, _ = move(booked, "brought_forward", ANNA, TEN, Details("a quiet hour", forward=90.0))
    assert (forward.forward, forward.until) == (90.0, window.ends)
    rung = after(forward, "reserved", "attempt_written", "dialled", at=TEN)
    for outcome in ("no_answer", "busy", "machine", "hung_up"):
        decision = decide(rung, Result(outcome), TEN + 30, RetryRules(busy=Again(0, 60)), [OFFICE])
        assert (decision.event, decision.not_before) == ("try_again", window.begins)
    assert decide(rung, Result("fax"), TEN + 30, RULES, [OFFICE]).event == "given_up"
    missed = after(rung, "try_again", at=TEN + 30, not_before=window.begins)
    assert missed.forward is None
    assert kept(missed, window.begins) is None
    assert kept(missed, window.ends) is False
    answered = after(rung, "person_answered", "agent_joined", "ended", at=TEN + 40)
    assert kept(answered, TEN + 40) is True
