"""Dates, times of day and durations, as each language says them."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from ivr.flow.language import Language
from ivr.flow.spoken.errors import Unsayable

NEAR = 180
"""Days within which a date is clear without its year."""
LONGEST_DURATION = Decimal(60 * 24 * 365)


def say_date(day: date, language: Language, now: datetime) -> str:
    """`maanantaina 23. marraskuuta`; a date that is far away with its year instead."""
    words = language.spoken
    near = abs((day - now.date()).days) <= NEAR
    pattern = words.date if near else words.date_with_year
    return (
        pattern.replace("{weekday}", words.weekdays[day.weekday()])
        .replace("{day}", words.days[day.day - 1])
        .replace("{month}", words.months[day.month - 1])
        .replace("{year}", str(day.year))
    )


def say_day(day: date, language: Language, now: datetime) -> str:
    """Yesterday, today, tomorrow, or the date."""
    words = language.spoken
    by_distance = {-1: words.yesterday, 0: words.today, 1: words.tomorrow}
    return by_distance.get((day - now.date()).days) or say_date(day, language, now)


def say_time(moment: time, language: Language) -> str:
    """`kello 14.30`. Seconds are left out."""
    words = language.spoken
    if not moment.hour and not moment.minute:
        return words.midnight
    pattern = words.time if moment.minute else words.time_on_the_hour
    return pattern.replace("{hour}", str(moment.hour)).replace("{minute}", f"{moment.minute:02}")


def say_duration(minutes: Decimal, language: Language) -> str:
    """Minutes as hours and minutes, `yksi tunti ja 15 minuuttia`; from a day on, as days and
    hours. Raises `Unsayable`."""
    words = language.spoken
    if minutes < 0 or minutes > LONGEST_DURATION:
        raise Unsayable("A duration is between 0 minutes and a year.")
    whole = _rounded(minutes)
    if whole == 0:
        return words.less_than_a_minute
    if whole == 90:
        return words.hour_and_a_half
    hours, rest = divmod(whole, 60)
    if hours < 24:
        parts = [words.hours.of(hours) if hours else "", words.minutes.of(rest) if rest else ""]
    else:
        days, hours = divmod(_rounded(minutes / 60), 24)
        parts = [words.whole_days.of(days), words.hours.of(hours) if hours else ""]
    first, second = parts
    if not first or not second:
        return first or second
    return words.together.replace("{first}", first).replace("{second}", second)


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
