"""Dates, times of day and durations, as people in each language say them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from babel.dates import get_day_names, get_month_names

from ivr.flow.spoken import Unsayable, say_value
from tests.flow.spoken.packs import PACKS, STOCKHOLM, SUNDAY

DURATIONS = {
    "0": ("alle minuutin", "mindre än en minut", "mindre enn ett minutt", "less than a minute"),
    "0.4": ("alle minuutin", "mindre än en minut", "mindre enn ett minutt", "less than a minute"),
    "0.5": ("yksi minuutti", "en minut", "ett minutt", "one minute"),
    "1": ("yksi minuutti", "en minut", "ett minutt", "one minute"),
    "2": ("2 minuuttia", "2 minuter", "2 minutter", "2 minutes"),
    "5": ("5 minuuttia", "5 minuter", "5 minutter", "5 minutes"),
    "11": ("11 minuuttia", "11 minuter", "11 minutter", "11 minutes"),
    "21": ("21 minuuttia", "21 minuter", "21 minutter", "21 minutes"),
    "59.5": ("yksi tunti", "en timme", "en time", "one hour"),
    "60": ("yksi tunti", "en timme", "en time", "one hour"),
    "61": ("yksi tunti ja yksi minuutti", "en timme och en minut", "en time og ett minutt",
           "one hour and one minute"),
    "75": ("yksi tunti ja 15 minuuttia", "en timme och 15 minuter", "en time og 15 minutter",
           "one hour and 15 minutes"),
    "90": ("puolitoista tuntia", "en och en halv timme", "halvannen time", "an hour and a half"),
    "120": ("2 tuntia", "2 timmar", "2 timer", "2 hours"),
    "121": ("2 tuntia ja yksi minuutti", "2 timmar och en minut", "2 timer og ett minutt",
            "2 hours and one minute"),
    "1439": ("23 tuntia ja 59 minuuttia", "23 timmar och 59 minuter", "23 timer og 59 minutter",
             "23 hours and 59 minutes"),
    "1440": ("yksi päivä", "en dag", "en dag", "one day"),
    "1500": ("yksi päivä ja yksi tunti", "en dag och en timme", "en dag og en time",
             "one day and one hour"),
    "2879": ("2 päivää", "2 dagar", "2 dager", "2 days"),
    "4500": ("3 päivää ja 3 tuntia", "3 dagar och 3 timmar", "3 dager og 3 timer",
             "3 days and 3 hours"),
}  # fmt: skip

TIMES = {
    (14, 30): ("kello 14.30", "klockan 14.30", "klokken 14.30", "14:30"),
    (9, 5): ("kello 9.05", "klockan 9.05", "klokken 9.05", "9:05"),
    (8, 0): ("kello 8", "klockan 8", "klokken 8", "8:00"),
    (18, 0): ("kello 18", "klockan 18", "klokken 18", "18:00"),
    (12, 0): ("kello 12", "klockan 12", "klokken 12", "12:00"),
    (12, 1): ("kello 12.01", "klockan 12.01", "klokken 12.01", "12:01"),
    (0, 0): ("kello 0", "klockan 0", "klokken 0", "midnight"),
    (0, 1): ("kello 0.01", "klockan 0.01", "klokken 0.01", "0:01"),
    (1, 0): ("kello 1", "klockan 1", "klokken 1", "1:00"),
    (2, 30): ("kello 2.30", "klockan 2.30", "klokken 2.30", "2:30"),
    (10, 10): ("kello 10.10", "klockan 10.10", "klokken 10.10", "10:10"),
    (21, 0): ("kello 21", "klockan 21", "klokken 21", "21:00"),
    (21, 45): ("kello 21.45", "klockan 21.45", "klokken 21.45", "21:45"),
    (11, 59): ("kello 11.59", "klockan 11.59", "klokken 11.59", "11:59"),
    (23, 59): ("kello 23.59", "klockan 23.59", "klokken 23.59", "23:59"),
}  # fmt: skip

DATES = {
    (2026, 11, 23): ("maanantaina 23. marraskuuta", "måndag den 23 november",
                     "mandag 23. november", "Monday the 23rd of November"),
    (2026, 11, 24): ("tiistaina 24. marraskuuta", "tisdag den 24 november",
                     "tirsdag 24. november", "Tuesday the 24th of November"),
    (2026, 12, 2): ("keskiviikkona 2. joulukuuta", "onsdag den 2 december",
                    "onsdag 2. desember", "Wednesday the 2nd of December"),
    (2026, 12, 24): ("torstaina 24. joulukuuta", "torsdag den 24 december",
                     "torsdag 24. desember", "Thursday the 24th of December"),
    (2027, 1, 1): ("perjantaina 1. tammikuuta", "fredag den 1 januari",
                   "fredag 1. januar", "Friday the 1st of January"),
    (2027, 2, 13): ("lauantaina 13. helmikuuta", "lördag den 13 februari",
                    "lørdag 13. februar", "Saturday the 13th of February"),
    (2027, 3, 28): ("sunnuntaina 28. maaliskuuta", "söndag den 28 mars",
                    "søndag 28. mars", "Sunday the 28th of March"),
    (2027, 4, 11): ("sunnuntaina 11. huhtikuuta", "söndag den 11 april",
                    "søndag 11. april", "Sunday the 11th of April"),
    (2027, 5, 12): ("keskiviikkona 12. toukokuuta", "onsdag den 12 maj",
                    "onsdag 12. mai", "Wednesday the 12th of May"),
    (2026, 8, 31): ("maanantaina 31. elokuuta", "måndag den 31 augusti",
                    "mandag 31. august", "Monday the 31st of August"),
    (2026, 9, 3): ("torstaina 3. syyskuuta", "torsdag den 3 september",
                   "torsdag 3. september", "Thursday the 3rd of September"),
    (2026, 10, 21): ("keskiviikkona 21. lokakuuta", "onsdag den 21 oktober",
                     "onsdag 21. oktober", "Wednesday the 21st of October"),
    (2026, 7, 22): ("keskiviikkona 22. heinäkuuta", "onsdag den 22 juli",
                    "onsdag 22. juli", "Wednesday the 22nd of July"),
    (2028, 2, 29): ("29. helmikuuta 2028", "den 29 februari 2028",
                    "29. februar 2028", "the 29th of February 2028"),
    (1962, 6, 1): ("1. kesäkuuta 1962", "den 1 juni 1962", "1. juni 1962", "the 1st of June 1962"),
    (2027, 5, 22): ("22. toukokuuta 2027", "den 22 maj 2027", "22. mai 2027",
                    "the 22nd of May 2027"),
}  # fmt: skip

IN_ORDER = ("fi", "sv", "nb", "en")


@pytest.mark.parametrize("minutes", DURATIONS)
def test_a_duration_is_said_in_minutes_hours_and_days(minutes: str) -> None:
    said = [say_value(PACKS[code], Decimal(minutes), "duration", SUNDAY) for code in IN_ORDER]
    assert tuple(said) == DURATIONS[minutes]


@pytest.mark.parametrize("clock", TIMES)
def test_a_time_of_day_is_said_as_the_clock_shows_it(clock: tuple[int, int]) -> None:
    moment = time(*clock)
    assert tuple(say_value(PACKS[code], moment, None, SUNDAY) for code in IN_ORDER) == TIMES[clock]
    written = f"{clock[0]:02}:{clock[1]:02}"
    assert (
        tuple(say_value(PACKS[code], written, "time", SUNDAY) for code in IN_ORDER)
        == (TIMES[clock])
    )


@pytest.mark.parametrize("day", DATES)
def test_a_date_is_said_with_its_weekday_when_it_is_near_and_its_year_when_it_is_not(
    day: tuple[int, int, int],
) -> None:
    said = tuple(say_value(PACKS[code], date(*day), None, SUNDAY) for code in IN_ORDER)
    assert said == DATES[day]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-21", ("eilen", "i går", "i går", "yesterday")),
        ("2026-11-22", ("tänään", "i dag", "i dag", "today")),
        ("2026-11-23", ("huomenna", "i morgon", "i morgen", "tomorrow")),
        ("2026-11-24", DATES[2026, 11, 24]),
        ("2028-02-29", DATES[2028, 2, 29]),
    ],
)
def test_a_day_near_now_is_said_by_its_distance(day: str, said: tuple[str, ...]) -> None:
    assert tuple(say_value(PACKS[code], day, "day", SUNDAY) for code in IN_ORDER) == said


@pytest.mark.parametrize("away", [-180, -30, -7, -3, -2, 2, 3, 4, 5, 6, 7, 14, 31, 180, 181])
def test_any_other_day_is_said_by_its_date(away: int) -> None:
    day = SUNDAY.date() + timedelta(away)
    for pack in PACKS.values():
        assert say_value(pack, day, "day", SUNDAY) == say_value(pack, day, "date", SUNDAY)


@pytest.mark.parametrize(
    ("now", "tomorrow"),
    [
        (datetime(2026, 10, 24, 23, 59, tzinfo=STOCKHOLM), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 0, 1, tzinfo=STOCKHOLM), date(2026, 10, 26)),
        (datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=1), date(2026, 10, 26)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=STOCKHOLM), date(2026, 10, 26)),
        (datetime(2027, 3, 27, 23, 30, tzinfo=STOCKHOLM), date(2027, 3, 28)),
        (datetime(2027, 3, 28, 3, 30, tzinfo=STOCKHOLM), date(2027, 3, 29)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=STOCKHOLM), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 12, 0, tzinfo=STOCKHOLM), date(2028, 2, 29)),
    ],
)
def test_tomorrow_is_the_next_day_of_the_calendar_however_long_the_night_is(
    now: datetime, tomorrow: date
) -> None:
    assert say_value(PACKS["en"], tomorrow, "day", now) == "tomorrow"
    assert say_value(PACKS["fi"], tomorrow - timedelta(1), "day", now) == "tänään"


@pytest.mark.parametrize("code", IN_ORDER)
def test_months_and_weekdays_are_those_of_the_common_locale_data(code: str) -> None:
    words = PACKS[code].spoken
    months = get_month_names("wide", context="format", locale=code)
    weekdays = get_day_names("wide", context="format", locale=code)
    assert words.months == tuple(months[number] for number in range(1, 13))
    for number, said in enumerate(words.weekdays):
        assert said.startswith(weekdays[number])


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (Decimal(-1), "duration"), (Decimal(999_999), "duration"), ("soon", "duration"),
        (True, "duration"), (Decimal(3), "date"), ("24.12.2026", "date"), ("soon", "day"),
        (time(9, 0), "date"), (date(2026, 11, 23), "time"), ("25:00", "time"), (False, "date"),
    ],
)  # fmt: skip
def test_what_is_no_such_moment_is_not_said(value: Decimal | str | date | time, form: str) -> None:
    with pytest.raises(Unsayable):
        say_value(PACKS["en"], value, form, SUNDAY)
