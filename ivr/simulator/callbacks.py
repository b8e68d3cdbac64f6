"""Status callbacks: told in order for each call or message, answered by nobody we wait for."""

import asyncio
from collections.abc import Coroutine
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ivr.simulator.call import Call, Progress
from ivr.simulator.errors import ApplicationError, message
from ivr.simulator.faults import Fault
from ivr.simulator.faults.ordering import Order
from ivr.simulator.fields import outcome_fields, standard_fields
from ivr.simulator.journal import Note
from ivr.simulator.urls import Fields
from ivr.simulator.webhooks import Answer

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier
    from ivr.simulator.recordings import Recording


class Callbacks:
    """Sends what an application asked to be told."""

    def __init__(self, carrier: "Carrier") -> None:
        self._carrier = carrier
        self._order = Order[Answer | None](carrier.clock)

    def call_progress(self, call: Call, event: str) -> None:
        """Tell everybody who asked about this event of the call."""
        if event == "completed" and call.status == "canceled" and call.reason == NEVER_PLACED:
            return
        for progress in call.progress:
            if event in progress.events:
                fields = self._progress_fields(call, event, progress)
                self.send(call, progress.url, progress.method, fields, "status-callback")

    def recording(self, call: Call, recording: "Recording", url: str, method: str) -> None:
        """Tell how a recording stands."""
        fields = [
            ("AccountSid", self._carrier.settings.account_sid),
            ("CallSid", call.sid),
            ("RecordingSid", recording.sid),
            ("RecordingUrl", self._carrier.recordings.url(recording)),
            ("RecordingStatus", recording.status),
            ("RecordingDuration", str(recording.duration)),
            ("RecordingChannels", str(recording.channels)),
            ("RecordingStartTime", format_datetime(recording.started_at)),
            ("RecordingSource", recording.source),
        ]
        self.send(call, url, method, fields, "recording-callback")

    def send(
        self, call: Call | None, url: str, method: str, fields: Fields, purpose: str, *,
        key: str = "", sid: str = "",
    ) -> "asyncio.Task[Answer | None]":  # fmt: skip
        """Send one callback, after those sent before under the same `key`.

        The key is the call's identifier unless another is given. `sid` is what the journal files
        the request under when it is about no call. The task's result is the answer, or nothing
        when there was none; a failure is a warning of the debugger, never an exception.
        """
        sid = call.sid if call is not None else sid or key
        fault = self._carrier.webhooks.meet("callbacks", method, url, fields, purpose, sid)
        start = partial(self._start, call, url, method, fields, purpose, sid, fault)
        return self._order.send(key or sid, fault, start)

    def _start(
        self, call: Call | None, url: str, method: str, fields: Fields, purpose: str, sid: str,
        fault: Fault | None, turn: Coroutine[Any, Any, None] | None,
    ) -> "asyncio.Task[Answer | None]":  # fmt: skip
        return self._carrier.spawn(self._send(call, url, method, fields, purpose, sid, fault, turn))

    def _progress_fields(self, call: Call, event: str, progress: Progress) -> list[tuple[str, str]]:
        fields = standard_fields(call)
        if event == "completed":
            fields.append(("CallDuration", str(call.duration)))
            fields.append(("Duration", str(-(-call.duration // 60))))
            recording = self._carrier.recordings.last_of(call.sid)
            if recording is not None:
                fields += [
                    ("RecordingUrl", self._carrier.recordings.url(recording)),
                    ("RecordingSid", recording.sid),
                    ("RecordingDuration", str(recording.duration)),
                ]
        fields += outcome_fields(call)
        fields += [
            ("Timestamp", format_datetime(self._carrier.clock.now())),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(progress.sequence)),
        ]
        progress.sequence += 1
        return fields

    async def _send(
        self, call: Call | None, url: str, method: str, fields: Fields, purpose: str, sid: str,
        fault: Fault | None, turn: Coroutine[Any, Any, None] | None,
    ) -> "Answer | None":  # fmt: skip
        if turn is not None:
            await turn
        if "_" in (urlsplit(url).hostname or ""):
            self._warn(call, sid, 21609, f"{url}: underscore in the host name")
            return None
        try:
            answer = await self._carrier.webhooks.carry_out(
                method, url, fields, purpose=purpose, call_sid=sid,
                cookies=call.cookies if call is not None else None, fault=fault,
            )  # fmt: skip
        except ApplicationError as error:
            self._warn(call, sid, REFUSED.get(purpose, 15003), str(error))
            return None
        if call is not None:
            call.tell("request", method=method, url=url, purpose=purpose,
                      status=answer.status, ms=answer.milliseconds, error=None)  # fmt: skip
        return answer

    def _warn(self, call: Call | None, sid: str, code: int, text: str) -> None:
        if call is not None:
            self._carrier.note(call, "warning", code, text)
            return
        now = self._carrier.clock.now()
        words = f"{message(code)}: {text}"
        self._carrier.journal.note(Note(now, "warning", code, words, sid))


REFUSED = {"conference-callback": 16011}
"""Twilio's own code for an error answer, by purpose; 15003 for all others."""
NEVER_PLACED = "canceled before it was placed"
"""The reason of a call canceled while queued, of which Twilio tells nobody."""
