"""Which calls a list shows: by number, status, parent, and when they began and ended."""

from multidict import MultiMapping

from ivr.simulator.call import Call
from ivr.simulator.numbers import tidy
from ivr.simulator.rest.filters import in_time


def matches(call: Call, query: MultiMapping[str]) -> bool:
    """Whether the filters of a list let this call through."""
    wanted = {"To": call.called, "From": call.caller, "Status": shown_status(call),
              "ParentCallSid": call.parent.sid if call.parent else ""}  # fmt: skip
    for name, value in wanted.items():
        if query.get(name) and tidy(query[name]) != tidy(value):
            return False
    return in_time(query, "StartTime", call.placed_at) and in_time(query, "EndTime", call.ended_at)


def shown_status(call: Call) -> str:
    """The status in Twilio's words: a call that is being placed is still queued."""
    return "queued" if call.status == "initiated" else call.status
