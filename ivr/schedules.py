"""Opening hours as people write them: `monday-friday: 08:00-16:00`, holidays of a country."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import EntityLoader
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.flow.schedule import Hours, Schedule
from ivr.reading.validation import suggestion

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = "closed"

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\Z")


def _zone(value: Any) -> Any:
    try:
        ZoneInfo(str(value))
    except Exception:
        raise ValueError(
            f"`{value}` is not a time zone. Write one like `Europe/Stockholm`."
        ) from None
    return value


def _days(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    spread: dict[int, tuple[Hours, ...]] = {}
    for written, hours in value.items():
        for day in _weekdays(str(written)):
            if day in spread:
                raise ValueError(f"`{DAYS[day]}` is covered twice.")
            spread[day] = _hours(hours)
    return spread


def _weekdays(written: str) -> list[int]:
    names = written.casefold().replace(" ", "").split("-")
    for name in names:
        if name not in DAYS:
            raise ValueError(f"`{written}`: there is no day `{name}`. {suggestion(name, DAYS)}")
    first, last = DAYS.index(names[0]), DAYS.index(names[-1])
    if len(names) > 2 or last < first:
        raise ValueError(f"`{written}`: write days as `monday` or `monday-friday`.")
    return list(range(first, last + 1))


def _hours(written: Any) -> tuple[Hours, ...]:
    if isinstance(written, list):
        return tuple(span for item in written for span in _hours(item))
    if written == CLOSED:
        return ()
    match = _SPAN.match(str(written))
    if match is None:
        raise ValueError(f"`{written}` are no hours. Write `08:00-16:00` or `{CLOSED}`.")
    opens, closes = _time(match[1], match[2], written), _time(match[3], match[4], written)
    if opens is None or (closes is not None and closes <= opens):
        raise ValueError(
            f"`{written}`: the end is not after the beginning. Write hours past midnight on two "
            "days: `22:00-24:00` and `00:00-06:00`."
        )
    return (Hours(opens, closes),)


def _time(hour: str, minute: str, written: Any) -> time | None:
    if (int(hour), int(minute)) == (24, 0):
        return None
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(f"`{written}`: there is no time {hour}:{minute}.")
    return time(int(hour), int(minute))


def _special(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {_date(str(written)): _hours(hours) for written, hours in value.items()}


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"`{written}` is not a date. Write it like `2026-12-24`.") from None


def _country(value: Any) -> Any:
    code, _, part = str(value).partition("-")
    try:
        # To look at a country is to import all of them; only its parts need that.
        if part:
            _public_holidays(str(value), range(2026, 2027))
        elif code not in EntityLoader.get_country_codes():
            raise NotImplementedError
    except NotImplementedError:
        raise ValueError(
            f"The holidays of `{value}` are not known. Write a country like `SE` or a part of one "
            "like `DE-BY`."
        ) from None
    return value


def _public_holidays(country: str, years: range) -> dict[date, str]:
    code, _, part = country.partition("-")
    return dict(holidays.country_holidays(code, subdiv=part or None, years=years).items())


TimeZone = Annotated[str, BeforeValidator(_zone)]


class ScheduleSettings(BaseModel):
    """When somebody is there: weekly hours, public holidays of a country, days that differ."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_zone: TimeZone | None = None
    """Where it is; the company's own when left out."""
    weekly: Annotated[dict[int, tuple[Hours, ...]], BeforeValidator(_days), Field(min_length=1)]
    holidays: Annotated[str, BeforeValidator(_country)] | None = None
    special: Annotated[dict[date, tuple[Hours, ...]], BeforeValidator(_special)] = {}

    def schedule(self, company_zone: str, years: range) -> Schedule:
        """The schedule with the public holidays of these years worked out."""
        known = {} if self.holidays is None else _public_holidays(self.holidays, years)
        zone = ZoneInfo(self.time_zone or company_zone)
        return Schedule(zone, self.weekly, self.special, known)
