"""Status callbacks: told in order for each call, answered by nobody we wait for."""

import asyncio
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ivr.simulator.call import Call, Progress
from ivr.simulator.errors import ApplicationError
from ivr.simulator.fields import standard_fields

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier
    from ivr.simulator.recordings import Recording


class Callbacks:
    """Sends what an application asked to be told."""

    def __init__(self, carrier: "Carrier") -> None:
        self._carrier = carrier

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
            ("RecordingChannels", "1"),
            ("RecordingStartTime", format_datetime(recording.started_at)),
            ("RecordingSource", recording.source),
        ]
        self.send(call, url, method, fields, "recording-callback")

    def send(
        self, call: Call, url: str, method: str, fields: list[tuple[str, str]], purpose: str
    ) -> None:
        """Send one callback, after those sent before for the same call."""
        call.callbacks = self._carrier.spawn(
            self._send(call, url, method, fields, purpose, call.callbacks)
        )

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
        fields += [
            ("Timestamp", format_datetime(self._carrier.clock.now())),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(progress.sequence)),
        ]
        progress.sequence += 1
        return fields

    async def _send(
        self, call: Call, url: str, method: str, fields: list[tuple[str, str]], purpose: str,
        before: "asyncio.Task[None] | None",
    ) -> None:  # fmt: skip
        with self._carrier.clock.hold():
            if before is not None and not before.done():
                await asyncio.wait([before])
            if "_" in (urlsplit(url).hostname or ""):
                self._carrier.note(call, "warning", 21609, f"{url}: underscore in the host name")
                return
            try:
                answer = await self._carrier.webhooks.request(
                    method, url, fields, purpose=purpose, call_sid=call.sid, cookies=call.cookies
                )
                call.tell("request", method=method, url=url, purpose=purpose,
                          status=answer.status, ms=answer.milliseconds, error=None)  # fmt: skip
            except ApplicationError as error:
                self._carrier.note(call, "warning", 15003, str(error))


NEVER_PLACED = "canceled before it was placed"
"""The reason of a call canceled while queued, of which Twilio tells nobody."""
