"""What holds of an estimator whatever happens in the line."""

from __future__ import annotations

import json
from math import inf, isfinite
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ivr.queueing.protocol import Estimate
from ivr.queueing.wait import WaitEstimator
from tests.queueing.happenings import Asked, Happening

KINDS = [
    "arrival", "arrival", "arrival", "answered", "dial", "abandoned", "callback_placeholder",
    "callback_failed", "service_end", "sign_on", "sign_off", "sign_off_pending", "reserved",
    "returned", "withdrawn",
]  # fmt: skip
SKILLS = ("a", "b")

happenings = st.builds(
    lambda kind, caller, agent, skill, both, priority: Happening(
        0.0, kind, caller, agent,
        (SKILLS if both else (skill,)) if kind.startswith("sign") else skill, priority,
    ),
    st.sampled_from(KINDS), st.integers(0, 12), st.integers(100, 105), st.sampled_from(SKILLS),
    st.booleans(), st.integers(0, 1),
)  # fmt: skip
histories = st.lists(st.tuples(st.floats(-5, 120), happenings), max_size=60)


def started(**info: Any) -> WaitEstimator:
    estimator = WaitEstimator()
    plan = [(agent, 0.0, 5000.0, SKILLS) for agent in range(100, 104)]
    estimator.start({"skills": list(SKILLS), "plan": plan, "prior": {}} | info)
    return estimator


def at(t: float, happening: Happening) -> Happening:
    return Happening(
        t, happening.kind, happening.caller, happening.agent, happening.skill, happening.priority
    )


def lived(history: list[tuple[float, Happening]]) -> tuple[WaitEstimator, float]:
    """An estimator that went through it, events late, out of order, or twice as they may be."""
    estimator, now = started(), 0.0
    for after, happening in history:
        now += after
        estimator.on_event(at(now, happening))
        if happening.caller == 7:
            estimator.table(now)
    return estimator, max(now, 0.0) + 1


def sane(estimate: Estimate) -> bool:
    low, median, high, mean = estimate
    if not isfinite(high):
        return estimate == (inf, inf, inf, inf)
    return 0 <= low <= median <= high and mean >= 0


@settings(max_examples=40, deadline=None)
@given(histories)
def test_whatever_happens_low_median_and_high_are_in_order_and_never_negative(
    history: list[tuple[float, Happening]],
) -> None:
    estimator, now = lived(history)
    assert all(sane(estimate) for estimate in estimator.table(now).values())


@settings(max_examples=40, deadline=None)
@given(histories)
def test_one_who_is_further_back_never_waits_less(
    history: list[tuple[float, Happening]],
) -> None:
    estimator, now = lived([(after, h) for after, h in history if h.kind != "callback_placeholder"])
    estimator.on_event(Happening(now, "arrival", "early", skill="a", priority=1))
    estimator.on_event(Happening(now + 1, "arrival", "late", skill="a", priority=1))
    table = estimator.table(now + 2)
    assert table["early"].mean <= table["late"].mean
    assert table["early"].high <= table["late"].high or table["late"].high == inf


@settings(max_examples=40, deadline=None)
@given(histories, histories)
def test_one_who_died_and_was_restored_answers_the_same_ever_after(
    before: list[tuple[float, Happening]], after: list[tuple[float, Happening]]
) -> None:
    estimator, now = lived(before)
    other = WaitEstimator()
    other.restore(json.loads(json.dumps(estimator.snapshot(), allow_nan=False)))
    assert other.table(now) == estimator.table(now)
    for later, happening in after:
        now += max(later, 0.0)
        for one in (estimator, other):
            one.on_event(at(now, happening))
    assert other.table(now) == estimator.table(now)
    assert other.take_outcomes() == estimator.take_outcomes()
    assert other.snapshot() == estimator.snapshot()


@settings(max_examples=40, deadline=None)
@given(histories)
def test_events_that_come_twice_change_nothing(history: list[tuple[float, Happening]]) -> None:
    """Within one second nothing else can have happened between an event and its repetition."""
    once, twice, now = started(), started(), 0.0
    for after, happening in history:
        if happening.kind in ("answered", "dial") and happening.caller is None:
            continue
        now += max(after, 1.0)
        once.on_event(at(now, happening))
        twice.on_event(at(now, happening))
        twice.on_event(at(now, happening))
    if not any(h.kind == "arrival" for _, h in history):
        return
    assert twice.table(now + 1) == once.table(now + 1)


@settings(max_examples=40, deadline=None)
@given(histories, st.integers(0, 12))
def test_an_answer_of_the_table_is_the_answer_to_the_question(
    history: list[tuple[float, Happening]], caller: int
) -> None:
    estimator, now = lived(history)
    table = estimator.table(now)
    if caller in table:
        assert estimator.estimate(now, Asked(caller)) == table[caller]


@settings(max_examples=40, deadline=None)
@given(histories)
def test_one_whom_no_event_told_of_is_taken_for_the_last_of_those_who_came_before(
    history: list[tuple[float, Happening]],
) -> None:
    estimator, now = lived(history)
    before = estimator.snapshot()
    answer = estimator.estimate(now, Asked("stranger", "a", 1, joined=now))
    assert sane(answer)
    assert estimator.snapshot()["line"] == before["line"]


def with_agents(count: int, waiting: int) -> WaitEstimator:
    estimator = started(plan=[])
    for number in range(count):
        estimator.on_event(Happening(0.0, "sign_on", agent=number, skill=("a",)))
        estimator.on_event(Happening(0.0, "arrival", f"served {number}", skill="a"))
        estimator.on_event(Happening(0.0, "answered", f"served {number}", number, "a"))
    for number in range(waiting):
        estimator.on_event(Happening(1.0, "arrival", number, skill="a"))
    return estimator


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 20), st.integers(1, 20))
def test_more_agents_mean_shorter_waits(agents: int, waiting: int) -> None:
    few = with_agents(agents, waiting).table(2.0)
    more = with_agents(agents + 1, waiting).table(2.0)
    assert all(more[caller].mean < few[caller].mean for caller in few)


def test_nothing_is_said_where_nobody_works_and_nobody_is_rostered_within_the_hour() -> None:
    estimator = started(plan=[(1, 10_000.0, 20_000.0, ("a",))])
    estimator.on_event(Happening(0.0, "arrival", "early", skill="a"))
    assert estimator.table(1.0)["early"].mean == inf
    assert estimator.table(10_000.0 - 3500)["early"].mean < 3600


def test_an_agent_who_comes_by_the_roster_takes_the_first_at_once() -> None:
    estimator = started(plan=[(1, 600.0, 20_000.0, ("a",))])
    estimator.on_event(Happening(0.0, "arrival", "first", skill="a"))
    assert 590 < estimator.table(0.0)["first"].mean < 610


def test_agents_who_leave_after_their_call_are_not_counted_on() -> None:
    estimator = with_agents(10, 5)
    before = estimator.table(1.0)[4].mean
    for agent in range(5):
        estimator.on_event(Happening(2.0, "sign_off_pending", agent=agent))
    assert estimator.table(2.0)[4].mean > 1.8 * before


def test_breaks_that_no_event_tells_of_slow_the_clock() -> None:
    """Half of those on duty take nobody, for an hour, while people wait."""
    estimator = started(plan=[])
    for number in range(10):
        estimator.on_event(Happening(0.0, "sign_on", agent=number, skill=("a",)))
    for number in range(5):
        estimator.on_event(Happening(0.0, "arrival", f"served {number}", skill="a"))
        estimator.on_event(Happening(0.0, "answered", f"served {number}", number, "a"))
    estimator.on_event(Happening(0.0, "arrival", "waits", skill="a"))
    at_first = estimator.table(0.0)["waits"].mean
    estimator.on_event(Happening(3600.0, "arrival", "later", skill="a"))
    assert estimator.table(3600.0)["waits"].mean > 1.6 * at_first


def test_who_stood_in_the_line_before_keeps_the_place_by_the_time_of_the_first_ring() -> None:
    estimator = with_agents(3, 5)
    estimator.on_event(Happening(50.0, "arrival", "again", skill="a", value=0.5))
    table = estimator.table(50.0)
    assert table["again"].mean < min(table[number].mean for number in range(5))


def test_one_who_hung_up_teaches_by_the_wait_that_would_have_been() -> None:
    estimator = with_agents(1, 2)
    estimator.table(1.0)
    estimator.on_event(Happening(10.0, "abandoned", 0, skill="a"))
    assert estimator.take_outcomes() == []
    estimator.on_event(Happening(90.0, "service_end", "served 0", 0, "a"))
    estimator.on_event(Happening(90.0, "answered", 1, 0, "a"))
    outcomes = estimator.take_outcomes()
    assert [(one.caller, one.wait, one.hung_up) for one in outcomes] == [
        (0, 89.0, True),
        (1, 89.0, False),
    ]


def test_one_who_hung_up_would_have_been_served_by_an_agent_who_came_free_for_nobody() -> None:
    estimator = with_agents(1, 1)
    estimator.table(1.0)
    estimator.on_event(Happening(10.0, "abandoned", 0, skill="a"))
    estimator.on_event(Happening(90.0, "service_end", "served 0", 0, "a"))
    estimator.on_event(Happening(500.0, "arrival", "much later", skill="a"))
    assert [(one.caller, one.wait) for one in estimator.take_outcomes()] == [(0, 89.0)]


@settings(max_examples=30, phases=[Phase.reuse, Phase.generate])
@given(histories)
def test_asking_for_whoever_might_join_changes_nobodys_wait(
    history: list[tuple[float, Happening]],
) -> None:
    (estimator, now), (other, _) = lived(history), lived(history)
    joining = estimator.newcomers(now)
    assert all(sane(estimate) for estimate in joining.values())
    for caller, estimate in other.table(now).items():
        assert tuple(estimator.table(now)[caller]) == pytest.approx(
            tuple(estimate), rel=0.05, abs=1
        )


def test_whoever_might_join_waits_as_long_as_whoever_joins() -> None:
    estimator = started(plan=[])
    for number in range(3):
        estimator.on_event(Happening(0, "sign_on", agent=number, skill=("a",)))
        estimator.on_event(Happening(0, "arrival", f"talks {number}", skill="a"))
        estimator.on_event(Happening(0, "answered", f"talks {number}", number, "a"))
    assert estimator.newcomers(10.0)["b"].low == inf
    for number in range(5):
        estimator.on_event(Happening(5, "arrival", number, skill="a"))
    joining = estimator.newcomers(10.0)["a"]
    estimator.on_event(Happening(10, "arrival", "new", skill="a"))
    assert tuple(joining) == pytest.approx(
        tuple(estimator.estimate(10.0, Asked("new", "a"))), rel=0.01
    )


def test_where_an_agent_is_idle_nobody_waits_longer_than_the_telephone_rings() -> None:
    estimator = started(plan=[])
    estimator.on_event(Happening(0, "sign_on", agent=1, skill=("a",)))
    assert estimator.newcomers(1.0)["a"].high == 0
    for number in range(40):
        at = 100.0 * number
        estimator.on_event(Happening(at, "arrival", number, skill="a"))
        estimator.on_event(Happening(at, "reserved", number, 1, "a"))
        estimator.on_event(Happening(at + 12, "answered", number, 1, "a"))
        estimator.on_event(Happening(at + 60, "service_end", agent=1))
    low, median, high, mean = estimator.newcomers(5000.0)["a"]
    assert mean == pytest.approx(12, abs=1)
    assert low <= median <= high < 20


def test_whom_an_agent_does_not_take_stands_where_they_stood() -> None:
    estimator = started(plan=[])
    estimator.on_event(Happening(0, "sign_on", agent=1, skill=("a",)))
    for caller in ("first", "second", "third"):
        estimator.on_event(Happening(1, "arrival", caller, skill="a"))
    before = estimator.table(2.0)
    estimator.on_event(Happening(2, "reserved", "first", 1, "a"))
    assert list(estimator.table(2.0)) == ["second", "third"]
    estimator.on_event(Happening(2, "returned", "first", 1, "a"))
    after = estimator.table(2.0)
    assert after.keys() == before.keys()
    assert after["first"].mean < after["second"].mean < after["third"].mean
    assert estimator.evidence("a").calls_ended == 0


def test_an_agents_time_with_a_caller_counts_from_the_ring() -> None:
    estimator = started(plan=[], prior={"aht": {"a": 100.0}})
    estimator.on_event(Happening(0, "sign_on", agent=1, skill=("a",)))
    for number in range(300):
        at = 200.0 * number
        estimator.on_event(Happening(at, "arrival", number, skill="a"))
        estimator.on_event(Happening(at, "reserved", number, 1, "a"))
        estimator.on_event(Happening(at + 20, "answered", number, 1, "a"))
        estimator.on_event(Happening(at + 150, "service_end", agent=1))
    assert estimator.figures(61_000.0, {})["a"].handling == pytest.approx(150, rel=0.05)


def test_one_who_hangs_up_while_an_agents_telephone_rings_teaches_and_frees_nobody() -> None:
    estimator = started(plan=[])
    estimator.on_event(Happening(0, "sign_on", agent=1, skill=("a",)))
    estimator.on_event(Happening(0, "arrival", "gone", skill="a"))
    estimator.table(0.0)
    estimator.on_event(Happening(50, "reserved", "gone", 1, "a"))
    estimator.on_event(Happening(58, "abandoned", "gone", skill="a"))
    (outcome,) = estimator.take_outcomes()
    assert (outcome.wait, outcome.hung_up) == (58.0, True)
    estimator.on_event(Happening(60, "returned", "gone", 1, "a"))
    assert list(estimator.table(60.0)) == []
    assert estimator.evidence("a").calls_ended == 0
