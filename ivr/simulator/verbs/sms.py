"""Sms: a text to the person on the line, or to anybody, during a call."""

from ivr.simulator.happenings import Level
from ivr.simulator.inputs import Fetch
from ivr.simulator.messaging import by_twiml
from ivr.simulator.messaging.by_twiml import Origin
from ivr.simulator.messaging.reply import Said
from ivr.simulator.session import Session, Step
from ivr.simulator.twiml.document import Element


async def carry_out(session: Session, element: Element) -> Step:
    """Send the text; with ``action`` its answer takes over, without it the next verb follows."""
    call = session.call
    action = session.action_url(element) if element.get("action").strip() else ""
    to, sender = call.caller, call.called
    if call.direction != "inbound":
        to, sender = sender, to
    origin = Origin(to, sender, "outbound-call", session.resolve)

    def note(level: Level, code: int, text: str) -> None:
        session.carrier.note(call, level, code, text)

    said = Said(element.text, ())
    sent = by_twiml.send(session.carrier, element, said, origin, note)
    if not action:
        return None
    return Fetch(action, element.method(), tuple(by_twiml.result(sent)), "action")
