"""A call that dials a queue, and the member that it gets: from asking to the end of the talk."""

from enum import Enum

from ivr.simulator.call import Call
from ivr.simulator.inputs import Fetch, Interrupt, PeerChanged
from ivr.simulator.queues.queue import Member


class State(Enum):
    """How far a dequeuing has come."""

    ASKING = "asking"
    PREPARING = "preparing"
    """It has a member, which hears a document before the two are connected."""
    TALKING = "talking"
    OVER = "over"


class DequeuerLeft(Interrupt):
    """Who took this call from the queue has gone before the two were connected."""


class Dequeuing:
    """What `call` gets from a queue. `whisper` is what the member hears first, if anything.

    Each of the two legs runs its own side: the dialling one calls `leave`, the member's `lose`.
    """

    def __init__(self, call: Call, whisper: Fetch | None) -> None:
        self.call = call
        self.whisper = whisper
        self.state = State.ASKING
        self.member: Member | None = None
        self.result = ""
        """Why the member went, as its QueueResult says it."""
        self.was_bridged = False

    @property
    def is_alive(self) -> bool:
        """Whether the one who dialled is still there."""
        return self.state is not State.OVER and self.call.interrupt is None

    def take(self, member: Member) -> None:
        """This member it is."""
        self.member = member
        self.state = State.PREPARING
        member.dequeuing = self
        self.call.nudge(PeerChanged())

    def connect(self) -> None:
        """The member has heard what there was to hear; the two talk from now on."""
        self.state = State.TALKING
        self.was_bridged = True
        self.call.nudge(PeerChanged())

    def leave(self) -> None:
        """The one who dialled goes, or has talked enough; a second time has no effect."""
        before, self.state = self.state, State.OVER
        if self.member is None:
            return
        if before is State.TALKING:
            self.member.call.nudge(PeerChanged())
        elif before is State.PREPARING and self.member.call.interrupt is None:
            self.member.call.cut_short(DequeuerLeft())

    def lose(self, result: str) -> None:
        """The member goes; a second time has no effect."""
        if self.state is not State.OVER:
            self.state = State.OVER
            self.result = result
            self.call.nudge(PeerChanged())
