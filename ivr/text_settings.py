"""Text messages as `config.yaml` has them (`texts`): from whom, how fast, and when not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from ivr.promises.senders import Sender, Senders, name_problem
from ivr.promises.updates import Rules
from ivr.promises.writing import LONGEST_COMPANY
from ivr.reading.numbers import parse_number

USUAL_RATE = 1.0
"""Texts in a second that a sender takes unless Twilio has raised it."""

_ALL = ""
_SERVICE = re.compile(r"MG[0-9a-f]{32}\Z")
_PREFIX = re.compile(r"\+[0-9]{0,14}\Z")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\Z")


class Quiet(Struct, frozen=True):
    """Hours of the day in which nobody is disturbed; `begins` after `ends` is over midnight."""

    begins: time
    ends: time

    def until(self, now: float, zone: ZoneInfo) -> float | None:
        """When they are over, in seconds since 1970; None while they are not."""
        moment = datetime.fromtimestamp(now, zone)
        here = moment.time()
        if self.begins < self.ends:
            if not self.begins <= here < self.ends:
                return None
            day = moment.date()
        elif here >= self.begins:
            day = moment.date() + timedelta(days=1)
        elif here < self.ends:
            day = moment.date()
        else:
            return None
        return datetime.combine(day, self.ends, zone).astimezone(UTC).timestamp()


def _number(value: Any) -> Any:
    return parse_number(value) if isinstance(value, str) else value


def _sender(value: Any) -> Any:
    if isinstance(value, Sender):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueError("A sender is a number, the SID of a Messaging Service, or a name.")
    if value.startswith("+"):
        return Sender("number", parse_number(value))
    if _SERVICE.match(value):
        return Sender("service", value)
    if problem := name_problem(value):
        raise ValueError(problem)
    return Sender("name", value)


def _prefix(value: Any) -> Any:
    if not isinstance(value, str) or not _PREFIX.match(value):
        raise ValueError(
            f'`{value}` is not how numbers begin. Write a country as "+46", and all others as '
            '"+", in quotes.'
        )
    return value


def _quiet(value: Any) -> Any:
    if value is None or isinstance(value, Quiet):
        return value
    found = _SPAN.match(str(value).strip())
    try:
        if found is None:
            raise ValueError
        hours = [int(part) for part in found.groups()]
        span = Quiet(time(hours[0], hours[1]), time(hours[2], hours[3]))
    except ValueError:
        raise ValueError(f"`{value}` are no hours of a day. Write them as 21:00-08:00.") from None
    if span.begins == span.ends:
        raise ValueError(f"`{value}` is no time at all. Leave `quiet` out where no hour is quiet.")
    return span


def _rates(value: Any) -> Any:
    if isinstance(value, dict):
        return {_sender(name).value: rate for name, rate in value.items()}
    try:
        return {_ALL: float(value)}
    except (TypeError, ValueError):
        raise ValueError(
            f"`{value}` is no number of texts in a second. Write one, or one for each sender."
        ) from None


Rate = Annotated[float, Field(ge=0, le=10_000)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]


class UpdateSettings(BaseModel):
    """When somebody who waits to be rung back is told that their wait has changed. In seconds,
    except the most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    later_by: Seconds = 300
    """The call comes so much later than they were told, at least; or a quarter of what is left."""
    earlier_by: Seconds = 600
    later_after: Seconds = 180
    """The shortest time from anything that they were told until they hear that it is later."""
    earlier_after: Seconds = 600
    most: Annotated[int, Field(ge=0, le=20)] = 4
    """To one person; the last is kept for bad news. That the call comes soon is told besides."""
    soon: Annotated[int, Field(ge=60, le=1800)] = 300
    """That the call comes within so long is told once."""

    @property
    def rules(self) -> Rules:
        return Rules(
            worse_by=self.later_by,
            better_by=self.earlier_by,
            worse_after=self.later_after,
            better_after=self.earlier_after,
            most=self.most,
            soon=self.soon,
        )


class TextSettings(BaseModel):
    """`sender` is one of our numbers: the first line's when left out. `senders`, by how numbers
    begin, the best first, counts instead where it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    sender: Annotated[str, BeforeValidator(_number)] | None = None
    senders: dict[
        Annotated[str, BeforeValidator(_prefix)],
        Annotated[tuple[Annotated[Sender, PlainValidator(_sender)], ...], Field(min_length=1)],
    ] = {}
    per_second: Annotated[dict[str, Rate], BeforeValidator(_rates)] = {}
    """Texts that a sender sends in a second (0: as fast as it goes); or by sender."""
    quiet: Annotated[Quiet | None, PlainValidator(_quiet)] = None
    """When what nobody has asked for just now waits."""
    company: Annotated[str, Field(max_length=LONGEST_COMPANY)] = ""
    """The company's name as texts have it; the company's own, as far as there is room, when left
    out."""
    updates: UpdateSettings = UpdateSettings()

    def name(self, company: str) -> str:
        """What texts call a company of this name: whole words of it, as many as have room."""
        if self.company or len(company) <= LONGEST_COMPANY:
            return self.company or company
        cut = company[: LONGEST_COMPANY + 1].rpartition(" ")[0]
        return cut or company[:LONGEST_COMPANY]

    def by_country(self, usual: str) -> tuple[Senders, ...]:
        """Our senders; `usual` (E.164) is the one where none is named."""
        if not self.senders:
            return (Senders("+", (Sender("number", self.sender or usual),)),)
        return tuple(Senders(prefix, senders) for prefix, senders in self.senders.items())

    def rate(self, sender: str) -> float:
        """Texts that it sends in a second; 0: as many as may be."""
        return self.per_second.get(sender, self.per_second.get(_ALL, USUAL_RATE))


__all__ = ["USUAL_RATE", "Quiet", "TextSettings", "UpdateSettings"]
