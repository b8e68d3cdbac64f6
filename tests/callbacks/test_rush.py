"""Two days with a rush that nobody expected, played through with all the rules at once."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.callbacks import town
from benchmarks.callbacks.day import Played
from ivr.callbacks.duties import kept, next_steps
from ivr.callbacks.hours import open_spans
from ivr.callbacks.states import ENDS


@pytest.fixture(scope="module")
def days() -> tuple[Played, Played]:
    """With callbacks, of which three in ten accept one, and without."""
    chance = Random(0)
    people, forecast = town.people(chance, 0.3), town.forecast(chance)
    played = [Played(people, town.shifts(), forecast, offering) for offering in (True, False)]
    for one in played:
        one.run()
    return played[0], played[1]


def test_callbacks_halve_those_who_hang_up_and_make_no_second_rush(
    days: tuple[Played, Played],
) -> None:
    ours, theirs = days[0].outcome, days[1].outcome
    assert ours.hung_up < theirs.hung_up / 2
    assert ours.held_long < theirs.held_long / 10
    assert ours.longest[1] <= ours.longest[0] < theirs.longest[0]


def test_windows_are_kept_and_never_overbooked(days: tuple[Played, Played]) -> None:
    callbacks = [one for one in days[0].callbacks.values() if one.window is not None]
    assert len(callbacks) > 100
    assert sum(1 for one in callbacks if kept(one, town.END)) >= 0.99 * len(callbacks)


def test_nobody_is_rung_out_of_hours_or_before_the_window(days: tuple[Played, Played]) -> None:
    spans = open_spans([town.OPENING], town.BEGIN, town.END)
    attempts = [(one, attempt) for one in days[0].callbacks.values() for attempt in one.attempts]
    assert len(attempts) > 100
    for one, attempt in attempts:
        assert any(span.begins <= attempt.at < span.ends for span in spans)
        assert one.window is None or attempt.at >= one.window.begins


def test_every_callback_comes_to_an_end_or_to_somebody_who_must_tell_it(
    days: tuple[Played, Played],
) -> None:
    left = [one for one in days[0].callbacks.values() if one.state not in ENDS]
    assert {step.task for one in left for step in next_steps(one)} <= {"tell_the_end"}
    assert all(len(one.attempts) > 1 for one in left)


def test_places_are_called_in_the_order_in_which_people_rang(days: tuple[Played, Played]) -> None:
    places = [one for one in days[0].callbacks.values() if one.window is None]
    first_rung = [one.attempts[0].at for one in sorted(places, key=lambda one: one.rang_at)]
    assert len(first_rung) > 20 and first_rung == sorted(first_rung)
