"""Windows as they are read: `today 14:00–14:30`."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location

from ivr.callbacks.record import Window
from ivr.callbacks.wording import told_window
from ivr.flow.language import Language


def show_window(window: Window, language: Language, locale: str, now: float, zone: ZoneInfo) -> str:
    """A window in words and figures, its first letter a capital."""
    told = told_window(window, now, zone)
    day = show_day(window, language, locale, now, zone)
    return f"{day} {_time(told.begins, locale)}–{_time(told.ends, locale)}"


def show_day(window: Window, language: Language, locale: str, now: float, zone: ZoneInfo) -> str:
    """The day on which a window begins."""
    told = told_window(window, now, zone)
    days = {"today": language.spoken.today, "tomorrow": language.spoken.tomorrow}
    day = days.get(told.day) or _date(told.date, locale)
    return day[:1].upper() + day[1:]


def city_of(zone: ZoneInfo, locale: str) -> str:
    """The city after which a time zone is called."""
    return get_timezone_location(zone, locale=Locale.parse(locale), return_city=True)


def _date(day: date, locale: str) -> str:
    moment = datetime.combine(day, time(12))
    weekday = format_date(day, "EEEE", locale=locale)
    return f"{weekday} {format_skeleton('MMMMd', moment, locale=locale)}"


def _time(moment: time, locale: str) -> str:
    return format_time(moment, "short", locale=locale)
