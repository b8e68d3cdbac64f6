"""Updates come when the words have moved: worse news sooner, and never more than was set."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from ivr.promises.updates import (
    COARSE,
    FAR,
    FINE,
    USUAL,
    Heard,
    Rules,
    Update,
    Words,
    find_update,
    find_updates,
    heard_after,
    in_words,
    is_quiet,
)
from ivr.queueing.board import Standing
from ivr.queueing.protocol import Estimate

START = 1_764_000_000.0
"""A whole quarter of an hour."""
assert START % COARSE == 0


def standing(now: float, low: float, high: float, ahead: int | None = 7) -> Standing:
    middle = (low + high) / 2
    return Standing(now, ahead, estimate=Estimate(low, middle, high, middle), sound=True)


def told(low: float, high: float, *, at: float = START, updates: int = 0) -> Heard:
    return Heard("p", in_words(at, at + low, at + high), at, updates)


def kind_after(seconds: float, low: float, high: float, heard: Heard) -> str | None:
    now = START + seconds
    update = find_update(now, standing(now, low, high), heard)
    return update.kind if update else None


def test_an_estimate_that_counts_down_as_it_should_is_no_news() -> None:
    heard = told(1200, 1800)
    for passed in range(0, 1500, 30):
        assert kind_after(passed, 1200 - passed, 1800 - passed, heard) in (None, "soon")


def test_worse_news_is_told_for_less_and_sooner_than_better_news() -> None:
    heard = told(1200, 1800)
    assert kind_after(179, 1500, 2100, heard) is None
    assert kind_after(180, 1500, 2400, heard) == "worse"
    assert kind_after(180, 0, 900, heard) is None
    assert kind_after(599, 0, 600, heard) is None
    assert kind_after(600, 0, 600, heard) == "better"
    assert kind_after(600, 400, 900, heard) is None
    assert kind_after(600, 0, 1200, heard) == "better"
    later = standing(START + 600, 600, 1500)
    assert find_update(START + 600, later, heard) is None
    exactly = find_update(START + 600, later, heard, Rules(worse_by=300, share=0))
    assert exactly is not None
    assert exactly.kind == "worse"


def test_of_a_long_wait_a_small_change_is_no_news() -> None:
    heard = told(6000, 7200)
    assert kind_after(300, 6000, 7600, heard) is None
    assert kind_after(300, 7000, 9300, heard) == "worse"


def test_the_last_update_is_kept_for_bad_news() -> None:
    before, heard = (told(2400, 3600, updates=USUAL.most - left) for left in (2, 1))
    assert kind_after(900, 0, 400, before) == "better"
    assert kind_after(900, 0, 400, heard) is None
    assert kind_after(900, 3000, 4200, heard) == "worse"
    none_left = told(1200, 1800, updates=USUAL.most)
    assert kind_after(900, 1200, 1800, none_left) is None
    assert kind_after(900, 60, 290, none_left) == "soon"


def test_shortly_before_the_call_is_told_once() -> None:
    heard = told(1200, 1800)
    now = START + 900
    update = find_update(now, standing(now, 20, 300), heard)
    assert update is not None
    assert update.kind == "soon"
    assert (update.words.begins, update.words.ends) == (now, now + 300)
    assert update.useful_until <= now + 150
    after = heard_after(update, heard, now)
    assert after.updates == 0
    assert find_update(now + 60, standing(now + 60, 20, 240), after) is None


def test_who_was_told_soon_is_told_when_it_will_not_be() -> None:
    heard = Heard("p", Words(int(START), int(START) + 300, soon=True), START)
    assert kind_after(200, 600, 900, heard) == "worse"


def test_a_promise_that_is_broken_already_is_for_the_apology() -> None:
    assert kind_after(1801, 1200, 1800, told(600, 1800)) is None


def test_nothing_is_told_of_old_or_doubtful_estimates_or_to_who_has_an_agent() -> None:
    heard, now = told(600, 900), START + 600
    good = standing(now, 1800, 2400)
    assert find_update(now, good, heard) is not None
    assert find_update(now + USUAL.fresh + 1, good, heard) is None
    assert find_update(now, good, heard, quiet=True) is None
    endless = Estimate(float("inf"), float("inf"), float("inf"), float("inf"))
    for bad in (
        Standing(now, 7, reserved=True, estimate=good.estimate, sound=True),
        Standing(now, None, estimate=good.estimate, sound=True),
        Standing(now, 7, estimate=good.estimate, sound=False),
        Standing(now, 7, estimate=None, sound=True),
        Standing(now, 7, estimate=endless, sound=True),
    ):
        assert find_update(now, bad, heard) is None


def test_who_was_told_no_time_is_told_the_first_that_is_known() -> None:
    assert kind_after(180, 600, 900, Heard("p", None, START)) == "first"
    assert kind_after(60, 600, 900, Heard("p", None, START)) is None


estimates = st.tuples(st.integers(5, 900), st.floats(0, 9000), st.floats(0, 4000))


@given(
    st.lists(estimates, min_size=1, max_size=40),
    st.builds(
        Rules,
        worse_by=st.floats(60, 900), better_by=st.floats(60, 1800), share=st.floats(0, 0.5),
        worse_after=st.floats(30, 600), better_after=st.floats(30, 1800), most=st.integers(1, 5),
    ),
)  # fmt: skip
def test_however_the_estimate_moves_the_rules_hold(
    path: list[tuple[int, float, float]], rules: Rules
) -> None:
    now, heard = START, told(900, 1500)
    sent: list[tuple[float, Update, Heard]] = []
    for passed, low, width in path:
        now += passed
        update = find_update(now, standing(now, low, low + width), heard, rules)
        if update is not None:
            sent.append((now, update, heard))
            heard = heard_after(update, heard, now)
    assert sum(update.kind != "soon" for _, update, _ in sent) <= rules.most
    for at, update, before in sent:
        assert before.words is not None
        assert update.words != before.words
        assert at <= before.words.ends
        if update.kind != "soon":
            assert update.useful_until == min(update.words.ends, at + rules.useful)
        assert at < update.useful_until <= update.words.ends
        if update.kind == "worse":
            assert at - before.at >= rules.worse_after
            assert update.words.ends - before.words.ends >= rules.worse_by
        if update.kind == "better":
            assert at - before.at >= rules.better_after
            assert update.words.ends <= before.words.ends
        if update.kind == "soon":
            assert not before.words.soon


@given(st.floats(0, 20_000), st.floats(0, 10_000), st.floats(0, 899))
def test_told_times_hold_what_was_estimated_and_are_round(
    low: float, width: float, offset: float
) -> None:
    now = START + offset
    words = in_words(now, now + low, now + low + width)
    assert words.begins <= max(now + low, now + FINE) and now + low + width <= words.ends
    assert words.begins < words.ends
    step = FINE if low + width <= FAR else COARSE
    assert words.begins % FINE == words.ends % step == 0
    assert words.ends - words.begins <= width + 2 * step


@given(st.floats(0, 20_000), st.floats(600, 10_000), st.floats(0, 899))
def test_no_time_is_told_that_has_begun_already(low: float, width: float, offset: float) -> None:
    now = START + offset
    assert in_words(now, now + low, now + low + width).begins >= now


def test_round_times_are_round_on_every_clock() -> None:
    words = in_words(START, START + 7000, START + 8000)
    for name in sorted(available_timezones())[::20]:
        assert datetime.fromtimestamp(words.begins, ZoneInfo(name)).minute % 15 == 0


def test_quiet_hours_may_pass_midnight() -> None:
    night = (time(21), time(8))
    assert [is_quiet(time(h), *night) for h in (20, 21, 0, 7, 8)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [is_quiet(time(h), time(12), time(13)) for h in (11, 12, 13)] == [False, True, False]
    assert not is_quiet(time(5), time(5), time(5))


def test_everybody_is_decided_for_as_if_alone() -> None:
    now = START + 900
    people = [
        (standing(now, low, low + 600), Heard(str(low), told(600, 1500).words, START))
        for low in range(0, 6000, 150)
    ]
    alone = [find_update(now, *one) for one in people]
    assert list(find_updates(now, people)) == [update for update in alone if update]
    assert 0 < sum(update is not None for update in alone) < len(people)
    assert list(find_updates(now, people, quiet=True)) == []
