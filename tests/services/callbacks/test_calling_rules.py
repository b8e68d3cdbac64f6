"""When people may be rung, as `config.yaml` says it: nights, holidays, changes of clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ivr.config import Config
from ivr.services.callbacks.calling.rules import LEAST_LEFT, CallingRules

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def rules(schedules: dict[str, Any] | None = None, **queue: Any) -> CallingRules:
    told: dict[str, Any] = {
        "company": "Example",
        "time_zone": "Europe/Stockholm",
        "lines": {"main": {"number": "+46846500400", "flow": "main"}},
        "fallback": {"number": "+46846500499"},
        "schedules": schedules or {},
        "queues": {"support": queue},
    }
    return CallingRules(Config.model_validate(told))


OFFICE = {
    "office": {
        "weekly": {"monday-friday": "08:00-18:00"}, "holidays": "SE",
        "special": {"2026-12-23": "08:00-12:00", "2026-12-24": "closed"},
    },
    "night": {"weekly": {"saturday": "22:00-24:00", "sunday": "00:00-06:00"}},
}  # fmt: skip


def at(text: str, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold).timestamp()


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-25T12:00", "2026-11-25T12:00"),
        ("2026-11-25T17:58:59", "2026-11-25T17:58:59"),
        ("2026-11-25T17:59:01", "2026-11-26T08:00"),  # it must ring, and be answered
        ("2026-11-27T18:00", "2026-11-30T08:00"),  # over the weekend
        ("2026-12-23T11:59:30", "2026-12-28T08:00"),  # Christmas
        ("2026-10-23T18:00", "2026-10-26T08:00"),  # clocks are put back on the Sunday
        ("2027-03-26T12:00", "2027-03-30T08:00"),  # Easter, clocks put forward
    ],
)
def test_a_call_waits_for_the_hours(now: str, opens: str) -> None:
    assert rules(OFFICE, hours="office").opens("support", at(now)) == at(opens)


def test_the_night_on_which_clocks_are_put_back_is_an_hour_longer() -> None:
    night = rules(OFFICE, hours="night")
    begins = at("2026-10-24T22:00")
    assert night.closes_in("support", begins) == 9 * 3600
    assert night.may_ring("support", at("2026-10-25T02:30", fold=1))
    assert night.opens("support", at("2026-10-24T12:00")) == begins
    assert not night.may_ring("support", at("2026-10-25T06:00") - LEAST_LEFT + 1)


def test_both_schedules_must_be_open() -> None:
    both = rules(OFFICE, hours="office", callbacks={"hours": "night"})
    assert both.opens("support", at("2026-11-25T12:00")) is None


def test_where_no_hours_are_named_nobody_is_rung_at_night() -> None:
    assert rules().opens("support", at("2026-11-25T23:00")) == at("2026-11-26T08:00")
    assert rules().may_ring("support", at("2026-11-28T19:00"))


def test_a_queue_that_is_no_longer_there_has_the_usual_rules() -> None:
    assert rules().of("gone").attempts.most == 4
