"""Ring one or several telephones and connect the caller with the first that answers."""

from dataclasses import dataclass

from ivr.simulator.call import Call
from ivr.simulator.dialling.conversation import pass_on
from ivr.simulator.dialling.leg import Leg, attend, begin
from ivr.simulator.dialling.outcome import Outcome
from ivr.simulator.errors import ApplicationError
from ivr.simulator.inputs import Key, Silence
from ivr.simulator.numbers import is_e164, is_possible, tidy
from ivr.simulator.recordings import Recording
from ivr.simulator.session import Session
from ivr.simulator.twiml.document import Element

NOUNS = frozenset({"Number"})
"""Nouns that are telephones."""

RING_TIME = 30.0
TALK_TIME = 14_400.0
FEWEST_RING_SECONDS, MOST_RING_SECONDS = 5, 600


@dataclass(frozen=True)
class Target:
    """A number to ring, and the Number element around it if there is one."""

    number: str
    noun: Element | None = None


async def dial(session: Session, element: Element) -> Outcome:
    """Ring the telephones that a Dial names, and let those connected talk."""
    targets = _targets(session, element)
    outcome = await _dial(session, element, targets)
    number = outcome.call.called if outcome.call else (targets[0].number if targets else "")
    seconds = outcome.call.duration if outcome.call else 0
    session.call.tell("dial_ended", number=number, status=outcome.status, seconds=seconds)
    return outcome


def _targets(session: Session, element: Element) -> list[Target]:
    if element.text:
        return [Target(tidy(element.text))]
    targets = [Target(tidy(noun.text), noun) for noun in element if noun.tag in NOUNS]
    most = session.settings.parallel_numbers
    if len(targets) > most:
        session.warn(13215, f"line {element.line}: {len(targets)} numbers, at most {most} are rung")
    return targets[:most]


async def _dial(session: Session, element: Element, targets: list[Target]) -> Outcome:
    caller_id = _caller_id(session, element)
    callable_ones = [t for t in targets if is_e164(t.number) and is_possible(t.number)]
    for target in targets:
        if target not in callable_ones:
            session.warn(13223, f"line {element.line}: {target.number!r} is no telephone number")
    if not targets:
        session.warn(13223, f"line {element.line}: Dial without a number")
    if caller_id is None or not callable_ones:
        return Outcome("failed")
    if not element.flag("sequential", False):
        return await _ring_and_talk(session, element, callable_ones, caller_id)
    outcome = Outcome("failed")
    for target in callable_ones:
        outcome = await _ring_and_talk(session, element, [target], caller_id)
        if outcome.bridged:
            break
    return outcome


def _caller_id(session: Session, element: Element) -> str | None:
    """The number to show, or none when the account may not show the one asked for."""
    wanted = tidy(element.get("callerId"))
    call = session.call
    if not wanted or wanted in (call.caller, call.called) or session.carrier.directory.owns(wanted):
        return wanted or call.caller
    session.warn(13214, f"line {element.line}: callerId {wanted} is neither the caller's nor ours")
    return None


async def _ring_and_talk(
    session: Session, element: Element, targets: list[Target], caller_id: str
) -> Outcome:
    call = session.call
    timeout = element.number("timeout", RING_TIME)
    timeout = min(max(timeout, FEWEST_RING_SECONDS), MOST_RING_SECONDS)
    legs = []
    try:
        for target in targets:
            call.tell("dialling", number=target.number)
            leg = begin(session, target.number, caller_id, target.noun)
            legs.append(leg)
            session.carrier.spawn(attend(session, leg, timeout))
        winner = await _first_ready(call, legs)
        if winner is None:
            return Outcome(_common_status(legs), legs[-1].call)
        _drop(legs, keep=winner)
        recording = await _talk(session, element, winner)
        return Outcome("completed", winner.call, bridged=True, recording=recording)
    finally:
        _drop(legs)
        call.listen(False)


async def _first_ready(call: Call, legs: list[Leg]) -> Leg | None:
    """The leg that answered first, or none when every one of them is over."""
    while True:
        for leg in legs:
            if leg.state == "ready":
                return leg
        if all(leg.state in ("over", "left") for leg in legs):
            return None
        await call.wait(None)
        call.inputs.clear()


def _common_status(legs: list[Leg]) -> str:
    statuses = [leg.call.status for leg in legs]
    for status in ("completed", "busy", "no-answer", "failed"):
        if status in statuses:
            return status
    return "canceled"


def _drop(legs: list[Leg], keep: Leg | None = None) -> None:
    for leg in legs:
        if leg is not keep and leg.state not in ("over", "left"):
            answered = leg.call.answered_at is not None
            leg.call.end("completed" if answered else "canceled", "the caller's side let it go")


async def _talk(session: Session, element: Element, leg: Leg) -> Recording | None:
    """The conversation, until one side leaves or the time is over."""
    call, clock = session.call, session.carrier.clock
    call.answer()
    call.tell("connected", number=leg.call.called)
    call.heard += 1
    began = clock.seconds()
    end = began + element.number("timeLimit", TALK_TIME, minimum=1)
    drop_on_star = element.flag("hangupOnStar", False)
    recording = _start_recording(session, element, leg)
    call.listen(True)
    try:
        while leg.state == "ready":
            item = await call.next_input(max(end - clock.seconds(), 0), "conversation")
            if (item is None and clock.seconds() >= end) or (item == Key("*") and drop_on_star):
                _drop([leg])
                break
            if not isinstance(item, Silence):
                pass_on(item, leg.call)
    finally:
        call.listen(False)
        if recording is not None:
            _end_recording(session, element, recording, clock.seconds() - began)
    return recording


def _start_recording(session: Session, element: Element, leg: Leg) -> Recording | None:
    if element.get("record", "do-not-record") in ("do-not-record", "false"):
        return None
    recording = Recording(session.call.sid, session.carrier.clock.now(), "DialVerb")
    session.carrier.recordings.add(recording)
    return recording


def _end_recording(
    session: Session, element: Element, recording: Recording, seconds: float
) -> None:
    recording.seconds = seconds
    recording.sound = [(0.0, seconds)]
    recording.status = "completed"
    address = element.get("recordingStatusCallback")
    if address and "completed" in element.get("recordingStatusCallbackEvent", "completed"):
        try:
            url = session.resolve(address)
        except ApplicationError as error:
            session.warn(13256, error.detail)
            return
        method = element.method("recordingStatusCallbackMethod")
        session.carrier.callbacks.recording(session.call, recording, url, method)
