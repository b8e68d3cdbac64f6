"""The recording of a conference, from its start to its end."""

from email.utils import format_datetime
from typing import TYPE_CHECKING

from ivr.simulator.conferences.wishes import Taping
from ivr.simulator.recordings import Recording, wav

if TYPE_CHECKING:
    from ivr.simulator.conferences.conference import Conference


class Tape:
    """One recording under way. Hold music is never on it: it begins when two are connected."""

    def __init__(self, conference: "Conference", wishes: Taping) -> None:
        carrier = conference.carrier
        self._conference = conference
        self._wishes = wishes
        self._began = carrier.clock.seconds()
        self.recording = Recording("", carrier.clock.now(), "Conference")
        self.recording.conference_sid = conference.sid
        carrier.recordings.add(self.recording)
        self._call_back()

    def stop(self) -> None:
        """The conference is over, or the recording is ended."""
        recording = self.recording
        recording.seconds = self._conference.carrier.clock.seconds() - self._began
        recording.sound = [(0.0, recording.seconds)] if recording.seconds else []
        recording.status = "completed" if recording.duration else "absent"
        self._call_back()
        self._tell_of_the_end()

    def _call_back(self) -> None:
        listener, recording = self._wishes.listener, self.recording
        if listener is not None and recording.status in listener.events:
            carrier = self._conference.carrier
            fields = [
                ("AccountSid", carrier.settings.account_sid),
                ("ConferenceSid", self._conference.sid),
                ("RecordingSid", recording.sid),
                ("RecordingUrl", carrier.recordings.url(recording)),
                ("RecordingStatus", recording.status),
                ("RecordingDuration", str(recording.duration)),
                ("RecordingChannels", "1"),
                ("RecordingStartTime", format_datetime(recording.started_at)),
                ("RecordingSource", recording.source),
            ]
            self._send(listener.url, listener.method, fields, "recording-callback")

    def _tell_of_the_end(self) -> None:
        wishes, recording = self._wishes, self.recording
        told_already = wishes.listener is not None or not wishes.end_url
        if told_already or recording.status != "completed":
            return
        fields = [
            *self._conference.events.common_fields(),
            ("EventName", "conference-record-end"),
            ("RecordingUrl", self._conference.carrier.recordings.url(recording)),
            ("Duration", str(recording.duration)),
            ("RecordingFileSize", str(len(wav(recording)))),
        ]
        self._send(wishes.end_url, "POST", fields, "conference-callback")

    def _send(self, url: str, method: str, fields: list[tuple[str, str]], purpose: str) -> None:
        sid = self._conference.sid
        self._conference.carrier.callbacks.send(None, url, method, fields, purpose, key=sid)
