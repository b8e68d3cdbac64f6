"""One queue: who waits, in which order, and who waits for them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.simulator.call import Call
from ivr.simulator.clock import Clock
from ivr.simulator.inputs import Interrupt, PeerChanged
from ivr.simulator.sids import new_sid

if TYPE_CHECKING:
    from ivr.simulator.queues.dequeuing import Dequeuing

ROUNDING = 1e-6


@dataclass(frozen=True)
class Dequeued(Interrupt):
    """Somebody who dials the queue has taken this call from its front."""


@dataclass(eq=False)
class Member:
    """A call's stay in a queue, from joining to the result that its application is told."""

    call: Call
    queue: "Queue"
    since: datetime
    joined_at: float
    left_at: float | None = None
    """Seconds of the clock; nothing while the call waits in the line."""
    dequeuing: "Dequeuing | None" = None
    """Who took it from the front, once somebody has."""

    @property
    def seconds(self) -> int:
        """Whole seconds spent in the line so far, or until it was left."""
        end = self.queue.clock.seconds() if self.left_at is None else self.left_at
        return int(end - self.joined_at + ROUNDING)

    def call_changed(self, event: str) -> None:
        """A call that ends or is sent elsewhere has left the line that moment."""
        if event in ("completed", "interrupted"):
            self.queue.remove(self)


@dataclass(eq=False)
class Queue:
    """A named line. The first to join is the first to be taken, by the first who asked."""

    name: str
    max_size: int
    clock: Clock
    sid: str = field(default_factory=lambda: new_sid("QU"))
    created_at: datetime = field(init=False)
    updated_at: datetime = field(init=False)
    deleted: bool = False

    def __post_init__(self) -> None:
        self.created_at = self.updated_at = self.clock.now()
        self._line: list[Member] = []
        self._sum_of_joining = 0.0
        self._asking: list[Dequeuing] = []

    @property
    def size(self) -> int:
        """How many wait."""
        return len(self._line)

    @property
    def members(self) -> list[Member]:
        """Who waits, in order."""
        return list(self._line)

    @property
    def is_full(self) -> bool:
        return len(self._line) >= self.max_size

    def average_seconds(self) -> int:
        """How long those in the line have been waiting on average; 0 when nobody is."""
        count = len(self._line)
        if not count:
            return 0
        return int(self.clock.seconds() - self._sum_of_joining / count + ROUNDING)

    def position(self, member: Member) -> int:
        """The place in the line, from 1; 0 when not in it."""
        return self._line.index(member) + 1 if member.left_at is None else 0

    def member(self, call_sid: str) -> Member | None:
        """The place of a call; ``Front`` is the first of the line."""
        return next(
            (member for member in self._line if call_sid in ("Front", member.call.sid)), None
        )

    def join(self, call: Call) -> Member:
        """A call takes its place at the end, unless somebody has been waiting to take it."""
        member = Member(call, self, self.clock.now(), self.clock.seconds())
        self._place(member, len(self._line))
        return member

    def rejoin(self, member: Member) -> None:
        """A member whose dequeuer vanished stands at the front again, as if it had never left."""
        member.dequeuing = member.left_at = None
        self._place(member, 0)

    def remove(self, member: Member) -> None:
        """A member leaves the line; one that has left already stays as it is."""
        if member.left_at is not None:
            return
        member.call.watchers.remove(member.call_changed)
        self._line.remove(member)
        self._sum_of_joining -= member.joined_at
        member.left_at = self.clock.seconds()
        member.call.tell("dequeued", queue=self.name, seconds=member.seconds)

    def ask(self, dequeuing: "Dequeuing") -> None:
        """Somebody wants the first of the line, now or when there is one."""
        self._asking.append(dequeuing)
        self._match()

    def withdraw(self, dequeuing: "Dequeuing") -> None:
        """Somebody who asked does not want anybody any more."""
        if dequeuing in self._asking:
            self._asking.remove(dequeuing)

    def close(self) -> None:
        """The queue is deleted; who waits for its members learns of it."""
        self.deleted = True
        for dequeuing in self._asking:
            dequeuing.call.nudge(PeerChanged())

    def _place(self, member: Member, index: int) -> None:
        self._line.insert(index, member)
        self._sum_of_joining += member.joined_at
        member.call.watchers.append(member.call_changed)
        self._match()

    def _match(self) -> None:
        """Give the first of the line to the first who asked, as long as there are both."""
        while self._line:
            dequeuing = next((d for d in self._asking if d.call.interrupt is None), None)
            if dequeuing is None:
                return
            member = self._line[0]
            self._asking.remove(dequeuing)
            self.remove(member)
            dequeuing.take(member)
            member.call.cut_short(Dequeued())
