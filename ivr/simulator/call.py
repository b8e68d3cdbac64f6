"""One leg of a telephone call: its state, its times, and the person's side of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp

from ivr.simulator.attention import Attention
from ivr.simulator.far_end import FarEnd
from ivr.simulator.happenings import Noted, Told
from ivr.simulator.inputs import (
    HungUp,
    Input,
    Interrupt,
    PickedUp,
    Redirected,
    Refused,
    Source,
)
from ivr.simulator.sids import new_sid

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier
    from ivr.simulator.taping import Tape

CALL_EVENTS = ("initiated", "ringing", "answered", "completed")


@dataclass
class Progress:
    """Somebody who wants to know how a call goes; `sequence` counts what they were told."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    sequence: int = 0


class Call(Attention):
    """One leg. A leg placed by Dial has the leg that dialled as its `parent`."""

    def __init__(
        self,
        carrier: "Carrier",
        *,
        direction: str,
        caller: str,
        called: str,
        far_end: FarEnd,
        parent: "Call | None" = None,
    ) -> None:
        super().__init__(carrier, far_end)
        self.sid = new_sid("CA")
        self.direction = direction
        self.caller = caller
        self.called = called
        self.parent = parent
        self.status = "ringing" if direction == "inbound" else "queued"
        self.created_at = carrier.clock.now()
        self.updated_at = self.created_at
        self.placed_at = self.created_at if direction == "inbound" else None
        """When the call left the queue."""
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.reason = ""
        self.progress: list[Progress] = []
        self.watchers: list[Callable[[str], None]] = []
        """Who else of the network must know of every event of this call, the moment it happens;
        that it is to do something else is ``interrupted``."""
        self.heard = 0
        """How many things this leg has heard."""
        self.people: dict[str, Any] = parent.people if parent else {}
        """Who answers numbers dialled from here, before the directory is asked."""
        self.carried: tuple[tuple[str, str], ...] = ()
        """Further fields of every request about this call, as they came with it."""
        self.token = ""
        """What lets the application show this call's caller as its own; empty: nothing does."""
        self.parameters: dict[str, str] = {}
        """What the client or the SIP endpoint at the far end is told when it rings."""
        self.credentials = ("", "")
        """User name and password for a SIP endpoint that demands them."""
        self.fallback: tuple[str, str] | None = None
        """The URL and the method that go before the fallback with which the call began."""
        self.tape: Tape | None = None
        """The recording of the whole call, if there is one."""
        self.answered_by = ""
        """What answering-machine detection found."""
        self.queue_time = 0
        """Milliseconds that the call was expected to wait for its turn when it was created."""
        self.hops: int = parent.hops if parent else 0
        """How many lines of this company dialled one another up to here."""
        self._began = carrier.clock.seconds()
        self._answered = 0.0
        self._ended = 0.0
        self._cookies: aiohttp.CookieJar | None = None
        self._limit = carrier.clock.call_later(carrier.settings.call_length, self._too_long)

    @property
    def origin(self) -> "Call":
        """The leg from which this one was dialled, or which dialled that; else itself."""
        call = self
        while call.parent is not None:
            call = call.parent
        return call

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def age(self) -> float:
        """Seconds since the call began."""
        return self.carrier.clock.seconds() - self._began

    @property
    def duration(self) -> int:
        """Whole seconds from answer to end, or to now; 0 when nobody answered."""
        if self.answered_at is None:
            return 0
        end = self._ended if self.is_over else self.carrier.clock.seconds()
        return round(end - self._answered)

    @property
    def cookies(self) -> aiohttp.CookieJar:
        """The cookies that the application set during this call."""
        if self._cookies is None:
            self._cookies = aiohttp.CookieJar(unsafe=True)
        return self._cookies

    def tell(self, kind: Told, **details: object) -> None:
        """Let the person on this leg hear or see something."""
        self._note(kind, **details)
        self.far_end.tell(kind, **details)

    def begin_ringing(self) -> None:
        """The network has found the telephone; it rings."""
        self.status = "ringing"
        self._note("rings")
        self._changed("ringing")

    def initiate(self) -> None:
        """The call leaves the queue and is placed."""
        self.status = "initiated"
        self.placed_at = self.carrier.clock.now()
        self._note("placed")
        self._changed("initiated")

    def answer(self) -> None:
        """Somebody or something answers; a second time has no effect."""
        if self.answered_at is None and not self.is_over:
            self.answered_at = self.carrier.clock.now()
            self._answered = self.carrier.clock.seconds()
            self.status = "in-progress"
            self._changed("answered")
            self.tell("answered")

    def end(self, status: str, reason: str) -> None:
        """End the call; a second time has no effect. `reason` is for people to read."""
        if self.is_over:
            return
        self.ended_at = self.carrier.clock.now()
        self._ended = self.carrier.clock.seconds()
        self.status = status
        self.reason = reason
        self._limit.cancel()
        if self.tape is not None:
            self.tape.stop()
        self.interrupt = HungUp()
        self._changed("completed")
        self.tell("ended", status=status, reason=reason, seconds=self.duration)
        self.carrier.calls.retire(self)
        self._wake()

    def limit(self, seconds: float) -> None:
        """Let the call last so long from now at most, unless its end is nearer already."""
        if seconds < self.carrier.settings.call_length - self.age:
            self._limit.cancel()
            self._limit = self.carrier.clock.call_later(seconds, self._too_long)

    def hang_up(self) -> None:
        """The person on this leg hangs up."""
        unanswered = "no-answer" if self.direction == "inbound" else "canceled"
        answered = self.answered_at is not None
        self.end("completed" if answered else unanswered, "the person hung up")

    def redirect(self, source: Source) -> None:
        """Do something else from now on."""
        self.cut_short(Redirected(source))

    def cut_short(self, cause: Interrupt) -> None:
        """End what this leg is doing; whoever does it catches Interrupted and reads the cause."""
        if not self.is_over:
            self.interrupt = cause
            self._wake()
            self._let_watchers_know("interrupted")

    def pick_up(self) -> None:
        """The person answers the ringing telephone."""
        self._deliver(PickedUp())

    def refuse(self, status: str) -> None:
        """The person, or their network, does not take the call."""
        self._deliver(Refused(status))

    def put(self, item: Input) -> bool:
        """Something the person does; false when nobody listens to it now."""
        heard = self.listening and not self.is_over
        self._note("did", input=item, heard=heard)
        if not heard:
            return False
        self._deliver(item)
        return True

    def _note(self, kind: Told | Noted, **details: object) -> None:
        """Remember for those who look into this call later."""
        self.carrier.journal.happened(self.carrier.clock.now(), self.sid, kind, details)

    def _changed(self, event: str) -> None:
        self.updated_at = self.carrier.clock.now()
        self.carrier.callbacks.call_progress(self, event)
        self._let_watchers_know(event)

    def _let_watchers_know(self, event: str) -> None:
        for watcher in tuple(self.watchers):
            watcher(event)

    def _too_long(self) -> None:
        self.end("completed", "the longest time that a call may last is over")
