"""Pause: silence."""

from ivr.simulator.session import Session, Step
from ivr.simulator.twiml.document import Element


async def carry_out(session: Session, element: Element) -> Step:
    """Be silent for ``length`` seconds."""
    seconds = element.number("length", 1)
    session.call.tell("paused", seconds=seconds)
    await session.call.pass_time(seconds)
    return None
