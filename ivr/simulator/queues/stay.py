"""A call's stay in a queue, run on its own leg: waiting, being taken, talking, and the result."""

from ivr.simulator.call import Call
from ivr.simulator.dialling.conversation import pass_on
from ivr.simulator.fields import standard_fields
from ivr.simulator.inputs import Fetch, Interrupted, Redirected
from ivr.simulator.queues.dequeuing import DequeuerLeft, Dequeuing, State
from ivr.simulator.queues.queue import Dequeued, Queue
from ivr.simulator.queues.waiting import WaitSession
from ivr.simulator.session import Flow, Session
from ivr.simulator.twiml.document import Element

WHISPER_VERBS = frozenset({"Play", "Say", "Pause", "Redirect"})


class Stay:
    """From joining a queue to the QueueResult, which every stay has exactly once."""

    def __init__(self, session: Session, element: Element, action: str, queue: Queue) -> None:
        self._session = session
        self._call = session.call
        self._element = element
        self._action = action
        self._queue = queue
        self.member = queue.join(session.call)
        self._call.tell(
            "enqueued", queue=queue.name, position=queue.position(self.member),
            size=queue.size,
        )  # fmt: skip

    async def last(self, waiting: WaitSession) -> list[tuple[str, str]] | None:
        """Stay for as long as it lasts: what the action is told, or nothing after a hang-up.

        Raises Interrupted when the call ends or is to do something else; the action has then been
        requested already, and what it answers has no listener.
        """
        try:
            result = await self._wait_and_meet(waiting)
        except Interrupted as interrupted:
            bridged = self.member.dequeuing is not None and self.member.dequeuing.was_bridged
            if isinstance(interrupted.cause, Redirected):
                result = "redirected-from-bridged" if bridged else "redirected"
            else:
                result = "bridged" if bridged else "hangup"
            self._leave(result)
            self._tell_without_listener(result)
            raise
        except Exception:
            self._leave("system-error")
            self._tell_without_listener("system-error")
            raise
        self._leave(result)
        if result == "hangup":
            self._call.end("completed", "the application hung up")
            self._tell_without_listener(result)
            return None
        return self._fields(result)

    async def _wait_and_meet(self, waiting: WaitSession) -> str:
        call, member = self._call, self.member
        while True:
            try:
                flow = await waiting.wait()
                call.check()
                if waiting.failed:
                    return "error"
                return "leave" if flow is Flow.LEAVE else "hangup"
            except Interrupted as interrupted:
                if not isinstance(interrupted.cause, Dequeued):
                    raise
                call.interrupt = None
            dequeuing = member.dequeuing
            assert dequeuing is not None
            result = await self._meet(dequeuing)
            if result is not None:
                return result
            if self._queue.deleted or not self._session.settings.lost_member_rejoins:
                return "bridging-in-process"
            self._queue.rejoin(member)

    async def _meet(self, dequeuing: Dequeuing) -> str | None:
        """Hear the document, and talk; nothing when the dequeuer went before that."""
        try:
            if dequeuing.is_alive and dequeuing.whisper is not None:
                whisper = Session(self._session.carrier, self._call, allowed=WHISPER_VERBS)
                if await whisper.play_out(self._whisper_of(dequeuing, dequeuing.whisper)):
                    return "error"
                self._call.check()
        except Interrupted as interrupted:
            if not isinstance(interrupted.cause, DequeuerLeft):
                raise
            self._call.interrupt = None
        if not dequeuing.is_alive:
            return None
        dequeuing.connect()
        await self._talk(dequeuing)
        return "bridged"

    def _whisper_of(self, dequeuing: Dequeuing, whisper: Fetch) -> Fetch:
        fields = (
            ("QueueSid", self._queue.sid),
            ("QueueTime", str(self.member.seconds)),
            ("DequeingCallSid", dequeuing.call.sid),
        )
        return Fetch(whisper.url, whisper.method, fields, whisper.purpose)

    async def _talk(self, dequeuing: Dequeuing) -> None:
        call = self._call
        call.heard += 1
        call.tell("connected", number=far_number(dequeuing.call))
        call.listen(True)
        try:
            while dequeuing.state is State.TALKING:
                pass_on(await call.next_input(None, "conversation"), dequeuing.call)
        finally:
            call.listen(False)

    def _leave(self, result: str) -> None:
        self._queue.remove(self.member)
        if self.member.dequeuing is not None:
            self.member.dequeuing.lose(result)
        self._call.tell("queue_result", queue=self._queue.name, result=result)

    def _fields(self, result: str) -> list[tuple[str, str]]:
        return [
            ("QueueResult", result),
            ("QueueSid", self._queue.sid),
            ("QueueTime", str(self.member.seconds)),
        ]

    def _tell_without_listener(self, result: str) -> None:
        if self._action:
            fields = standard_fields(self._call) + self._fields(result)
            self._session.carrier.callbacks.send(
                self._call, self._action, self._element.method(), fields, "action"
            )


def far_number(call: Call) -> str:
    """The number of the person on that leg."""
    return call.caller if call.direction == "inbound" else call.called
