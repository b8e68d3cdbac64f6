"""Ring one or several telephones and connect the caller with the first that answers."""

from uuid import uuid4

from ivr.simulator.call import Call
from ivr.simulator.dialling.conversation import pass_on
from ivr.simulator.dialling.leg import Leg, attend, begin
from ivr.simulator.dialling.outcome import Outcome
from ivr.simulator.dialling.targets import READERS, Target, caller_id, can_be_rung, targets
from ivr.simulator.fields import SIP_CODES
from ivr.simulator.inputs import Key, Silence
from ivr.simulator.session import Session
from ivr.simulator.taping import Tape, listener_of
from ivr.simulator.twiml.document import Element

NOUNS = frozenset(READERS)
"""Nouns that are telephones."""

RING_TIME = 30.0
TALK_TIME = 14_400.0
FEWEST_RING_SECONDS, MOST_RING_SECONDS = 5, 600


async def dial(session: Session, element: Element) -> Outcome:
    """Ring the telephones that a Dial names, and let those connected talk."""
    named = targets(session, element)
    outcome = await _dial(session, element, named)
    number = outcome.call.called if outcome.call else (named[0].address if named else "")
    seconds = outcome.call.duration if outcome.call else 0
    session.call.tell("dial_ended", number=number, status=outcome.status, seconds=seconds)
    return outcome


async def _dial(session: Session, element: Element, named: list[Target]) -> Outcome:
    if not named:
        session.warn(13223, f"line {element.line}: Dial without a number")
    ringing = []
    for target in named:
        if not can_be_rung(session, element, target):
            continue
        shown = caller_id(session, element, target)
        if shown is not None:
            ringing.append((target, shown))
    if not ringing:
        return Outcome("failed")
    tape = tape_of(session, element, "ringing")
    outcome = Outcome("failed")
    try:
        at_once = not element.flag("sequential", False)
        for group in [ringing] if at_once else [[one] for one in ringing]:
            outcome = await _ring_and_talk(session, element, group)
            if outcome.bridged:
                break
    finally:
        if tape is not None:
            tape.stop(heard=outcome.bridged)
    if tape is not None and outcome.bridged:
        outcome.recording = tape.recording
    return outcome


async def _ring_and_talk(
    session: Session, element: Element, targets: list[tuple[Target, str]]
) -> Outcome:
    call, timeout = session.call, ring_time(element)
    legs: list[Leg] = []
    try:
        for target, shown in targets:
            call.tell("dialling", number=target.address)
            legs.append(begin(session, target, shown))
        for leg in legs:
            session.carrier.spawn(attend(session, leg, timeout))
        winner = await _first_ready(call, legs)
        if winner is None:
            last = legs[-1]
            return Outcome(_common_status(legs), last.call, fields=_sip_fields(last))
        _drop(legs, keep=winner)
        tape = tape_of(session, element, "answer")
        try:
            await _talk(session, element, winner)
        finally:
            if tape is not None:
                tape.stop()
        recording = tape.recording if tape is not None else None
        return Outcome("completed", winner.call, True, recording, _sip_fields(winner))
    finally:
        _drop(legs)
        call.listen(False)


def ring_time(element: Element) -> float:
    """How long a Dial waits for somebody, in seconds."""
    timeout = element.number("timeout", RING_TIME)
    return min(max(timeout, FEWEST_RING_SECONDS), MOST_RING_SECONDS)


def _sip_fields(leg: Leg) -> list[tuple[str, str]]:
    """What the action is told of a SIP session, when the leg was one."""
    if leg.target.noun is None or leg.target.noun.tag != "Sip":
        return []
    code = SIP_CODES["completed" if leg.call.answered_at else leg.call.status]
    return [("DialSipCallId", f"{uuid4().hex}@127.0.0.1"), ("DialSipResponseCode", code)]


def tape_of(session: Session, element: Element, beginning: str) -> Tape | None:
    """The recording that begins now, if this is when the Dial's recording begins."""
    wanted = element.get("record", "do-not-record")
    wanted = "record-from-answer" if wanted == "true" else wanted
    if not wanted.startswith(f"record-from-{beginning}"):
        return None
    channels = 2 if wanted.endswith("-dual") else 1
    return Tape(session.call, "DialVerb", listener_of(session, element), channels=channels)


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


async def _talk(session: Session, element: Element, leg: Leg) -> None:
    """The conversation, until one side leaves or the time is over."""
    call, clock = session.call, session.carrier.clock
    call.answer()
    call.tell("connected", number=leg.call.called)
    call.heard += 1
    end = clock.seconds() + longest_talk(session, element)
    drop_on_star = element.flag("hangupOnStar", False)
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


def longest_talk(session: Session, element: Element) -> float:
    """How long the conversation may last, in seconds."""
    limit = element.number("timeLimit", TALK_TIME, minimum=1)
    if limit > session.settings.call_length:
        most = f"{session.settings.call_length:g}"
        session.warn(13216, f"line {element.line}: timeLimit is {limit:g}, at most {most}")
    return min(limit, session.settings.call_length)
