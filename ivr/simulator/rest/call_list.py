"""Which calls a list shows: by number, status, parent, and when they began and ended."""

from datetime import UTC, datetime

from multidict import MultiMapping

from ivr.simulator.call import Call
from ivr.simulator.errors import RestError
from ivr.simulator.numbers import tidy

DAY = "%Y-%m-%d"


def matches(call: Call, query: MultiMapping[str]) -> bool:
    """Whether the filters of a list let this call through."""
    wanted = {"To": call.called, "From": call.caller, "Status": shown_status(call),
              "ParentCallSid": call.parent.sid if call.parent else ""}  # fmt: skip
    for name, value in wanted.items():
        if query.get(name) and tidy(query[name]) != tidy(value):
            return False
    began = call.created_at if call.status != "queued" else None
    return _in_time(query, "StartTime", began) and _in_time(query, "EndTime", call.ended_at)


def shown_status(call: Call) -> str:
    """The status in Twilio's words: a call that is being placed is still queued."""
    return "queued" if call.status == "initiated" else call.status


def _in_time(query: MultiMapping[str], name: str, moment: datetime | None) -> bool:
    """``StartTime`` on that day, ``StartTime<`` on or before, ``StartTime>`` on or after."""
    for sign in ("", "<", ">"):
        value = query.get(name + sign)
        if not value:
            continue
        bound = _moment(name, value)
        if moment is None:
            return False
        whole_day = len(value) == len("2026-01-01")
        there = moment.strftime(DAY) if whole_day else moment
        limit = bound.strftime(DAY) if whole_day else bound
        if sign == "" and moment.strftime(DAY) != bound.strftime(DAY):
            return False
        if sign == "<" and not there <= limit:  # type: ignore[operator]
            return False
        if sign == ">" and not there >= limit:  # type: ignore[operator]
            return False
    return True


def _moment(name: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise RestError(400, 20001, f"{name} must be a date like 2026-11-23") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
