"""Queue in Dial: take the first of a queue and talk with them."""

from dataclasses import dataclass

from ivr.simulator.dialling.conversation import pass_on
from ivr.simulator.dialling.outcome import Outcome
from ivr.simulator.dialling.telephones import longest_talk, ring_time, tape_of
from ivr.simulator.errors import ApplicationError
from ivr.simulator.inputs import Fetch, Key
from ivr.simulator.queues.dequeuing import Dequeuing, State
from ivr.simulator.queues.queue import Member, Queue
from ivr.simulator.queues.stay import far_number
from ivr.simulator.session import Session
from ivr.simulator.twiml.document import Element
from ivr.simulator.verbs.enqueue import LONGEST_NAME


async def dequeue(session: Session, dial: Element, noun: Element) -> Outcome:
    """Wait for the front of the queue, let it hear the ``url``, talk until one side leaves."""
    try:
        name = _name(noun)
        whisper = _whisper(session, noun)
    except ApplicationError as error:
        session.carrier.note(session.call, "error", error.code, error.detail)
        return Outcome("failed", fields=[("DequeueResult", "error")])
    call = session.call
    call.tell("dequeuing", queue=name)
    queue = session.carrier.queues.named(name)
    if queue is None:
        outcome = Outcome("failed", fields=[("DequeueResult", "queue-not-found")])
    else:
        outcome = await _Dequeuer(session, dial, queue, Dequeuing(call, whisper)).run()
    call.tell("dequeuing_ended", queue=name, status=outcome.status)
    return outcome


def _name(noun: Element) -> str:
    where = f"line {noun.line}:"
    if noun.get("reservationSid"):
        raise ApplicationError(14219, f"{where} there is no TaskRouter for reservationSid here")
    if not noun.text:
        raise ApplicationError(14212, f"{where} <Queue> without a name")
    if len(noun.text) > LONGEST_NAME:
        raise ApplicationError(
            14213, f"{where} {len(noun.text)} characters, at most {LONGEST_NAME}"
        )
    return noun.text


def _whisper(session: Session, noun: Element) -> Fetch | None:
    address = noun.get("url").strip()
    try:
        url = session.resolve(address) if address else ""
    except ApplicationError as error:
        raise ApplicationError(14211, f"line {noun.line}: {error.detail}") from None
    return Fetch(url, noun.method(), purpose="whisper") if url else None


@dataclass
class _Dequeuer:
    """The dialling leg's side."""

    session: Session
    dial: Element
    queue: Queue
    dequeuing: Dequeuing

    async def run(self) -> Outcome:
        dequeuing = self.dequeuing
        self.queue.ask(dequeuing)
        tape = tape_of(self.session, self.dial, "ringing")
        try:
            outcome = await self._take_and_talk()
        finally:
            self.queue.withdraw(dequeuing)
            dequeuing.leave()
            self.session.call.listen(False)
            if tape is not None:
                tape.stop(heard=dequeuing.was_bridged)
        if tape is not None and outcome.bridged:
            outcome.recording = tape.recording
        return outcome

    async def _take_and_talk(self) -> Outcome:
        call, dequeuing = self.session.call, self.dequeuing
        member = await self._first_of_the_line()
        if member is None:
            return self._nobody()
        while dequeuing.state is State.PREPARING:
            await call.wait(None)
            call.inputs.clear()
        if not dequeuing.was_bridged:
            return self._outcome("no-answer", dequeuing.result)
        tape = tape_of(self.session, self.dial, "answer")
        try:
            outcome = await self._talk(member)
        finally:
            if tape is not None:
                tape.stop()
        outcome.recording = tape.recording if tape is not None else None
        return outcome

    async def _first_of_the_line(self) -> Member | None:
        """The member at the front, as soon as there is one; nothing when the time is over."""
        call, clock = self.session.call, self.session.carrier.clock
        end = clock.seconds() + ring_time(self.dial)
        while self.dequeuing.member is None and not self.queue.deleted:
            left = end - clock.seconds()
            if left <= 0:
                return None
            await call.wait(left)
            call.inputs.clear()
        return self.dequeuing.member

    async def _talk(self, member: Member) -> Outcome:
        call, clock = self.session.call, self.session.carrier.clock
        call.answer()
        call.tell("connected", number=far_number(member.call))
        call.heard += 1
        began = clock.seconds()
        end = began + longest_talk(self.session, self.dial)
        drop_on_star = self.dial.flag("hangupOnStar", False)
        call.listen(True)
        while self.dequeuing.state is State.TALKING:
            item = await call.next_input(max(end - clock.seconds(), 0), "conversation")
            if (item is None and clock.seconds() >= end) or (item == Key("*") and drop_on_star):
                break
            pass_on(item, member.call)
        return self._outcome("completed", "bridged", clock.seconds() - began)

    def _nobody(self) -> Outcome:
        if self.queue.deleted:
            return Outcome("failed", fields=[("DequeueResult", "queue-not-found")])
        return self._outcome("no-answer", "queue-empty")

    def _outcome(self, status: str, result: str, seconds: float = 0) -> Outcome:
        fields = [("QueueSid", self.queue.sid), ("DequeueResult", result)]
        member = self.dequeuing.member
        if member is not None:
            fields += [
                ("DequeuedCallSid", member.call.sid),
                ("DequeuedCallQueueTime", str(member.seconds)),
            ]
        if result == "bridged":
            fields.append(("DequeuedCallDuration", str(round(seconds))))
        return Outcome(status, bridged=result == "bridged", fields=fields)
