"""Two days with a rush that nobody expected, played through with all the rules at once."""

from __future__ import annotations

from random import Random

from benchmarks.callbacks import town
from benchmarks.callbacks.day import Played
from ivr.callbacks.duties import kept, next_steps
from ivr.callbacks.hours import open_spans
from ivr.callbacks.record import Callback
from ivr.callbacks.states import ENDS


def test_in_a_rush_the_rules_hold_and_callbacks_halve_those_who_hang_up() -> None:
    chance = Random(0)
    people, forecast = town.people(chance, acceptance=0.3), town.forecast(chance)
    played = [Played(people, town.shifts(), forecast, offering) for offering in (True, False)]
    ours, theirs = (one.run() for one in played)
    assert ours.hung_up < theirs.hung_up / 2
    assert ours.held_long < theirs.held_long / 10
    assert ours.longest[1] <= ours.longest[0] < theirs.longest[0]
    callbacks = list(played[0].callbacks.values())
    windows_are_kept([one for one in callbacks if one.window is not None])
    places_are_called_in_order([one for one in callbacks if one.window is None])
    nobody_is_rung_out_of_hours_or_before_the_window(callbacks)
    who_is_not_served_is_to_be_told([one for one in callbacks if one.state not in ENDS])


def windows_are_kept(callbacks: list[Callback]) -> None:
    assert len(callbacks) > 100
    assert sum(1 for one in callbacks if kept(one, town.END)) >= 0.99 * len(callbacks)


def places_are_called_in_order(callbacks: list[Callback]) -> None:
    first_rung = [one.attempts[0].at for one in sorted(callbacks, key=lambda one: one.rang_at)]
    assert len(first_rung) > 20
    assert first_rung == sorted(first_rung)


def nobody_is_rung_out_of_hours_or_before_the_window(callbacks: list[Callback]) -> None:
    spans = open_spans([town.OPENING], town.BEGIN, town.END)
    for one in callbacks:
        assert one.attempts
        for attempt in one.attempts:
            assert any(span.begins <= attempt.at < span.ends for span in spans)
            assert one.window is None or attempt.at >= one.window.begins


def who_is_not_served_is_to_be_told(callbacks: list[Callback]) -> None:
    """Nobody answered, time and again."""
    assert {step.task for one in callbacks for step in next_steps(one)} <= {"tell_the_end"}
    assert all(len(one.attempts) > 1 for one in callbacks)
