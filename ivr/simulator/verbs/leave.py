"""Leave: step out of the queue in which the call waits."""

from ivr.simulator.session import Flow, Session, Step
from ivr.simulator.twiml.document import Element


async def carry_out(session: Session, element: Element) -> Step:
    """Leave the queue; a call that waits in none goes on with the next verb, with a warning."""
    if session.allowed is None:
        session.warn(12200, f"line {element.line}: <Leave> outside the waitUrl of a queue")
        return None
    return Flow.LEAVE
