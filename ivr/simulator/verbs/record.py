"""Record: take down what the caller says."""

from dataclasses import dataclass

from ivr.simulator.fields import standard_fields
from ivr.simulator.inputs import BargedIn, HungUp, Interrupted, Key, Silence, Sound, Words
from ivr.simulator.recordings import Recording
from ivr.simulator.session import Session, Step
from ivr.simulator.taping import Listener, listener_of
from ivr.simulator.twiml.document import Element

ANY_KEY = "1234567890*#"


@dataclass
class Take:
    """A recording being made; `quiet` is how long the caller has been silent, in seconds."""

    recording: Recording
    quiet: float = 0.0
    digits: str = ""
    listener: Listener | None = None


async def carry_out(session: Session, element: Element) -> Step:
    """Beep, record until silence, a key, the longest time or the hang-up, and request the action.

    An empty recording is thrown away and the next verb follows.
    """
    call = session.call
    action = session.action_url(element)
    await _beep(session, element)
    take = Take(Recording(call.sid, session.carrier.clock.now(), "RecordVerb"))
    take.listener = listener_of(session, element)
    session.carrier.recordings.add(take.recording)
    _call_back(session, take)
    try:
        call.listen(True)
        await _take_down(session, element, take)
    except Interrupted as interrupted:
        take.digits = "hangup"
        if _finish(session, element, take) and isinstance(interrupted.cause, HungUp):
            _tell_of_hang_up(session, element, action, take)
        raise
    finally:
        call.listen(False)
    if not _finish(session, element, take):
        return None
    return session.action(element, _result(session, take))


async def _beep(session: Session, element: Element) -> None:
    if element.flag("playBeep", True):
        session.call.heard += 1
        session.call.tell("beep")
        await session.call.pass_time(session.settings.beep)


async def _take_down(session: Session, element: Element, take: Take) -> None:
    call, recording = session.call, take.recording
    timeout = element.number("timeout", 5)
    longest = element.number("maxLength", 3_600, minimum=1)
    keys = element.get("finishOnKey", ANY_KEY)
    call.tell("recording", max_length=longest, timeout=timeout, finish_on_key=keys)
    while recording.seconds < longest:
        left = longest - recording.seconds
        if timeout:
            left = min(left, timeout - take.quiet)
        began = session.carrier.clock.seconds()
        item = await call.next_input(max(left, 0), "recording", so_far=round(recording.seconds, 1))
        passed = session.carrier.clock.seconds() - began
        take.quiet += passed
        recording.seconds += passed
        if item is None or isinstance(item, Silence):
            return
        if isinstance(item, Key):
            if item.key in keys:
                take.digits = item.key
                return
        elif isinstance(item, Sound | Words):
            await _hear(session, take, _length(session, item), longest)


def _length(session: Session, item: Sound | Words) -> float:
    if isinstance(item, Sound):
        return item.seconds
    return len(item.text) / session.settings.speech_rate


async def _hear(session: Session, take: Take, seconds: float, longest: float) -> None:
    """So many seconds of speech, or what of it fits before the caller does something else."""
    recording = take.recording
    begun = recording.seconds
    whole = min(seconds, longest - begun)
    clock, started = session.carrier.clock, session.carrier.clock.seconds()
    try:
        await session.call.pass_time(whole)
    except BargedIn:
        whole = min(whole, clock.seconds() - started)
    except Interrupted:
        whole = min(whole, clock.seconds() - started)
        raise
    finally:
        if whole > 0:
            recording.sound.append((begun, begun + whole))
        recording.seconds = begun + whole
        take.quiet = 0.0


def _finish(session: Session, element: Element, take: Take) -> bool:
    """Whether there is anything on the recording."""
    recording = take.recording
    if element.get("trim", "trim-silence") != "do-not-trim":
        recording.trim()
    recording.status = "completed" if recording.duration else "absent"
    _call_back(session, take)
    if recording.duration:
        url = session.carrier.recordings.url(recording)
        session.call.tell("recorded", seconds=recording.duration, url=url)
    return recording.duration > 0


def _result(session: Session, take: Take) -> list[tuple[str, str]]:
    fields = [
        ("RecordingUrl", session.carrier.recordings.url(take.recording)),
        ("RecordingDuration", str(take.recording.duration)),
    ]
    return fields + ([("Digits", take.digits)] if take.digits else [])


def _tell_of_hang_up(session: Session, element: Element, action: str, take: Take) -> None:
    """The action is told of the recording, but what it answers has no listener any more."""
    fields = standard_fields(session.call) + _result(session, take)
    session.carrier.callbacks.send(session.call, action, element.method(), fields, "action")


def _call_back(session: Session, take: Take) -> None:
    listener, recording = take.listener, take.recording
    if listener is not None and recording.status in listener.events:
        callbacks = session.carrier.callbacks
        callbacks.recording(session.call, recording, listener.url, listener.method)
