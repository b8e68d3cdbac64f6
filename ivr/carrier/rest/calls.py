"""Calls: placing one, finding it again, and telling one under way what to do.

An address is a number (E.164), a SIP URI (`sip:...`) or a softphone (`client:...`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ivr.carrier.rest.account import Account, seconds_of, text_of
from ivr.carrier.rest.errors import told_apart

RING_TIME_ADDED = 5
"""Seconds that the carrier lets a telephone ring longer than it is asked to."""
LEAST_RING_TIME = 1
STATUS_EVENTS = ("initiated", "ringing", "answered", "completed")
FEW_CALLS = 20
"""Calls to one address that are looked at, the newest first."""
CREATED_SKEW = 5.0
"""Seconds by which the carrier's clock may be behind ours for a call to be found by its time. Few:
the call to the same agent before is not the one that is looked for."""
MANY_CALLS = 5_000
"""Calls of one status that are listed at most."""
PAGE = 1_000

UnderWay = Literal["queued", "ringing", "in-progress"]
UNDER_WAY: tuple[UnderWay, ...] = ("queued", "ringing", "in-progress")


@dataclass(frozen=True, slots=True)
class CallStatus:
    """How a call stands in the carrier's words; `seconds` is None while it goes on."""

    status: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call as a list tells it; `created` is in seconds since 1970."""

    id: str
    status: str
    to: str
    created: float

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY


class Calls(Account):
    """Calls at the carrier."""

    def call_status(self, call_id: str) -> CallStatus:
        """How the call stands. Raises CarrierError."""
        call = self._call(call_id)
        with told_apart(f"the call {call_id}"):
            found = call.fetch()
            return CallStatus(text_of(found.status), seconds_of(found.duration))

    def create_call(
        self,
        to: str,
        from_: str,
        url: str,
        status_url: str,
        timeout: float,
        *,
        status_events: Sequence[str] = STATUS_EVENTS,
        detection_url: str = "",
        keys: str = "",
    ) -> str:
        """Ring an address for `timeout` seconds; the call's id. Whoever answers hears the document
        at `url`, and `status_url` is told how the call goes. Raises CarrierError.

        `detection_url` is told whether a person or a machine answered: the latter when it has
        beeped. Meanwhile the document is heard. `keys` are sent before it to whatever has
        answered (`w` is half a second); then nothing is detected.
        """
        wishes: dict[str, Any] = {}
        if keys:
            wishes = {"send_digits": keys}
        elif detection_url:
            wishes = {
                "machine_detection": "DetectMessageEnd",
                "async_amd": "true",
                "async_amd_status_callback": detection_url,
            }
        with told_apart("a call"):
            call = self._client.calls.create(
                to=to,
                from_=from_,
                url=url,
                status_callback=status_url,
                status_callback_event=list(status_events),
                timeout=max(round(timeout) - RING_TIME_ADDED, LEAST_RING_TIME),
                **wishes,
            )
            return text_of(call.sid)

    def find_call(self, to: str, since: float) -> FoundCall | None:
        """The newest call to an address that was created since then, in seconds since 1970; None
        when there is none. Raises CarrierError."""
        with told_apart("the calls that were placed"):
            for call in self._client.calls.list(to=to, limit=FEW_CALLS, page_size=FEW_CALLS):
                # Whole seconds are told, so one created in the same second seems earlier.
                if _found(call).created < since - CREATED_SKEW:
                    return None
                if call.direction == "outbound-api":
                    return _found(call)
        return None

    def calls_under_way(self, status: UnderWay) -> tuple[FoundCall, ...]:
        """Every call of this status, ours and callers'; the newest MANY_CALLS. One request for each
        thousand. Raises CarrierError."""
        with told_apart("the calls under way"):
            found = self._client.calls.list(status=status, limit=MANY_CALLS, page_size=PAGE)
            return tuple(map(_found, found))

    def redirect(self, call_id: str, url: str) -> None:
        """Have a call under way go on with the document at `url`.

        Raises GoneError for one that is over, and CarrierError.
        """
        call = self._call(call_id)
        with told_apart(f"the call {call_id}"):
            call.update(url=url, method="POST")

    def cancel(self, call_id: str) -> None:
        """End a call that has not been answered; one that has been goes on. Raises GoneError for
        one that is over, and CarrierError."""
        self._end(call_id, "canceled")

    def complete(self, call_id: str) -> None:
        """End a call, answered or not. Raises GoneError for one that is over, and CarrierError."""
        self._end(call_id, "completed")

    def end_talk(self, call_id: str) -> None:
        """Let the party hang up who was rung for this call. Raises CarrierError."""
        self._call(call_id)
        with told_apart(f"the call {call_id}"):
            for leg in self._client.calls.list(parent_call_sid=call_id, status="in-progress"):
                leg.update(status="completed")

    def _end(self, call_id: str, status: str) -> None:
        call = self._call(call_id)
        with told_apart(f"the call {call_id}"):
            call.update(status=status)


def _found(call: Any) -> FoundCall:
    return FoundCall(
        text_of(call.sid), text_of(call.status), str(call.to), call.date_created.timestamp()
    )
