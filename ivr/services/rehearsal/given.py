"""What a script gives besides the call itself: hours, queues, callbacks, notices, and what the
company's own systems answer."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ivr.flow.callback_talk import Kind, Status
from ivr.flow.names import ANY_LANGUAGE
from ivr.flow.schedule import State
from ivr.reading.tree import Document, Mapping, Path, Sequence, Tree

Fails = Literal["slow", "down", "nonsense", "not_found"]
"""No answer in time; nobody there; an answer that is no JSON; 404."""
Hours = dict[str, State]
"""Schedules that are as given here whatever the time is."""

_CLOCK = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}")
_LITERALS = {"true": True, "false": False, "null": None}


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _minutes(value: Any) -> Any:
    """`14`, or a range: `5-8`."""
    if not isinstance(value, str):
        return value
    low, _, high = value.partition("-")
    try:
        ends = Decimal(low.strip()), Decimal((high or low).strip())
    except InvalidOperation:
        raise ValueError(f"`{value}` is no number of minutes and no range such as `5-8`.") from None
    if not 0 <= ends[0] <= ends[1] <= 24 * 60:
        raise ValueError(f"`{value}`: the first number of minutes is the smaller one.")
    return ends


Minutes = Annotated[tuple[Decimal, Decimal], BeforeValidator(_minutes)]


class GivenQueue(Part):
    """How a queue stands during the call. Without `wait_minutes` there is no estimate that could
    be told. `next_agent`: where there are none, one comes within the hour."""

    waiting: Annotated[int, Field(ge=0)] = 0
    agents: Annotated[int, Field(ge=0)] = 1
    wait_minutes: Minutes | None = None
    next_agent: bool = False


def _clock(value: Any) -> Any:
    """`14:00` on the day of the call, or `2026-11-26 14:00`."""
    if not isinstance(value, str):
        return value
    try:
        if _CLOCK.fullmatch(value):
            clock(value, date.min)
            return value
    except ValueError:
        pass
    raise ValueError(f"`{value}` is no time. Write it like `14:00` or `2026-11-26 14:00`.")


Refusal = Literal["open_already", "no_room", "too_many", "number", "turn_came", "not_now"]
Clock = Annotated[str, BeforeValidator(_clock)]


class GivenCallbacks(Part):
    """What can be offered of a queue during the call: these kinds, at these times; a place's turn
    comes in so many minutes, where that is to be told. `refuses` tells why the first promise is not
    made after all."""

    offers: tuple[Kind, ...] = ()
    windows: tuple[Clock, ...] = ()
    turn_in_minutes: Minutes | None = None
    texts: Literal["ask", "given", "no"] = "no"
    asks_reason: bool = False
    code: Annotated[str, Field(pattern=r"^[0-9]{3}$")] | None = None
    refuses: Refusal | None = None


class GivenCallback(Part):
    """A callback that the caller has: `at` that time, or at a place with so many `ahead`; or one
    that did not reach them."""

    queue: str
    status: Status = "open"
    at: Clock | None = None
    ahead: Annotated[int, Field(ge=0)] | None = None


def clock(written: str, day: date) -> datetime:
    """The moment that a `Clock` names in a call of this day."""
    if " " in written:
        return datetime.fromisoformat(written)
    return datetime.combine(day, time.fromisoformat(written))


def _texts(value: Any) -> Any:
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


class GivenNotice(Part):
    """A notice that is on during the call."""

    text: Annotated[dict[str, str], BeforeValidator(_texts), Field(min_length=1)]
    closes: bool = False


class GivenLookup(Part):
    """What a node's system answers: JSON as it would send it, or how it fails.

    Given several times for one node, each is for one question; the last one stays.
    """

    node: str
    """A node of the flow beside which the script stands, or `invoices/find_customer`."""
    answers: Any = None
    fails: Fails | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> GivenLookup:
        if ("answers" in self.model_fields_set) == (self.fails is not None):
            raise ValueError("A lookup either `answers` or `fails`.")
        return self


def _notice(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Notices = tuple[Annotated[GivenNotice, BeforeValidator(_notice)], ...]


def as_json(document: Document, path: Path) -> bytes:
    """The value at `path` as JSON: what is in quotes is a text, the rest as JSON would take it."""
    value: Tree = document.root
    for step in path:
        value = value[step]  # type: ignore[index]
    return json.dumps(_typed(document, path, value), ensure_ascii=False).encode()


def _typed(document: Document, path: Path, value: Tree) -> Any:
    if isinstance(value, Mapping):
        return {name: _typed(document, (*path, name), inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [_typed(document, (*path, at), inner) for at, inner in enumerate(value)]
    if value is None or _is_quoted(document, path):
        return value
    if value in _LITERALS:
        return _LITERALS[value]
    try:
        number = json.loads(value)
    except ValueError:
        return value
    return number if isinstance(number, int | float) else value


def _is_quoted(document: Document, path: Path) -> bool:
    line, column = document.value_mark(path)
    return _lines(document.text)[line - 1][column - 1 : column] in ('"', "'", "|", ">")


@lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    return text.split("\n")
