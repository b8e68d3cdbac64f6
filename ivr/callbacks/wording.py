"""How a window is told: as data, and as words that fit into a sentence.

`We will call you {today between 14:00 and 14:30}.`
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
import phonenumbers
from msgspec import Struct
from phonenumbers import timezone

from ivr.callbacks.record import Window
from ivr.flow.language import Language
from ivr.flow.spoken.moments import say_date, say_time

DayWord = Literal["today", "tomorrow", "weekday", "date"]
A_WEEK = 7
"""From so many days on a weekday's name alone could be taken for the nearer one."""


@dataclass(frozen=True, slots=True)
class ToldWindow:
    """A window as it is told, in the local time of whoever is told."""

    day: DayWord
    date: date
    begins: time
    ends: time


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    window: str
    weekday: str
    date: str


def zone_of(number: str, at: float, company: ZoneInfo) -> ZoneInfo:
    """The time zone in which the holder of a number (E.164) is told a time; `at` is that time.

    The company's own, unless the number's country or area is clearly elsewhere: where that has
    several zones, their clocks must agree at that time.
    """
    zones = _zones(number)
    offsets = {datetime.fromtimestamp(at, zone).utcoffset() for zone in zones}
    here = datetime.fromtimestamp(at, company).utcoffset()
    return zones[0] if len(offsets) == 1 and here not in offsets else company


def told_window(window: Window, now: float, zone: ZoneInfo) -> ToldWindow:
    """What is told of a window in a time zone; its day is the one on which it begins."""
    begins = datetime.fromtimestamp(window.begins, zone)
    ends = datetime.fromtimestamp(window.ends, zone)
    days = (begins.date() - datetime.fromtimestamp(now, zone).date()).days
    day: DayWord = "date"
    if 0 <= days < A_WEEK:
        day = "today" if days == 0 else "tomorrow" if days == 1 else "weekday"
    return ToldWindow(day, begins.date(), begins.time(), ends.time())


def say_window(window: Window, language: Language, now: float, zone: ZoneInfo) -> str:
    """`today between 14:00 and 14:30`, in words that follow `we call you`.

    Raises KeyError for a language that `wording.yaml` does not have.
    """
    told = told_window(window, now, zone)
    words = _words()[language.code]
    return (
        words.window.replace("{day}", _day(told, words, language, now, zone))
        .replace("{begins}", say_time(told.begins, language))
        .replace("{ends}", say_time(told.ends, language))
    )


@lru_cache(maxsize=4096)
def _zones(number: str) -> tuple[ZoneInfo, ...]:
    """Where the holder of a number may be."""
    found = timezone.time_zones_for_number(phonenumbers.parse(number))
    return tuple(ZoneInfo(name) for name in found if name != timezone.UNKNOWN_TIMEZONE)


def _day(told: ToldWindow, words: _Words, language: Language, now: float, zone: ZoneInfo) -> str:
    match told.day:
        case "today":
            return language.spoken.today
        case "tomorrow":
            return language.spoken.tomorrow
        case "weekday":
            weekday = language.spoken.weekdays[told.date.weekday()]
            return words.weekday.replace("{weekday}", weekday)
    said = say_date(told.date, language, datetime.fromtimestamp(now, zone))
    return words.date.replace("{date}", said)


@cache
def _words() -> dict[str, _Words]:
    text = (resources.files("ivr.callbacks") / "wording.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, _Words])
