"""Enqueue: wait in a queue until somebody dials it, or the application or the caller has enough."""

from ivr.simulator.errors import ApplicationError
from ivr.simulator.queues.queue import Queue
from ivr.simulator.queues.stay import Stay
from ivr.simulator.queues.waiting import WaitSession
from ivr.simulator.session import Flow, Session, Step
from ivr.simulator.twiml.document import Element

LONGEST_NAME = 64


async def carry_out(session: Session, element: Element) -> Step:
    """Stay in the queue; then request the action with the result, or go on with the next verb."""
    action = _action(session, element)
    try:
        wait_url = _wait_url(session, element)
        queue = _queue(session, element)
    except ApplicationError as error:
        session.carrier.note(session.call, "error", error.code, error.detail)
        return _next(session, element, action, [("QueueResult", "error")])
    if queue.is_full:
        session.warn(14207, f"line {element.line}: {queue.name!r} has {queue.max_size} calls")
        return _next(session, element, action, [("QueueResult", "queue-full")])
    stay = Stay(session, element, action, queue)
    waiting = WaitSession(session, stay.member, wait_url, element.method("waitUrlMethod"))
    fields = await stay.last(waiting)
    return Flow.HANG_UP if fields is None else _next(session, element, action, fields)


def _next(session: Session, element: Element, action: str, fields: list[tuple[str, str]]) -> Step:
    return session.action(element, fields) if action else None


def _action(session: Session, element: Element) -> str:
    """The address of the action, or nothing; without a good one there is nobody to tell."""
    address = element.get("action").strip()
    try:
        return session.resolve(address) if address else ""
    except ApplicationError as error:
        raise ApplicationError(14203, f"line {element.line}: {error.detail}") from None


def _queue(session: Session, element: Element) -> Queue:
    """The queue of that name, made if there is none."""
    where = f"line {element.line}:"
    if element.get("workflowSid") or any(child.tag == "Task" for child in element):
        raise ApplicationError(14226, f"{where} there is no TaskRouter here for a workflow's task")
    name = element.text
    if not name:
        raise ApplicationError(14204, f"{where} <Enqueue> without the name of a queue")
    if len(name) > LONGEST_NAME:
        raise ApplicationError(14205, f"{where} {len(name)} characters, at most {LONGEST_NAME}")
    queues = session.carrier.queues
    return queues.named(name) or queues.create(name)


def _wait_url(session: Session, element: Element) -> str | None:
    """Where the documents come from: empty for silence, nothing for Twilio's own music."""
    if "waitUrl" not in element.attributes:
        return None
    address = element.get("waitUrl").strip()
    try:
        return session.resolve(address) if address else ""
    except ApplicationError as error:
        raise ApplicationError(14202, f"line {element.line}: {error.detail}") from None
