"""Dial: connect the caller with telephones, with the first of a queue, or with a conference."""

from collections.abc import Awaitable, Callable

from ivr.simulator.dialling import telephones
from ivr.simulator.dialling.outcome import Outcome
from ivr.simulator.errors import ApplicationError
from ivr.simulator.session import Session, Step
from ivr.simulator.twiml.document import Element
from ivr.simulator.twiml.grammar import children_of
from ivr.simulator.verbs import conference, queue

Meeting = Callable[[Session, Element, Element], Awaitable[Outcome]]
"""Carries out a Dial (first element) whose noun (second) names a place where callers meet."""

MEETINGS: dict[str, Meeting] = {"Conference": conference.meet, "Queue": queue.dequeue}
"""Nouns that stand alone in a Dial."""


async def carry_out(session: Session, element: Element) -> Step:
    """Connect, and when it is over request the action or go on with the next verb."""
    meeting = _meeting(element)
    action = session.resolve(element.get("action")) if element.get("action").strip() else ""
    if meeting is not None:
        outcome = await MEETINGS[meeting.tag](session, element, meeting)
    else:
        outcome = await telephones.dial(session, element)
    if not action or outcome.passed_over:
        return None
    return session.action(element, _result(session, outcome))


def _meeting(element: Element) -> Element | None:
    """The noun that is a meeting place; raises ApplicationError for nouns not carried out."""
    for noun in element:
        if noun.tag in MEETINGS:
            return noun
        if noun.tag not in telephones.NOUNS and noun.tag in children_of("Dial"):
            where = f"line {noun.line}: this simulator does not carry out"
            raise ApplicationError(12200, f"{where} <{noun.tag}> in <Dial>")
    return None


def _result(session: Session, outcome: Outcome) -> list[tuple[str, str]]:
    fields = [("DialCallStatus", outcome.status)]
    if outcome.call is not None:
        fields.append(("DialCallSid", outcome.call.sid))
        if outcome.call.answered_at is not None:
            fields.append(("DialCallDuration", str(outcome.call.duration)))
    fields.append(("DialBridged", "true" if outcome.bridged else "false"))
    if outcome.recording is not None:
        fields.append(("RecordingUrl", session.carrier.recordings.url(outcome.recording)))
    return fields + outcome.fields
