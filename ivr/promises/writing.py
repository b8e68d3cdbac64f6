"""Texts with their values in them, as somebody gets them: one segment each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from ivr.flow.language import load_languages
from ivr.flow.segments import segments
from ivr.flow.spoken.cleaning import cleaned
from ivr.flow.values import Value
from ivr.promises.wordings import TEXT_KINDS, TextKind, Wordings, load_wordings

MOST_CHOICES = 3
LONGEST_COMPANY = 20
"""Characters of a company's name for which every text surely fits."""
LONGEST_NUMBER = 18
LONGEST_NAME = 12
"""Of a first name; with a longer one it is left out where it does not fit."""
_THIS_WEEK = 6
_NAME = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,2}\.?")
"""What may be greeted: what else was taken for a name stands in no text of ours."""


class Fill(Struct, frozen=True, omit_defaults=True):
    """What goes into a text; times in seconds since 1970. `when` begins and ends; `choices` are
    such times too. `number` is written as people read it."""

    company: str
    first_name: str = ""
    """Only of who gave it."""
    when: tuple[float, float] | None = None
    until: float | None = None
    minutes: int | None = None
    ahead: int | None = None
    number: str = ""
    choices: tuple[tuple[float, float], ...] = ()


def write_text(
    kind: TextKind, language: str, fill: Fill, now: float, zone: ZoneInfo, *, two_way: bool = True
) -> str:
    """The text. `two_way`: the person can answer it; if not, it does not say how.

    A name that does not fit is left out, and so is one of letters that make a text twice as long.
    Raises `Unsayable` where the kind needs a value that `fill` does not have.
    """
    for name in dict.fromkeys((fill.first_name, "")):
        text = _written(kind, language, structs.replace(fill, first_name=name), now, zone, two_way)
        if segments(text) == 1:
            break
    return text


def long_texts(company: str, number: str, zone: ZoneInfo) -> Iterator[tuple[str, TextKind]]:
    """The texts, by language and kind, that take more than a segment with such a name and number
    of the company, whatever else is in them."""
    for language in load_wordings():
        for kind in TEXT_KINDS:
            fills = longest_fills(company, number, zone)
            if any(
                segments(write_text(kind, language, fill, now, zone)) > 1 for fill, now in fills
            ):
                yield language, kind


def longest_fills(company: str, number: str, zone: ZoneInfo) -> Iterator[tuple[Fill, float]]:
    """Values as long as they come: every day of a fortnight, with the hours that take most room."""
    now = datetime(2026, 12, 14, 9, tzinfo=zone).timestamp()
    for day in range(14):
        begins = datetime(2026, 12, 14 + day, 22, 30, tzinfo=zone).timestamp()
        span = (begins, begins + 1800)
        yield (
            Fill(
                company, "", span, begins, minutes=10, ahead=9999, number=number,
                choices=(span,) * MOST_CHOICES,
            ),
            now,
        )  # fmt: skip


def _written(
    kind: TextKind, language: str, fill: Fill, now: float, zone: ZoneInfo, two_way: bool
) -> str:
    wordings = load_wordings()[language]
    wording = wordings.texts[kind]
    values = values_of(fill, wordings, now, zone)
    moment = datetime.fromtimestamp(now, zone)
    templates = [wording.text, wording.reply if two_way else None]
    return " ".join(
        part.fill(load_languages()[language], values, now=moment).text for part in templates if part
    )


def values_of(fill: Fill, wordings: Wordings, now: float, zone: ZoneInfo) -> Mapping[str, Value]:
    """What templates are filled with."""
    values: dict[str, Value] = {"company": fill.company}
    name = cleaned(fill.first_name, load_languages()[wordings.code])
    if _NAME.fullmatch(name):
        values["first_name"] = name
    if fill.when is not None:
        values["when"] = say_span(fill.when, wordings, now, zone)
    if fill.until is not None:
        day = _day(fill.until, wordings, now, zone, short=False)
        said = wordings.moment.replace("{day}", day)
        values["until"] = said.replace("{begins}", _clock(fill.until, wordings, zone))
    for name, number in (("minutes", fill.minutes), ("ahead", fill.ahead)):
        if number is not None:
            values[name] = Decimal(number)
    if fill.number:
        values["number"] = fill.number
    if fill.choices:
        values["choices"] = ", ".join(
            f"{place}: {say_span(span, wordings, now, zone, short=True)}"
            for place, span in enumerate(fill.choices[:MOST_CHOICES], start=1)
        )
    return values


def say_span(
    span: tuple[float, float],
    wordings: Wordings,
    now: float,
    zone: ZoneInfo,
    *,
    short: bool = False,
) -> str:
    """`today between 14:20 and 14:35`, or `Wed 25/11 14:20-14:35` for lists."""
    pattern = wordings.span_short if short else wordings.span
    begins, ends = span
    return (
        pattern.replace("{day}", _day(begins, wordings, now, zone, short=short))
        .replace("{begins}", _clock(begins, wordings, zone))
        .replace("{ends}", _clock(ends, wordings, zone))
    )


def _day(at: float, wordings: Wordings, now: float, zone: ZoneInfo, *, short: bool) -> str:
    day = datetime.fromtimestamp(at, zone).date()
    ahead = (day - datetime.fromtimestamp(now, zone).date()).days
    words = load_languages()[wordings.code].spoken
    if ahead in (0, 1):
        return words.tomorrow if ahead else words.today
    if 0 < ahead <= _THIS_WEEK and not short:
        return wordings.this_week.replace("{weekday}", wordings.weekdays[day.weekday()])
    return (
        wordings.date.replace("{weekday}", wordings.short_weekdays[day.weekday()])
        .replace("{day}", str(day.day))
        .replace("{month}", str(day.month))
    )


def _clock(at: float, wordings: Wordings, zone: ZoneInfo) -> str:
    moment = datetime.fromtimestamp(at, zone)
    return wordings.clock.replace("{hour}", str(moment.hour)).replace(
        "{minute}", f"{moment.minute:02}"
    )
