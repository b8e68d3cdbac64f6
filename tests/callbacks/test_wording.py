"""How a window is told, in every language that there is."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from ivr.callbacks.record import Window
from ivr.callbacks.wording import ToldWindow, say_window, told_window, zone_of
from ivr.flow.language import load_languages
from tests.callbacks.test_hours import STOCKHOLM, at

NOW = at(date(2026, 11, 23), "11:40")


def half_hour(day: date, clock: str) -> Window:
    begins = at(day, clock)
    return Window(begins, begins + 1800)


TODAY = half_hour(date(2026, 11, 23), "14:00")
TOMORROW = half_hour(date(2026, 11, 24), "08:30")
FRIDAY = half_hour(date(2026, 11, 27), "12:00")
NEXT_MONDAY = half_hour(date(2026, 11, 30), "09:00")


@pytest.mark.parametrize(
    ("language", "window", "words"),
    [
        ("en", TODAY, "today between 14:00 and 14:30"),
        ("en", TOMORROW, "tomorrow between 8:30 and 9:00"),
        ("en", FRIDAY, "on Friday between 12:00 and 12:30"),
        ("en", NEXT_MONDAY, "on Monday the 30th of November between 9:00 and 9:30"),
        ("sv", TODAY, "i dag mellan klockan 14 och klockan 14.30"),
        ("sv", TOMORROW, "i morgon mellan klockan 8.30 och klockan 9"),
        ("sv", FRIDAY, "på fredag mellan klockan 12 och klockan 12.30"),
        ("sv", NEXT_MONDAY, "måndag den 30 november mellan klockan 9 och klockan 9.30"),
        ("nb", TODAY, "i dag mellom klokken 14 og klokken 14.30"),
        ("nb", FRIDAY, "på fredag mellom klokken 12 og klokken 12.30"),
        ("nb", NEXT_MONDAY, "mandag 30. november mellom klokken 9 og klokken 9.30"),
        ("fi", TODAY, "tänään aikaisintaan kello 14 ja viimeistään kello 14.30"),
        ("fi", TOMORROW, "huomenna aikaisintaan kello 8.30 ja viimeistään kello 9"),
        ("fi", FRIDAY, "perjantaina aikaisintaan kello 12 ja viimeistään kello 12.30"),
    ],
)
def test_a_window_is_said_as_a_person_would(language: str, window: Window, words: str) -> None:
    assert say_window(window, load_languages()[language], NOW, STOCKHOLM) == words


def test_every_language_has_words_for_windows() -> None:
    for language in load_languages().values():
        for window in (TODAY, TOMORROW, FRIDAY, NEXT_MONDAY):
            words = say_window(window, language, NOW, STOCKHOLM)
            assert "{" not in words and words.strip() == words


def test_a_window_is_told_in_the_time_of_the_caller() -> None:
    helsinki = told_window(TODAY, NOW, ZoneInfo("Europe/Helsinki"))
    assert helsinki == ToldWindow("today", date(2026, 11, 23), time(15), time(15, 30))
    late = half_hour(date(2026, 11, 23), "23:30")
    assert told_window(late, NOW, ZoneInfo("Europe/Helsinki")).day == "tomorrow"


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("+46701740605", "Europe/Stockholm"),
        ("+442079460123", "Europe/London"),
        ("+12025550123", "America/New_York"),
        ("+447700900123", "Europe/Stockholm"),  # the plan does not know where it is
        ("+15555550100", "Europe/Stockholm"),
    ],
)
def test_a_caller_is_told_the_time_of_where_the_number_is(number: str, zone: str) -> None:
    assert zone_of(number, NOW, STOCKHOLM) == ZoneInfo(zone)


def test_zones_with_one_clock_count_as_one() -> None:
    finnish = phonenumbers.example_number_for_type("FI", phonenumbers.PhoneNumberType.MOBILE)
    assert finnish is not None
    number = phonenumbers.format_number(finnish, phonenumbers.PhoneNumberFormat.E164)
    assert zone_of(number, NOW, STOCKHOLM) == ZoneInfo("Europe/Helsinki")
    assert zone_of(number, NOW, ZoneInfo("Europe/Athens")) == ZoneInfo("Europe/Athens")


def test_a_window_that_ends_at_midnight_is_said_so() -> None:
    late = half_hour(date(2026, 11, 23), "23:30")
    words = say_window(late, load_languages()["en"], NOW, STOCKHOLM)
    assert words == "today between 23:30 and midnight"
