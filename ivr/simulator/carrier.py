"""The telephone company: everything that one network shares, and the ways a call begins."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, TypeVar

from ivr.simulator import errors, outgoing, phoning
from ivr.simulator.call import Call, Progress
from ivr.simulator.callbacks import Callbacks
from ivr.simulator.calls import Calls
from ivr.simulator.clock import Clock, RealClock, Timer
from ivr.simulator.concurrency import Concurrency
from ivr.simulator.conferences.rooms import Conferences
from ivr.simulator.directory import Directory, Line
from ivr.simulator.errors import SimulatorError
from ivr.simulator.far_end import FarEnd
from ivr.simulator.faults import Faults
from ivr.simulator.handset import Handset
from ivr.simulator.happenings import Level
from ivr.simulator.inputs import Fetch
from ivr.simulator.journal import Journal, Note
from ivr.simulator.messaging.messages import Messages
from ivr.simulator.numbers import is_e164
from ivr.simulator.outgoing import Order
from ivr.simulator.pacing import Pacing
from ivr.simulator.queues import Queues
from ivr.simulator.recordings import Recordings
from ivr.simulator.roster import Roster
from ivr.simulator.session import Fallback, Session, Verb
from ivr.simulator.settings import Settings
from ivr.simulator.sids import new_sid
from ivr.simulator.urls import Fields
from ivr.simulator.verbs import VERBS
from ivr.simulator.webhooks import Webhooks

log = logging.getLogger(__name__)
T = TypeVar("T")

CLOSING_TIME = 2.0
"""Seconds of real time that the last status callbacks get when the company closes."""


class Carrier:
    """One telephone company. Open it inside an event loop, and close it there."""

    def __init__(
        self,
        directory: Directory | None = None,
        settings: Settings | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.directory = directory or Directory()
        self.settings = settings or Settings()
        self.clock: Clock = clock or RealClock()
        self.concurrency = Concurrency(self.settings.rest_concurrency)
        self.journal = Journal(self.settings.journal_entries)
        self.faults = Faults(self.clock, self.journal, self.directory.faults)
        self.webhooks = Webhooks(self.settings, self.clock, self.journal, self.faults)
        self.callbacks = Callbacks(self)
        self.verbs: Mapping[str, Verb] = VERBS
        self.calls = Calls(self.settings.finished_calls)
        self.recordings = Recordings(self.settings.account_sid, self.settings.recordings)
        self.queues = Queues(self.clock, self.settings.queue_size)
        self.handsets: dict[str, Handset] = {}
        """Registered telephones of live persons, by number."""
        self.messages = Messages(self)
        self.pacing = Pacing(self.clock, self.settings.calls_per_second)
        self.roster = Roster(self)
        self.closed = False
        self.conferences = Conferences(self)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open(self, base_url: str) -> None:
        """Begin business; `base_url` is where this company's own API is reached."""
        self.recordings.base_url = base_url
        await self.webhooks.open()

    async def close(self) -> None:
        """End every call, give the last callbacks a moment, and let go of every connection."""
        self.closed = True
        self.faults.closing.set()
        for call in self.calls.live():
            call.end("completed", "the telephone company closed")
        if self._tasks:
            _, left = await asyncio.wait(set(self._tasks), timeout=CLOSING_TIME)
            for task in left:
                task.cancel()
        await self.webhooks.close()

    def phone_in(
        self, caller: str, line: Line, far_end: FarEnd, *, carried: Fields = (),
        parameters: Mapping[str, str] | None = None,
    ) -> Call:  # fmt: skip
        """Somebody phones a line of the application, or (a client, with `parameters`) an app.

        `carried` are the fields that come with the call from the caller's own carrier.
        """
        is_app = line.number in self.directory.apps
        told = dict(parameters or {})
        called = told.pop("To", "") if is_app else line.number
        call = Call(self, direction="inbound", caller=caller, called=called, far_end=far_end)
        call.carried = (*carried, ("ApplicationSid", line.number)) if is_app else tuple(carried)
        if is_e164(caller):
            call.token = new_sid("CT")
        if line.status_callback:
            call.progress.append(Progress(line.status_callback, line.status_callback_method))
        self.calls.add(call)
        fallback = Fallback(line.fallback_url, line.fallback_method) if line.fallback_url else None
        source = Fetch(line.voice_url, line.voice_method, tuple(told.items()))
        self.spawn(Session(self, call, fallback).run(source))
        return call

    def phone_out(self, order: Order) -> Call:
        """The application phones somebody; raises CallQueueFullError."""
        return outgoing.begin(self, order)

    def person_phones(
        self, caller: str, number: str, person: Any, parameters: Mapping[str, str] | None = None
    ) -> Call:
        """A person played by script phones a line, or a client an app; raises SimulatorError."""
        return phoning.person_phones(self, caller, number, person, parameters)

    def far_end_for(self, address: str, dialled_from: Call | None = None) -> FarEnd:
        """Who answers there: as the call says, a live handset, the directory, or nobody."""
        return self.roster.far_end(address, dialled_from)

    def at(self, moment: datetime, action: Callable[[], object]) -> Timer:
        """Do something, e.g. let a person phone, at a moment of telephony time.

        Raises SimulatorError when that moment has passed.
        """
        left = (moment - self.clock.now()).total_seconds()
        if left < 0:
            raise SimulatorError(f"{moment.isoformat()} has passed")
        return self.clock.call_later(left, action)

    async def run_until(self, moment: datetime) -> None:
        """Let telephony time go on and come back at that moment; at once when it has passed."""
        await self.clock.advance(max((moment - self.clock.now()).total_seconds(), 0))

    def note(self, call: Call, level: Level, code: int, text: str) -> None:
        """Put a warning or an error into the journal, and on the screens of those concerned."""
        words = f"{errors.message(code)}: {text}" if code else text
        self.journal.note(Note(self.clock.now(), level, code, words, call.sid))
        call.tell(level, code=code, text=words)
        if call.origin is not call:
            call.origin.tell(level, code=code, text=words)

    def spawn(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Let work go on beside; the task is kept until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and not isinstance(error, SimulatorError):
            log.error("a task of the simulator failed", exc_info=error)
