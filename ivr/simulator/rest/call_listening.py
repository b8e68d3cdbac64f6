"""What listens to a call: answering-machine detection and recording, as a request asks for them."""

from multidict import MultiMapping

from ivr.simulator.detecting import Told
from ivr.simulator.errors import RestError
from ivr.simulator.machines import Detection, read_detection
from ivr.simulator.outgoing import Taped
from ivr.simulator.rest.call_request import address, method
from ivr.simulator.taping import EVENTS, Listener, events_of

DETECTION = (
    "MachineDetection MachineDetectionTimeout MachineDetectionSpeechThreshold"
    " MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout"
)
"""The parameters that `detection` reads and judges."""
RECORDING = (
    "Record RecordingChannels RecordingStatusCallback RecordingStatusCallbackEvent"
    " RecordingStatusCallbackMethod"
)
"""The parameters that `taped` reads and judges."""


def detection(fields: MultiMapping[str]) -> Detection | None:
    """How to find out who answers, if it is asked for; raises RestError 21234."""
    given = {name: str(fields.get(name, "")).strip() for name in DETECTION.split()}
    try:
        return read_detection({name[0].lower() + name[1:]: value for name, value in given.items()})
    except ValueError as error:
        raise RestError(400, 21234, str(error)) from None


def told(fields: MultiMapping[str], name: str) -> Told | None:
    """Who is told what detection found: the parameter `name` and its method."""
    url = address(fields, name, 21609)
    how = method(fields, name + "Method")
    return Told(url, how) if url else None


def taped(fields: MultiMapping[str]) -> Taped | None:
    """How the whole call is recorded, if it is."""
    record = str(fields.get("Record", "")).strip().lower()
    if record not in ("", "true", "false"):
        raise RestError(400, 20001, "Record must be true or false")
    channels = str(fields.get("RecordingChannels", "")).strip() or "mono"
    if channels not in ("mono", "dual"):
        raise RestError(400, 20001, "RecordingChannels must be mono or dual")
    values = fields.getall("RecordingStatusCallbackEvent", [])
    words = [word for value in values for word in value.split()]
    for word in words:
        if word not in EVENTS:
            raise RestError(400, 13621, f"RecordingStatusCallbackEvent {word!r} is invalid")
    url = address(fields, "RecordingStatusCallback", 13256)
    how = method(fields, "RecordingStatusCallbackMethod")
    if record != "true":
        return None
    listener = Listener(url, how, events_of(words)) if url else None
    return Taped(2 if channels == "dual" else 1, listener)
