"""Reject: do not take the call, if it has not been taken yet."""

from ivr.simulator.session import Flow, Session, Step
from ivr.simulator.twiml.document import Element


async def carry_out(session: Session, element: Element) -> Step:
    """End an unanswered call as busy or no-answer; end an answered one like Hangup."""
    call = session.call
    if call.answered_at is None:
        status = "busy" if element.get("reason") == "busy" else "no-answer"
        call.end(status, "the application rejected the call")
    return Flow.HANG_UP
