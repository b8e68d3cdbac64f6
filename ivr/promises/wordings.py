"""What our texts say: one segment each, in every language, whatever is filled in.

One YAML file a language in `wordings/`, in the template language of flows. Times are told as times
of day, which stay true until the text is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct, structs
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from ivr.flow.language import load_languages
from ivr.flow.segments import segments
from ivr.flow.spoken import BadTemplate, Template, parse_template
from ivr.flow.spoken.cleaning import cleaned
from ivr.flow.values import Value
from ivr.reading import read_tree, validate

TextKind = Literal[
    "receipt_place", "receipt_place_open", "receipt_window",
    "update_first", "update_worse", "update_better", "soon", "sorry", "sorry_open", "not_reached",
    "kept_place", "kept_place_open", "windows", "no_windows",
    "status_time", "status_open", "status_window", "back_in_line",
    "cancelled", "withdrawn", "nothing_open", "passed_on", "help", "stopped", "started",
]  # fmt: skip
"""`_open`: where no time can be told. `status_*` answer `how long?`; `sorry` is for a promise that
was not kept, `withdrawn` for one that will not be; `passed_on` answers what the agent will read."""
TEXT_KINDS: tuple[TextKind, ...] = get_args(TextKind)

MOST_CHOICES = 3
LONGEST_COMPANY = 20
"""Characters of a company's name for which every text surely fits."""
LONGEST_NUMBER = 18
LONGEST_NAME = 12
"""Of a first name; with a longer one it is left out where it does not fit."""
_THIS_WEEK = 6

_Text = Annotated[str, Field(min_length=1)]
_Week = Annotated[tuple[_Text, ...], Field(min_length=7, max_length=7)]


class Wording(BaseModel):
    """`reply` is what the person may answer; `may_drop`: a bare NO gives the call up."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    text: Template
    reply: Template | None = None
    may_drop: bool = False

    @field_validator("text", "reply", mode="before")
    @classmethod
    def _template(cls, written: object, info: ValidationInfo) -> object:
        if not isinstance(written, str):
            return written
        try:
            return parse_template(written)
        except BadTemplate as error:
            raise ValueError(str(error)) from None


class Wordings(BaseModel):
    """One language's texts, and how it tells times in them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: _Text
    span: _Text
    """From one time of a day to another, in a sentence."""
    span_short: _Text
    """The same in a list."""
    moment: _Text
    clock: _Text
    this_week: _Text
    """A day within a week."""
    weekdays: _Week
    date: _Text
    """A day further off, or in a list."""
    short_weekdays: _Week
    texts: dict[TextKind, Wording]

    @field_validator("texts")
    @classmethod
    def _all_of_them(cls, texts: dict[TextKind, Wording]) -> dict[TextKind, Wording]:
        missing = [kind for kind in TEXT_KINDS if kind not in texts]
        if missing:
            raise ValueError(f"`{missing[0]}` has no wording.")
        return texts


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


@cache
def load_wordings() -> dict[str, Wordings]:
    """Every language's texts, by code. Raises `Unreadable` when a file is broken."""
    found = {}
    for code in load_languages():
        name = f"{code}.yaml"
        data = (resources.files("ivr.promises") / "wordings" / name).read_bytes()
        found[code] = validate(Wordings, read_tree(data, f"wordings/{name}"))
    return found


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


def may_drop(kind: TextKind, language: str) -> bool:
    """Whether a bare NO to this text gives the call up."""
    return load_wordings()[language].texts[kind].may_drop


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
    values = _values(fill, wordings, now, zone)
    moment = datetime.fromtimestamp(now, zone)
    templates = [wording.text, wording.reply if two_way else None]
    return " ".join(
        part.fill(load_languages()[language], values, now=moment).text for part in templates if part
    )


def _values(fill: Fill, wordings: Wordings, now: float, zone: ZoneInfo) -> Mapping[str, Value]:
    values: dict[str, Value] = {"company": fill.company}
    name = cleaned(fill.first_name, load_languages()[wordings.code])
    if name:
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
