"""Recordings, and the sound of them: a tone where somebody spoke, silence elsewhere."""

import math
import wave
from array import array
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from ivr.simulator.fields import API_VERSION
from ivr.simulator.sids import new_sid

SAMPLE_RATE = 8_000
TONE = 440
LOUDNESS = 0.3
MP3_FRAME = bytes.fromhex("fff318c4") + bytes(32)
"""A frame of MPEG-2 layer III, 8 kbit/s, 16 kHz, mono, without any sound in it."""
MP3_FRAME_SECONDS = 576 / 16_000


@dataclass
class Recording:
    """What a caller left. `sound` holds the spans in which somebody spoke, in seconds."""

    call_sid: str
    started_at: datetime
    source: str
    seconds: float = 0.0
    sound: list[tuple[float, float]] = field(default_factory=list)
    status: str = "in-progress"
    sid: str = field(default_factory=lambda: new_sid("RE"))
    conference_sid: str = ""
    """Of the conference that was recorded; then no call is named."""
    channels: int = 1
    track: str = "both"
    """Whose voices are on it: inbound, outbound or both."""

    @property
    def updated_at(self) -> datetime:
        """When the recording ended, or began as long as it has not."""
        return self.started_at + timedelta(seconds=self.seconds)

    @property
    def duration(self) -> int:
        """Whole seconds, at least one when there is any sound."""
        return max(round(self.seconds), 1 if self.sound else 0)

    def trim(self) -> None:
        """Cut the silence off both ends."""
        if not self.sound:
            self.seconds = 0.0
            return
        start, end = self.sound[0][0], self.sound[-1][1]
        self.sound = [(a - start, b - start) for a, b in self.sound]
        self.seconds = end - start


class Recordings:
    """The recordings of the account, as many as are remembered."""

    def __init__(self, account_sid: str, remembered: int, base_url: str = "") -> None:
        self._account_sid = account_sid
        self._remembered = remembered
        self.base_url = base_url
        self._recordings: dict[str, Recording] = {}
        self._last: dict[str, Recording] = {}
        self._deleted: dict[str, Recording] = {}

    def add(self, recording: Recording) -> None:
        """Keep a recording; the oldest may be forgotten for it."""
        self._recordings[recording.sid] = recording
        self._last[recording.call_sid] = recording
        if len(self._recordings) > self._remembered:
            self._forget(next(iter(self._recordings.values())))

    def get(self, sid: str, *, deleted: bool = False) -> Recording | None:
        """The recording of that identifier; also of those that were `deleted`, if asked."""
        return self._recordings.get(sid) or (self._deleted.get(sid) if deleted else None)

    def delete(self, recording: Recording) -> None:
        """Only what is known of it is kept, not its sound."""
        self._forget(recording)
        recording.status = "deleted"
        recording.sound = []
        self._deleted[recording.sid] = recording
        if len(self._deleted) > self._remembered:
            del self._deleted[next(iter(self._deleted))]

    def _forget(self, recording: Recording) -> None:
        del self._recordings[recording.sid]
        if self._last.get(recording.call_sid) is recording:
            del self._last[recording.call_sid]

    def last_of(self, call_sid: str) -> Recording | None:
        """The newest finished recording of a call."""
        found = self._last.get(call_sid)
        return found if found is not None and found.status == "completed" else None

    def all(self, call_sid: str = "", *, deleted: bool = False) -> list[Recording]:
        """The recordings, oldest first; of one call if it is named."""
        found = [*self._recordings.values(), *(self._deleted.values() if deleted else ())]
        if deleted:
            found.sort(key=lambda recording: recording.started_at)
        return [r for r in found if not call_sid or r.call_sid == call_sid]

    def url(self, recording: Recording) -> str:
        """Where the sound can be fetched."""
        path = f"/{API_VERSION}/Accounts/{self._account_sid}/Recordings/{recording.sid}"
        return self.base_url + path


def wav(recording: Recording) -> bytes:
    """The recording as a WAV file: 8 kHz, 16 bit, the same on each of its channels."""
    channels = recording.channels
    samples = array("h", bytes(2 * channels * recording.duration * SAMPLE_RATE))
    period = [
        int(32_767 * LOUDNESS * math.sin(2 * math.pi * TONE * n / SAMPLE_RATE))
        for n in range(SAMPLE_RATE)
    ]
    for start, end in recording.sound:
        first = channels * int(start * SAMPLE_RATE)
        last = min(channels * int(end * SAMPLE_RATE), len(samples))
        for n in range(first, last):
            samples[n] = period[n // channels % SAMPLE_RATE]
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def mp3(recording: Recording) -> bytes:
    """An MP3 file of the same length, in which nothing is heard: there is no encoder here."""
    return MP3_FRAME * max(math.ceil(recording.duration / MP3_FRAME_SECONDS), 1)
