"""What became of estimated and told waits, counted by hand."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ivr.services.estimates.report import Report, Waits
from ivr.store.estimates import Entry
from tests.services.estimates.office import BEGAN

ZONE = ZoneInfo("Europe/Stockholm")


def entry(after: float, *events: dict[str, Any]) -> Entry:
    return Entry(f"{int(after)}-0", BEGAN + after, json.dumps(events).encode())


def told(place: str, kind: str, low: int = 0, high: int = 0) -> dict[str, Any]:
    return {"type": "WaitTold", "queue": "billing", "place": place, "kind": kind, "low": low,
            "high": high, "ahead": None, "estimate_low": None}  # fmt: skip


def answered(waited: float) -> dict[str, Any]:
    return {"type": "Connected", "queue": "billing", "place": "CA0", "waited": waited}


def ended(place: str, at: float, wait: float, **more: Any) -> dict[str, Any]:
    return {"type": "WaitOutcome", "queue": "billing", "place": place, "told_at": BEGAN + at,
            "low": 60.0, "median": 90.0, "high": 180.0, "mean": 100.0, "wait": wait,
            "hung_up": False} | more  # fmt: skip


def report(*entries: Entry, **about: Any) -> Report:
    made = Report(ZONE, **about)
    made.read(entries)
    return made


def whole(*entries: Entry, **about: Any) -> Waits:
    (one,) = report(*entries, **about).queues()
    return one


def test_each_figure_is_that_of_the_definition() -> None:
    found = whole(
        entry(0, answered(40.0)),
        entry(10, answered(80.0)),
        entry(100, ended("CA1", 20, 70.0)),
        entry(300, ended("CA2", 20, 240.0, hung_up=True)),
    )
    assert (found.people, found.hung_up, found.mean_wait) == (2, 1, 155.0)
    assert (found.held, found.width) == (0.5, 120.0)
    assert (found.bias, found.absolute_error) == (-55.0, (20 + 150) / 2)
    assert found.error == pytest.approx(((30**2 + 140**2) / 2) ** 0.5)
    average = 40 + (80 - 40) / 4
    assert found.average_bias == pytest.approx(((average - 70) + (average - 240)) / 2)
    assert found.average_error == pytest.approx(
        (((average - 70) ** 2 + (average - 240) ** 2) / 2) ** 0.5
    )


def test_a_moving_average_does_not_know_of_answers_that_came_later() -> None:
    found = whole(entry(0, answered(40.0)), entry(60, answered(900.0)),
                  entry(100, ended("CA1", 20, 70.0)))  # fmt: skip
    assert found.average_bias == -30.0
    assert whole(entry(100, ended("CA1", 20, 70.0))).average_error is None


def test_told_times_are_held_against_what_was_left_of_the_wait_when_they_were_told() -> None:
    found = whole(
        entry(20, told("CA1", "minutes", 2, 4)),
        entry(140, told("CA1", "soon")),
        entry(150, told("CA1", "ahead"), told("CA1", "nothing")),
        entry(320, ended("CA1", 20, 300.0)),
    )
    assert (found.times_told, found.told_held, found.told_too_short) == (2, 0.0, 1.0)
    found = whole(entry(20, told("CA1", "minutes", 2, 5)), entry(260, told("CA1", "soon")),
                  entry(320, ended("CA1", 20, 300.0)))  # fmt: skip
    assert (found.times_told, found.told_held) == (2, 1.0)


def test_people_count_in_the_hour_in_which_they_joined_by_the_companys_clock() -> None:
    made = report(entry(3700, ended("CA1", 3590, 70.0)), entry(3800, ended("CA2", 3610, 70.0)))
    assert [(one.hour and one.hour.hour, one.people) for one in made.hours()] == [(10, 1), (11, 1)]
    assert [(one.hour, one.people) for one in made.queues()] == [(None, 2)]


def test_only_what_was_asked_for_is_counted() -> None:
    both = entry(100, ended("CA1", 20, 70.0), ended("CA2", 30, 70.0, queue="moving"))
    assert whole(both, queue="moving").people == 1
    assert whole(both, since=BEGAN + 25).queue == "moving"
    assert report(both, queue="complaints").queues() == []


def test_what_cannot_be_read_is_left_out() -> None:
    assert report(Entry("1-0", BEGAN, b"no list"), entry(1, {"type": "CallStarted"})).hours() == []
