"""Filters by day and time: ``DateCreated``, ``DateCreated<`` and ``DateCreated>`` and the like."""

import operator
from collections.abc import Mapping
from datetime import UTC, date, datetime

SIGNS = {"": operator.eq, "<": operator.le, ">": operator.ge}
"""On that day, on or before, on or after."""


def in_time(query: Mapping[str, str], name: str, moment: datetime | None) -> bool:
    """Whether a moment passes the filters of that name; nothing passes a filter by no moment."""
    for sign, fits in SIGNS.items():
        value = query.get(name + sign, "")
        if not value:
            continue
        if moment is None or not fits(*_alike(moment, value, by_day=not sign)):
            return False
    return True


def _alike(moment: datetime, value: str, *, by_day: bool) -> tuple[date, date]:
    """Both as days, or both as moments, whichever the filter was given as."""
    bound = datetime.fromisoformat(value)
    bound = bound.astimezone(UTC) if bound.tzinfo else bound.replace(tzinfo=UTC)
    if by_day or ":" not in value:
        return moment.astimezone(UTC).date(), bound.date()
    return moment.replace(microsecond=0), bound
