"""What a call hears while it waits in a queue."""

from typing import NoReturn

from ivr.simulator.errors import ApplicationError
from ivr.simulator.inputs import Fetch
from ivr.simulator.queues.queue import Member
from ivr.simulator.session import Flow, Session, Step
from ivr.simulator.twiml.document import Element

WAIT_VERBS = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
HOLD_MUSIC = "https://s3.amazonaws.com/com.twilio.sounds.music/index.xml"
"""Twilio's own playlist. It is named, not fetched: nothing here leaves the machine."""
SHORTEST_ROUND = 1.0
"""Seconds that a round takes at least for a telephone on which speech and music take no time."""


class WaitSession(Session):
    """Runs the documents of ``waitUrl`` on a waiting leg."""

    def __init__(self, outer: Session, member: Member, url: str | None, method: str) -> None:
        super().__init__(outer.carrier, outer.call, allowed=WAIT_VERBS)
        self._member = member
        self._wait_url = url
        self._method = method

    async def wait(self) -> Flow:
        """Let the caller wait until a document hangs up, fails or leaves the queue.

        Raises Interrupted when the call is taken from the queue, ended or redirected.
        """
        self.call.check()
        if self._wait_url is None:
            return await self._hear_music()
        if not self._wait_url:
            return await self._hear_nothing()
        return await self._hear_documents(self._wait_url)

    def fields(self, source: Fetch) -> list[tuple[str, str]]:
        """Requests of the ``waitUrl`` tell how the queue stands."""
        fields = super().fields(source)
        if source.purpose == "wait" or self.settings.queue_fields_in_whole_wait:
            fields += queue_fields(self._member)
        return fields

    async def _carry_out(self, element: Element) -> Step:
        kinds = set(element.get("input").split()) if element.tag == "Gather" else set()
        if kinds >= {"dtmf", "speech"} and not self.settings.wait_gathers_both:
            where = f"line {element.line}: in a queue, input of <Gather>"
            raise ApplicationError(13326, f"{where} is dtmf or speech, not both")
        return await super()._carry_out(element)

    async def _hear_music(self) -> NoReturn:
        call, seconds = self.call, self.settings.hold_music
        while True:
            call.heard += 1
            call.tell("played", url=HOLD_MUSIC, seconds=seconds)
            await self._whole_round(seconds)

    async def _hear_nothing(self) -> NoReturn:
        while True:
            await self.call.wait(None)
            self.call.inputs.clear()

    async def _hear_documents(self, url: str) -> Flow:
        call = self.call
        while True:
            waited = call.waited
            flow = await self.play_out(Fetch(url, self._method, purpose="wait"))
            if flow is not None:
                return flow
            if call.far_end.pace < 1:
                await self._whole_round(SHORTEST_ROUND - (call.waited - waited))

    async def _whole_round(self, seconds: float) -> None:
        """Let so many seconds pass, whatever the pace of the telephone."""
        clock = self.carrier.clock
        end = clock.seconds() + seconds
        while (left := end - clock.seconds()) > 0:
            await self.call.wait(left)
            self.call.inputs.clear()


def queue_fields(member: Member) -> list[tuple[str, str]]:
    """How the queue stands for one who waits in it."""
    queue = member.queue
    return [
        ("QueuePosition", str(queue.position(member))),
        ("QueueSid", queue.sid),
        ("QueueTime", str(member.seconds)),
        ("AvgQueueTime", str(queue.average_seconds())),
        ("CurrentQueueSize", str(queue.size)),
        ("MaxQueueSize", str(queue.max_size)),
    ]
