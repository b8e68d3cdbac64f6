"""Conference, in Dial: a room in which callers meet."""

from ivr.simulator.conferences.conference import Conference
from ivr.simulator.conferences.participant import Participant, Released
from ivr.simulator.conferences.rooms import IN_TWIML, why_not
from ivr.simulator.conferences.wishes import (
    EVENTS,
    LONGEST_NAME,
    MOST_PARTICIPANTS,
    Listener,
    Music,
    Taping,
    Wishes,
)
from ivr.simulator.dialling.outcome import Outcome
from ivr.simulator.dialling.telephones import tape_of
from ivr.simulator.errors import ApplicationError
from ivr.simulator.inputs import Interrupted, Key, Redirected
from ivr.simulator.session import Session
from ivr.simulator.sids import is_sid
from ivr.simulator.taping import listener_of
from ivr.simulator.twiml.document import Element

TALK_TIME = 14_400.0
LABEL_IN_USE = 16025
MIXED = 13000


async def meet(session: Session, dial: Element, noun: Element) -> Outcome:
    """Be in a conference until it ends or the caller leaves it."""
    participant = _enter(session, dial, noun)
    if isinstance(participant, Outcome):
        return participant
    tape = tape_of(session, dial, "answer") or tape_of(session, dial, "ringing")
    try:
        await _attend(session, dial, participant)
        participant.conference.leave(participant, "participant_hung_up")
        status = "answered"
    except Interrupted as interrupted:
        cause = interrupted.cause
        if isinstance(cause, Redirected):
            participant.conference.leave(participant, "participant_updated_via_api")
        if not isinstance(cause, Released):
            raise
        session.call.interrupt, status = None, cause.status
    finally:
        participant.attended = False
        session.call.listen(False)
        if tape is not None:
            tape.stop()
    recording = tape.recording if tape is not None else None
    return Outcome(status, bridged=participant.talked, recording=recording)


async def _attend(session: Session, dial: Element, participant: Participant) -> None:
    """Stay in the room; comes back when the caller leaves it by a key or for lack of time."""
    call, clock = session.call, session.carrier.clock
    end = clock.seconds() + dial.number("timeLimit", TALK_TIME, minimum=1)
    participant.star_leaves = dial.flag("hangupOnStar", False)
    participant.attended = True
    call.answer()
    call.check()
    participant.conference.admit(participant)
    participant.changed()
    while True:
        waiting_for = "conversation" if participant.hears else "conference"
        item = await call.next_input(max(end - clock.seconds(), 0), waiting_for)
        if item is None and clock.seconds() >= end:
            return
        if item == Key("*") and participant.star_leaves:
            return
        if item is not None:
            participant.conference.hear(participant, item)


def _enter(session: Session, dial: Element, noun: Element) -> Participant | Outcome:
    """The caller as a participant who is about to come in, or what the Dial came to."""
    if any(other is not noun for other in dial):
        return _refuse(session, noun, MIXED, "Conference stands alone in a Dial")
    name = noun.text
    conference = session.carrier.conferences.active(name)
    expected = conference.find(session.call.sid) if conference is not None else None
    if expected is not None:
        return expected
    if not name or len(name) > LONGEST_NAME:
        return _refuse(session, noun, 13237, f"a conference has a name of 1 to {LONGEST_NAME}")
    if is_sid(name, "CF") and conference is None:
        return _refuse(session, noun, 13236, f"there is no conference {name}, or it is over")
    try:
        wishes = read(session, noun)
    except ApplicationError as error:
        return _refuse(session, noun, error.code, error.detail)
    objection = why_not(conference, wishes, IN_TWIML)
    if objection is not None:
        return _refuse(session, noun, *objection)
    room: Conference = conference or session.carrier.conferences.open(name)
    return room.expect(session.call, wishes)


def _refuse(session: Session, noun: Element, code: int, why: str) -> Outcome:
    session.carrier.note(session.call, "error", code, f"line {noun.line}: {why}")
    return Outcome("failed", passed_over=code == LABEL_IN_USE)


def read(session: Session, noun: Element) -> Wishes:
    """The attributes as they take effect; raises ApplicationError 13233 for a bad waitUrl."""
    most = int(noun.number("maxParticipants", MOST_PARTICIPANTS, minimum=1))
    return Wishes(
        label=noun.get("participantLabel"),
        muted=noun.flag("muted", False),
        beep=noun.get("beep", "true"),
        start_on_enter=noun.flag("startConferenceOnEnter", True),
        end_on_exit=noun.flag("endConferenceOnExit", False),
        most=min(most, MOST_PARTICIPANTS),
        coach=noun.get("coach").strip(),
        region=noun.get("region"),
        music=_music(session, noun),
        listener=_listener(session, noun),
        taping=_taping(session, noun),
    )


def _music(session: Session, noun: Element) -> Music:
    if "waitUrl" not in noun.attributes:
        return Music()
    address = noun.get("waitUrl").strip()
    try:
        url = session.resolve(address) if address else ""
    except ApplicationError as error:
        raise ApplicationError(13233, error.detail) from None
    return Music(url, noun.method("waitMethod"))


def _listener(session: Session, noun: Element) -> Listener | None:
    url = _address(session, noun, "statusCallback")
    events = frozenset(noun.get("statusCallbackEvent").split()) & set(EVENTS)
    if not url:
        return None
    return Listener(url, noun.method("statusCallbackMethod"), frozenset(events))


def _taping(session: Session, noun: Element) -> Taping | None:
    if noun.get("record", "do-not-record") != "record-from-start":
        return None
    return Taping(listener_of(session, noun), _address(session, noun, "eventCallbackUrl"))


def _address(session: Session, noun: Element, name: str) -> str:
    """An address of the document, absolute; a bad one is as if it were not there."""
    address = noun.get(name).strip()
    try:
        return session.resolve(address) if address else ""
    except ApplicationError as error:
        session.warn(error.code, f"line {noun.line}: {name}: {error.detail}")
        return ""
