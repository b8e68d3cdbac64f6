"""Hangup: the end."""

from ivr.simulator.session import Flow, Session, Step
from ivr.simulator.twiml.document import Element


async def carry_out(session: Session, element: Element) -> Step:
    """End the call."""
    return Flow.HANG_UP
