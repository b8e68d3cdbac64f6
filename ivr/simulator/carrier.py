"""The telephone company: everything that one network shares, and the ways a call begins."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from ivr.simulator import errors
from ivr.simulator.call import Call, Progress
from ivr.simulator.callbacks import Callbacks
from ivr.simulator.calls import Calls
from ivr.simulator.clock import Clock, RealClock
from ivr.simulator.concurrency import Concurrency
from ivr.simulator.conferences.rooms import Conferences
from ivr.simulator.directory import Directory, Line, read_person
from ivr.simulator.errors import SimulatorError
from ivr.simulator.far_end import FarEnd
from ivr.simulator.faults import Faults
from ivr.simulator.handset import CalleeByHandset, Handset
from ivr.simulator.inputs import Fetch, Interrupted, Redirected, Source
from ivr.simulator.journal import Journal, Note
from ivr.simulator.messaging.messages import Messages
from ivr.simulator.person import PersonOnTheLine
from ivr.simulator.placing import place
from ivr.simulator.recordings import Recordings
from ivr.simulator.session import Fallback, Session
from ivr.simulator.settings import Settings
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
        self.calls = Calls(self.settings.finished_calls)
        self.recordings = Recordings(self.settings.account_sid, self.settings.recordings)
        self.handsets: dict[str, Handset] = {}
        """Registered telephones of live persons, by number."""
        self.messages = Messages(self)
        self.conferences = Conferences(self)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open(self, base_url: str) -> None:
        """Begin business; `base_url` is where this company's own API is reached."""
        self.recordings.base_url = base_url
        await self.webhooks.open()

    async def close(self) -> None:
        """End every call, give the last callbacks a moment, and let go of every connection."""
        self.faults.closing.set()
        for call in self.calls.live():
            call.end("completed", "the telephone company closed")
        if self._tasks:
            _, left = await asyncio.wait(set(self._tasks), timeout=CLOSING_TIME)
            for task in left:
                task.cancel()
        await self.webhooks.close()

    def phone_in(self, caller: str, line: Line, far_end: FarEnd) -> Call:
        """Somebody phones a line of the application."""
        call = Call(self, direction="inbound", caller=caller, called=line.number, far_end=far_end)
        if line.status_callback:
            call.progress.append(Progress(line.status_callback, line.status_callback_method))
        self.calls.add(call)
        fallback = Fallback(line.fallback_url, line.fallback_method) if line.fallback_url else None
        source = Fetch(line.voice_url, line.voice_method)
        self.spawn(Session(self, call, fallback).run(source))
        return call

    def phone_out(
        self,
        caller: str,
        called: str,
        source: Source,
        *,
        timeout: float,
        progress: Progress | None = None,
        fallback: Fallback | None = None,
        digits: str = "",
        time_limit: float | None = None,
    ) -> Call:
        """The application phones somebody; `source` is carried out when they answer."""
        call = Call(
            self, direction="outbound-api", caller=caller, called=called,
            far_end=self.far_end_for(called),
        )  # fmt: skip
        if progress is not None:
            call.progress.append(progress)
        self.calls.add(call)
        self.spawn(self._phone_out(call, source, timeout, fallback, digits, time_limit))
        return call

    async def _phone_out(
        self, call: Call, source: Source, timeout: float, fallback: Fallback | None, digits: str,
        time_limit: float | None,
    ) -> None:  # fmt: skip
        from ivr.simulator.verbs.play import tone_seconds

        try:
            if not await place(call, timeout):
                return
            if time_limit is not None:
                call.limit(time_limit)
            if digits:
                call.tell("tones", digits=digits)
                await call.pass_time(tone_seconds(digits))
        except Interrupted as interrupted:
            if not isinstance(interrupted.cause, Redirected):
                return
            call.interrupt, source = None, interrupted.cause.source
        await Session(self, call, fallback).run(source)

    def person_phones(self, caller: str, number: str, person: Any) -> Call:
        """A person played by script phones one of the lines; raises SimulatorError for another."""
        line = self.directory.lines.get(number)
        if line is None:
            raise SimulatorError(f"{number} is no line of this network")
        far_end = PersonOnTheLine(read_person(person, caller), self.clock)
        call = self.phone_in(caller, line, far_end)
        far_end.join(call)
        return call

    def far_end_for(self, number: str, dialled_from: Call | None = None) -> FarEnd:
        """Who answers that number: as the call says, a live handset, the directory, or nobody."""
        named = dialled_from.people if dialled_from is not None else {}
        if dialled_from is not None and number in named:
            return self._as_named(dialled_from, number, named[number])
        if number in self.handsets:
            return self.handsets[number]
        if number in self.directory.people:
            return PersonOnTheLine(self.directory.people[number], self.clock)
        if dialled_from is not None and "*" in named:
            return self._as_named(dialled_from, number, named["*"])
        return PersonOnTheLine(self.directory.nobody, self.clock)

    def _as_named(self, call: Call, number: str, spec: Any) -> FarEnd:
        """The person whom the handset of this call named for a number."""
        if spec == "ask" and isinstance(call.origin.far_end, Handset):
            return CalleeByHandset(call.origin.far_end)
        return PersonOnTheLine(read_person(spec, number), self.clock)

    def note(self, call: Call, level: str, code: int, text: str) -> None:
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
