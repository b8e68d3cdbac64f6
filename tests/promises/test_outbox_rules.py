"""What is done about errors, how long texts are useful, from whom they come, how far they are."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.promises.delivery import FIRST_END, RANKS, Delivery, advance
from ivr.promises.outbox_rules import (
    ERROR_CLASSES,
    LONGEST_WAIT,
    MOST_VALIDITY,
    judge,
    kind_rule,
    next_try,
    rules,
    useful_until,
    validity,
)
from ivr.promises.senders import Sender, Senders, choose_sender, name_problem
from ivr.promises.wordings import TEXT_KINDS

MOBILE, OURS = "+46701740605", "+46701740650"


def test_the_table_knows_every_kind_of_text_and_every_class() -> None:
    assert set(rules().kinds) == {*TEXT_KINDS, "information"}
    assert set(rules().classes) == set(ERROR_CLASSES)
    used = {error for error, _ in rules().codes.values()}
    # That one is of mail servers only.
    assert used == set(ERROR_CLASSES) - {"server"}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (21610, "opted_out"), (21211, "permanent"), (21408, "permanent"), (21614, "landline"),
        (30006, "landline"), (21606, "route"), (21612, "route"), (21212, "sender"),
        (21635, "landline"),
        (21611, "full"), (30001, "full"), (20429, "busy"), (20003, "account"),
        (30003, "once"), (30017, "once"), (30410, "perhaps"), (30008, "perhaps"),
        (30005, "permanent"), (30007, "content"), (21617, "content"), (20503, "unknown"),
        (30036, "late"),
    ],
)  # fmt: skip
def test_the_codes_that_matter_mean_what_they_should(code: int, error: str) -> None:
    assert judge(code, 400).error == error


@pytest.mark.parametrize(
    ("status", "error"),
    [(None, "unknown"), (500, "unknown"), (503, "unknown"), (408, "unknown"), (429, "busy"),
     (401, "account"), (403, "account"), (400, "content"), (404, "content")],
)  # fmt: skip
def test_an_error_without_a_known_code_is_told_by_its_status(
    status: int | None, error: str
) -> None:
    assert judge(None, status).error == error
    assert judge(99999, status).error == error


def test_after_a_stop_nothing_is_sent_to_anybody_who_asked_for_it() -> None:
    verdict = judge(21610, 400)
    assert verdict.treatment.stop == "consent"
    assert verdict.treatment.reach == "number"
    assert next_try(verdict, 1, 0.0, 1e9) is None


def test_a_number_that_one_sender_cannot_reach_stops_the_sender_for_nobody_else() -> None:
    """Or a single strange number would silence the company."""
    for code, (_, meaning) in rules().codes.items():
        treatment = judge(code, 400).treatment
        assert not ("this number" in meaning and treatment.stop in ("sender", "all")), code
        assert treatment.alarm or not treatment.stop or treatment.stop == "consent"
    assert judge(21612, 400).treatment.other_sender


def test_what_the_carrier_may_have_sent_is_never_sent_again_blindly() -> None:
    for code in (*rules().codes, None, 12345):
        for status in (None, 400, 429, 500):
            verdict = judge(code, status)
            if status in (None, 500) and code in (None, 12345):
                assert verdict.treatment.look_up
        failed = judge(code, created=True)
        again = next_try(failed, 1, 0.0, 1e9) is not None
        assert not again or failed.error in ("once", "full"), code
    assert judge(20500, created=True).error == "perhaps"


@given(
    st.sampled_from(sorted(rules().codes)), st.integers(1, 60), st.floats(0, 1),
    st.floats(1, 4000),
)  # fmt: skip
def test_another_try_comes_later_each_time_and_never_when_it_is_useless(
    code: int, tries: int, share: float, useful: float
) -> None:
    verdict, now = judge(code, 400), 1_764_000_000.0
    at = next_try(verdict, tries, now, now + useful, share)
    if at is None:
        longest = next_try(verdict, tries, now, now + 1e9, share)
        assert longest is None or longest >= now + useful
        return
    assert now < at < now + useful
    assert at - now <= 1.5 * LONGEST_WAIT
    assert verdict.treatment.retries < 0 or tries <= verdict.treatment.retries
    earlier = next_try(verdict, tries - 1, now, now + 1e9) if tries > 1 else None
    assert earlier is None or earlier <= at


def test_the_pause_doubles_up_to_ten_minutes_and_some_are_tried_once_more_only() -> None:
    busy, once = judge(20429, 429), judge(30003, created=True)
    pauses = [next_try(busy, tries, 0.0, 1e9) for tries in (1, 2, 3, 4, 20, 1000)]
    assert pauses == [1, 2, 4, 8, LONGEST_WAIT, LONGEST_WAIT]
    assert next_try(busy, 1, 0.0, 1e9, share=1.0) == 1.5
    assert [next_try(once, tries, 0.0, 1e9) for tries in (1, 2)] == [120, None]
    assert next_try(once, 1, 0.0, 120.0) is None


def test_a_text_is_useful_until_what_it_tells_is_over() -> None:
    assert useful_until("soon", 1000) == 1150
    assert useful_until("update_worse", 1000) == 1600
    assert useful_until("update_worse", 1000, 1300) == 1300
    assert kind_rule("windows").answer
    assert kind_rule("soon").urgency < kind_rule("update_better").urgency
    assert validity(1000, 1000.5) is None
    assert validity(1000, 1001) == 1
    assert validity(1000, 1090) == 90
    assert validity(0, 1e6) == MOST_VALIDITY


SENDERS = (
    Senders("", (Sender("service", "MG0123"),)),
    Senders("+46", (Sender("name", "Revontuli"), Sender("number", OURS))),
    Senders("+4670", (Sender("number", OURS),)),
)


def test_a_sender_is_chosen_by_country_and_by_whether_it_can_be_answered() -> None:
    assert choose_sender("+447700900123", SENDERS) == Sender("service", "MG0123")
    assert choose_sender("+46731740605", SENDERS) == Sender("name", "Revontuli")
    assert choose_sender("+46731740605", SENDERS, answer_needed=True) == Sender("number", OURS)
    assert choose_sender(MOBILE, SENDERS) == Sender("number", OURS)
    assert choose_sender(MOBILE, SENDERS, stopped={OURS}) is None
    assert choose_sender(MOBILE, SENDERS[:1]) == Sender("service", "MG0123")
    assert choose_sender(MOBILE, ()) is None


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("Revontuli", None), ("RevontuliAB", None), ("Taxi 020", None),
        ("RevontuliEnergia", "at most 11"),
        ("112", "at least one letter"), ("Sähkö", "a to z"), ("", "a to z"),
    ],
)  # fmt: skip
def test_a_senders_name_is_checked(value: str, problem: str | None) -> None:
    found = name_problem(value)
    assert (found is None) == (problem is None)
    assert problem is None or problem in (found or "")


news = st.tuples(
    st.sampled_from([*RANKS, "receiving", "nonsense"]),
    st.floats(0, 1000),
    st.sampled_from([None, 30003, 30008]),
)


@given(st.lists(news, max_size=6), st.data())
def test_states_in_any_order_and_twice_come_to_the_same(
    heard: list[tuple[str, float, int | None]], data: st.DataObject
) -> None:
    results = set()
    for order in (heard, data.draw(st.permutations(heard + heard[:2]))):
        delivery = Delivery()
        for state, at, code in order:
            after = advance(delivery, state, at, code)
            assert RANKS[after.state] >= RANKS[delivery.state]
            delivery = after
        results.add(delivery)
    assert len(results) == 1
    ranks = [RANKS[state] for state, _, _ in heard if state in RANKS]
    assert RANKS[results.pop().state] == max(ranks, default=0)


def test_a_late_callback_never_takes_an_end_back() -> None:
    for order in permutations(["queued", "sent", "delivered"]):
        delivery = Delivery()
        for at, state in enumerate(order):
            delivery = advance(delivery, state, float(at))
        assert (delivery.state, delivery.is_over, delivery.told) == ("delivered", True, "delivered")
    failed = advance(Delivery(), "undelivered", 5.0, 30006)
    assert advance(failed, "sent", 6.0) == failed
    assert (failed.told, failed.code) == ("failed", 30006)
    assert [state for state, rank in RANKS.items() if rank >= FIRST_END] == [
        "canceled", "failed", "undelivered", "delivered", "read",
    ]  # fmt: skip
    assert Delivery("canceled").is_over
    assert not Delivery("sent").is_over
    assert Delivery("queued").told is None
