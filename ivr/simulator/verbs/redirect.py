"""Redirect: go on with another document."""

from ivr.simulator.inputs import Fetch
from ivr.simulator.session import Session, Step
from ivr.simulator.twiml.document import Element


async def carry_out(session: Session, element: Element) -> Step:
    """Fetch the document at the address inside; without one, the current document again."""
    address = element.text
    url = session.resolve(address) if address else session.action_url(element)
    return Fetch(url, element.method(), purpose="redirect")
