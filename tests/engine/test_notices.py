"""A notice is told once in a call, before all else, in the caller's language, while it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ivr.engine.company import Company
from ivr.flow.notice import Notice
from tests.support import ENERGY, WEDNESDAY, company_of, ring

PLAIN = company_of(main=ENERGY)
NOW = WEDNESDAY.timestamp()
OUTAGE = Notice(
    "outage", {"en": "There is a power cut in Kalix.", "fi": "Kalixissa on sähkökatko."},
    NOW - 60, NOW + 3600,
)  # fmt: skip


def _with(*notices: Notice) -> Company:
    return replace(PLAIN, notices=notices)


def test_it_comes_before_the_question_and_never_again_in_the_call() -> None:
    call = ring(_with(OUTAGE))
    assert call.heard.startswith("There is a power cut in Kalix. What is it about?")
    call.press("1")
    call.press("1")
    assert "Kalix" not in call.heard
    assert call.call.notices == ("outage",)


def test_it_is_told_in_the_callers_language() -> None:
    call = ring(_with(OUTAGE), caller="+3581234")
    assert call.heard.startswith("Kalixissa on sähkökatko.")


def _heard_at(moment: datetime, notice: Notice) -> str:
    return ring(_with(notice), at=moment).heard


def test_it_is_silent_before_it_starts_after_it_ends_and_on_other_lines() -> None:
    assert "Kalix" not in _heard_at(WEDNESDAY - timedelta(hours=1), OUTAGE)
    assert "Kalix" not in _heard_at(WEDNESDAY + timedelta(hours=2), OUTAGE)
    elsewhere = Notice("o", OUTAGE.texts, NOW - 60, NOW + 60, lines=("other",))
    assert "Kalix" not in _heard_at(WEDNESDAY, elsewhere)


def test_one_that_closes_shuts_every_schedule() -> None:
    closed = Notice("closed", {"en": "We are closed today."}, NOW - 60, NOW + 3600, closes=True)
    call = ring(_with(closed))
    call.press("0")
    assert "leave a message" in call.heard


def test_several_come_in_their_order() -> None:
    second = Notice("second", {"en": "Prices change in May."}, NOW - 60, NOW + 3600)
    heard = ring(_with(OUTAGE, second)).heard
    assert heard.startswith("There is a power cut in Kalix. Prices change in May. What is it")


def test_one_that_is_switched_on_in_a_call_comes_with_the_next_thing_said_and_once() -> None:
    call = ring(PLAIN)
    assert "Kalix" not in call.heard
    call.company = _with(OUTAGE)
    call.press("1")
    assert call.heard.startswith("There is a power cut in Kalix. ")
    call.press("1")
    assert "Kalix" not in call.heard


def test_one_that_is_switched_off_in_a_call_is_not_heard_any_more() -> None:
    closed = Notice("closed", {"en": "We are closed."}, NOW - 60, NOW + 3600, closes=True)
    call = ring(_with(closed))
    assert call.heard.startswith("We are closed.")
    call.company = PLAIN
    call.press("0")
    assert call.state == "ringing"
