"""Recording a call or a conversation while it lasts, and telling the application of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivr.simulator.errors import ApplicationError
from ivr.simulator.recordings import Recording
from ivr.simulator.twiml.document import Element

if TYPE_CHECKING:
    from ivr.simulator.call import Call
    from ivr.simulator.session import Session

EVENTS = frozenset({"in-progress", "completed", "absent"})


@dataclass(frozen=True)
class Listener:
    """Who is told how a recording stands, and of which events."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


def events_of(words: Iterable[str]) -> frozenset[str]:
    """The events that are asked for; ``completed`` when none is."""
    return frozenset(words) & EVENTS or frozenset({"completed"})


def listener_of(session: "Session", element: Element) -> Listener | None:
    """Who is told of the recording that a verb makes, by its recordingStatusCallback attributes."""
    address = element.get("recordingStatusCallback").strip()
    if not address:
        return None
    try:
        url = session.resolve(address)
    except ApplicationError as error:
        session.warn(13256, error.detail)
        return None
    method = element.method("recordingStatusCallbackMethod")
    return Listener(url, method, events_of(element.get("recordingStatusCallbackEvent").split()))


class Tape:
    """A recording under way on one leg, until it is stopped."""

    def __init__(
        self, call: "Call", source: str, listener: Listener | None = None, *, channels: int = 1
    ) -> None:
        carrier = call.carrier
        self._call = call
        self._listener = listener
        self._began = carrier.clock.seconds()
        self.recording = Recording(call.sid, carrier.clock.now(), source, channels=channels)
        carrier.recordings.add(self.recording)
        self._tell()

    def stop(self, *, heard: bool = True) -> None:
        """The recording ends, if it has not; without anything `heard` there is none."""
        recording = self.recording
        if recording.status != "in-progress":
            return
        if heard:
            recording.seconds = self._call.carrier.clock.seconds() - self._began
            recording.sound = [(0.0, recording.seconds)]
        recording.status = "completed" if heard else "absent"
        self._tell()

    def _tell(self) -> None:
        listener = self._listener
        if listener is not None and self.recording.status in listener.events:
            callbacks = self._call.carrier.callbacks
            callbacks.recording(self._call, self.recording, listener.url, listener.method)
