"""What is told of a wait, and what is not."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ivr.queueing.evidence import Evidence, Record
from ivr.queueing.protocol import Estimate
from ivr.queueing.telling import Told, minutes, tell

SOUND = Evidence(calls_ended=200, outcomes=150, held=0.8)
YOUNG = Evidence(calls_ended=29, outcomes=10, held=0.8)
WRONG = Evidence(calls_ended=200, outcomes=300, held=0.7)


def wait(low: float, high: float) -> Estimate:
    middle = (low + high) / 2
    return Estimate(low, middle, high, middle)


UNKNOWN = Estimate(inf, inf, inf, inf)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ((130, 250), (2, 5)),
        ((40, 150), (0, 3)),
        ((180, 181), (3, 4)),
        ((180, 180), (3, 4)),
        ((540, 600), (9, 10)),
        ((600, 600), (10, 15)),
        ((601, 700), (10, 15)),
        ((659, 661), (10, 15)),
        ((725, 1490), (10, 25)),
        ((1500, 1500), (25, 30)),
    ],
)
def test_ranges_are_rounded_outward_in_steps_of_one_minute_and_then_of_five(
    seconds: tuple[float, float], expected: tuple[int, int]
) -> None:
    assert minutes(*seconds) == expected


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 20_000), st.floats(0, 20_000))
def test_a_told_range_holds_the_range_and_is_at_least_a_minute(one: float, other: float) -> None:
    low, high = sorted((one, other))
    first, last = minutes(low, high)
    assert 60 * first <= low
    assert 60 * last >= high
    assert last - first >= 1


def test_under_two_minutes_is_told_in_words() -> None:
    told = tell(0, wait(10, 119), True)
    assert told is not None
    assert told.kind == "soon"


def test_a_wait_is_told_as_a_range_of_minutes() -> None:
    told = tell(0, wait(130, 400), True)
    assert told is not None
    assert (told.kind, told.low, told.high, told.longer) == ("minutes", 2, 7, False)


@pytest.mark.parametrize("evidence", [YOUNG, WRONG])
def test_without_evidence_the_number_ahead_is_told(evidence: Evidence) -> None:
    told = tell(0, wait(130, 400), evidence.enough, ahead=4)
    assert told is not None
    assert (told.kind, told.ahead) == ("ahead", 4)


@pytest.mark.parametrize("evidence", [YOUNG, WRONG])
def test_without_evidence_and_number_nothing_is_told(evidence: Evidence) -> None:
    assert tell(0, wait(130, 400), evidence.enough) is None


def test_an_unknown_wait_is_never_told_as_a_time() -> None:
    told = tell(0, UNKNOWN, True, ahead=2)
    assert told is not None
    assert told.kind == "ahead"
    assert tell(0, UNKNOWN, True) is None


def test_nothing_is_told_again_while_it_is_still_true() -> None:
    first = tell(0, wait(130, 400), True, ahead=5)
    assert tell(60, wait(100, 340), True, ahead=5, before=first) is None


def test_the_number_ahead_is_told_when_it_changed_and_the_time_still_holds() -> None:
    first = tell(0, wait(130, 400), True, ahead=5)
    second = tell(60, wait(100, 340), True, ahead=3, before=first)
    assert second is not None
    assert (second.kind, second.ahead, second.longer) == ("ahead", 3, False)
    assert tell(90, wait(80, 310), True, ahead=3, before=second) is None


def test_a_longer_wait_than_told_is_told_as_longer() -> None:
    first = tell(0, wait(130, 400), True)
    second = tell(60, wait(200, 500), True, before=first)
    assert second is not None
    assert (second.kind, second.longer) == ("minutes", True)


def test_what_was_told_binds_also_after_the_number_ahead_was_told_in_between() -> None:
    first = tell(0, wait(130, 400), True, ahead=5)
    second = tell(60, wait(100, 340), True, ahead=3, before=first)
    third = tell(120, wait(100, 340), True, ahead=3, before=second)
    assert third is not None
    assert third.longer


def test_soon_that_was_not_soon_is_owned_up_to() -> None:
    first = tell(0, wait(10, 100), True)
    second = tell(90, wait(10, 100), True, before=first)
    assert second is not None
    assert (second.kind, second.longer) == ("soon", True)


def test_a_shorter_wait_is_good_news() -> None:
    first = tell(0, wait(600, 1200), True)
    second = tell(60, wait(200, 500), True, before=first)
    assert second is not None
    assert (second.kind, second.low, second.high, second.longer) == ("minutes", 3, 9, False)


def test_a_told_time_that_passed_is_owned_up_to_even_if_no_other_can_be_told() -> None:
    first = tell(0, wait(130, 400), True, ahead=2)
    second = tell(430, UNKNOWN, True, ahead=2, before=first)
    assert second is not None
    assert (second.kind, second.longer) == ("ahead", True)
    assert tell(460, UNKNOWN, True, ahead=2, before=second) is None


ranges = st.tuples(st.floats(0, 5000), st.floats(0, 5000)).map(lambda pair: wait(*sorted(pair)))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(ranges, st.integers(0, 30), st.booleans()), max_size=12))
def test_no_told_end_is_ever_raised_in_silence_and_nothing_is_said_twice_in_a_row(
    asked: list[tuple[Estimate, int, bool]],
) -> None:
    before: Told | None = None
    end: float | None = None
    for number, (estimate, ahead, sound) in enumerate(asked):
        now = 30.0 * number
        told = tell(now, estimate, sound, ahead, before)
        if told is None:
            continue
        if told.kind != "ahead" and end is not None and not told.longer:
            assert now + estimate.high <= end
        if before is not None and not told.longer:
            same = (told.kind, told.low, told.high, told.ahead)
            assert same != (before.kind, before.low, before.high, before.ahead) or (
                told.kind == "minutes"  # later, the same minutes are another time
            )
        if told.ahead == 0:
            assert ahead == 0
        end = told.not_after
        before = told


def test_evidence_wants_thirty_calls_and_ranges_that_held_neither_too_often_nor_too_rarely() -> (
    None
):
    assert SOUND.enough
    assert not YOUNG.enough
    assert not WRONG.enough
    assert not Evidence(200, 300, 0.9).enough


@settings(max_examples=50, deadline=None)
@given(st.lists(st.booleans(), min_size=30, max_size=300))
def test_the_share_that_held_is_a_share_near_what_was_seen(held: list[bool]) -> None:
    assume(any(held))
    record = Record()
    for one in held:
        record.add(one)
    seen = sum(held) / len(held)
    assert min(seen, 0.8) - 0.1 <= record.share <= max(seen, 0.8) + 0.1
