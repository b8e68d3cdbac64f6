"""Dates as callers say them. What is not certain is None."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from ivr.flow.language import Language
from ivr.flow.spoken.numerals import LONGEST, counted, is_figures, lexicon_of, parts_of, tokens
from ivr.flow.spoken_words import Hearing

EARLIEST, LATEST = 1900, 2199
"""The years that callers mean."""
_SHORTEST_STEM = 5
_LONGEST_ENDING = 4

Sort = Literal["number", "month", "weekday", "days_away", "other_week", "other"]


@dataclass(frozen=True, slots=True)
class _Item:
    sort: Sort
    number: int = 0


_ISO = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])")
_FIGURES = re.compile(
    r"(?<![0-9])([0-9]{1,2})\s*[./-]\s*([0-9]{1,2})(?:\s*[./-]\s*([0-9]{4}|[0-9]{2}))?(?![0-9])"
)
_TOGETHER = re.compile(r"(?<![0-9])([0-9]{2})\s?([0-9]{2})\s?([0-9]{4})(?![0-9])")
_ORDINAL_ENDING = re.compile(r"(?<=[0-9])(?:st|nd|rd|th|:?[ea])\b")


def read_date(words: str, language: Language, today: date) -> date | None:
    """The date that was said. Without a year it is the one nearest to `today`, and a day of the
    week is the next one."""
    said = words[:LONGEST].casefold()
    iso = _ISO.search(said)
    if iso is not None:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    figures = _FIGURES.search(said) or _TOGETHER.search(said)
    if figures is not None:
        year = _year(figures[3], today) if figures[3] else None
        return _dated(int(figures[1]), int(figures[2]), year, today)
    items = [item for item in _items(said, language) if item.sort != "other"]
    if any(item.sort == "other_week" for item in items):
        return None
    return _agreed(items, today)


def _agreed(items: Sequence[_Item], today: date) -> date | None:
    """The date that all parts of what was said agree on."""
    numbers = [item.number for item in items if item.sort == "number"]
    months = [item.number for item in items if item.sort == "month"]
    weekdays = {item.number for item in items if item.sort == "weekday"}
    days_away = {item.number for item in items if item.sort == "days_away"}
    if len(weekdays) > 1 or len(days_away) > 1:
        return None
    days: set[date | None] = set()
    if numbers or months:
        days.add(_of_numbers(numbers, months, today))
    if days_away:
        days.add(today + timedelta(days_away.pop()))
    if not days and weekdays:
        days.add(today + timedelta((min(weekdays) - today.weekday() - 1) % 7 + 1))
    if len(days) != 1:
        return None
    day = days.pop()
    return None if day is None or not weekdays <= {day.weekday()} else day


def _of_numbers(numbers: list[int], months: list[int], today: date) -> date | None:
    numbers = _years_joined(numbers)
    years = [number for number in numbers if EARLIEST <= number <= LATEST]
    rest = [number for number in numbers if number not in years]
    if len(years) > 1 or len(months) > 1 or any(number > 31 for number in rest):
        return None
    year = years[0] if years else None
    if months and len(rest) == 1:
        return _dated(rest[0], months[0], year, today)
    if not months and len(rest) == 2:
        if year is not None and numbers[0] == year:
            rest.reverse()
        return _dated(rest[0], rest[1], year, today)
    return None


def _years_joined(numbers: list[int]) -> list[int]:
    """`twenty twenty-six`: the last two numbers, after a day and perhaps a month."""
    if len(numbers) >= 3 and numbers[-2] in (19, 20) and 10 <= numbers[-1] <= 99:
        return [*numbers[:-2], numbers[-2] * 100 + numbers[-1]]
    return numbers


_Phrases = dict[tuple[str, ...], _Item]


def _items(said: str, language: Language) -> Iterator[_Item]:
    phrases = _phrases(language.spoken.hearing)
    lexicon = lexicon_of(language)
    heard = tokens(_ORDINAL_ENDING.sub("", said))
    at = 0
    while at < len(heard):
        size, item = _known(heard, at, phrases)
        if item is not None:
            yield item
            at += size
            continue
        # Up to the next word that is known otherwise: `two thousand and twenty-six`.
        end = at + 1
        while end < len(heard) and _known(heard, end, phrases)[1] is None:
            end += 1
        parts = parts_of(" ".join(heard[at:end]), language, lexicon)
        at = end
        place = 0
        while place < len(parts):
            number = counted(parts, place, language)
            yield _Item("other") if number is None else _Item("number", number[0])
            place = place + 1 if number is None else number[1]


def _known(heard: Sequence[str], at: int, phrases: _Phrases) -> tuple[int, _Item | None]:
    """The longest phrase, the month or weekday with an ending, or the figures that stand here."""
    longest = max(len(phrase) for phrase in phrases)
    for size in range(min(longest, len(heard) - at), 0, -1):
        item = phrases.get(tuple(heard[at : at + size]))
        if item is not None:
            return size, item
    if is_figures(heard[at]):
        return 1, _Item("number", int(heard[at][:5]))
    return 1, _inflected(heard[at], phrases)


@lru_cache(maxsize=32)
def _phrases(heard: Hearing) -> _Phrases:
    phrases: _Phrases = {}

    def add(sort: Sort, number: int, words: Sequence[str]) -> None:
        for word in words:
            phrases.setdefault(tuple(tokens(word)), _Item(sort, number))

    for month, words in enumerate(heard.months, start=1):
        add("month", month, words)
    for weekday, words in enumerate(heard.weekdays):
        add("weekday", weekday, words)
    for day, words in enumerate(heard.ordinals, start=1):
        add("number", day, words)
    add("days_away", -1, heard.yesterday)
    add("days_away", 0, heard.today)
    add("days_away", 1, heard.tomorrow)
    add("days_away", 2, heard.day_after_tomorrow)
    add("other_week", 0, heard.other_week)
    return phrases


def _inflected(token: str, phrases: _Phrases) -> _Item | None:
    """A month or a weekday with an ending that is not in the list: `maanantaiksi`."""
    for cut in range(len(token) - 1, max(_SHORTEST_STEM, len(token) - _LONGEST_ENDING) - 1, -1):
        item = phrases.get((token[:cut],))
        if item is not None and item.sort in ("month", "weekday"):
            return item
    return None


def _year(written: str, today: date) -> int:
    """Two figures mean one of the hundred years that end ten years from now."""
    year = int(written)
    if len(written) == 4:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year + 10 else century - 100 + year


def _dated(day: int, month: int, year: int | None, today: date) -> date | None:
    if year is not None:
        return _day(year, month, day)
    near = (_day(today.year + away, month, day) for away in (-1, 0, 1))
    return min(
        (found for found in near if found is not None),
        key=lambda found: abs(found - today),
        default=None,
    )


def _day(year: int, month: int, day: int) -> date | None:
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
