"""A turn of a call: read, decide, write, and say what the telephone is to do.

Two round trips to the store, one before the pure core decides and one after; the first is left out
where nothing can be learnt from it. What goes wrong in a flow is told to the caller and written
down; what goes wrong with the store is raised, and the web answers with an apology that needs no
store.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from msgspec import structs

from ivr.carrier import twiml
from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.events import WentWrong
from ivr.engine.telling import told
from ivr.engine.turn import Turn, begin
from ivr.flow.actions import LeaveQueue
from ivr.flow.callback_talk import CallbackAnswer, CallbackRequest
from ivr.flow.inputs import Arrived, Input, LeftQueue, Met
from ivr.flow.moves import JoinLine, LeaveLine, TextWanted
from ivr.queueing.board import Standing
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.deciding import (
    CallbackAnswers,
    LookUp,
    decide,
    no_callbacks,
    no_lookups,
    nothing_for,
)
from ivr.services.lines import Lines, NoLines
from ivr.services.mishap import way, where
from ivr.services.recent import Recent
from ivr.services.traces import step_of
from ivr.store.calls import CallStore, Lost, StoredCall
from ivr.store.connection import StoreDown

logger = logging.getLogger(__name__)

MOST_RACES = 5
"""How often a turn is decided again when another process wrote first. Each loss means that some
other delivery got further, so more than one is already rare."""


class CallLost(Exception):
    """The store does not know the call, or knows less of it than the carrier does."""


class UnknownLine(Exception):
    """The number that was rung is none of ours, or its flow cannot be used."""


class Companies(Protocol):
    """The company as each call knows it: a call keeps the flows that it began with."""

    def for_new_call(self, call_id: str, called: str, caller: str | None) -> Company:
        """The company for a call that has just come in to our number `called`."""

    def for_call(self, call: Call) -> Company:
        """The company for a call that is under way. Raises `CallLost` when its flows are gone."""


@dataclass(frozen=True)
class OneCompany:
    """A company that is never republished."""

    company: Company

    def for_new_call(self, call_id: str, called: str, caller: str | None) -> Company:
        return self.company

    def for_call(self, call: Call) -> Company:
        return self.company


@dataclass(frozen=True)
class _PatientDesk:
    """Whoever keeps callbacks; what goes wrong there costs a caller the callback, not the call."""

    desk: CallbackAnswers

    def answer(self, request: CallbackRequest, call: Call, now: float) -> CallbackAnswer:
        try:
            return self.desk.answer(request, call, now)
        except StoreDown:
            raise
        except Exception as error:
            asked = type(request).__name__
            logger.error("%s at %s failed, no callback: %s", asked, call.place, way(error))
            return nothing_for(request)


class CallService:
    """What the web does with a call. `look_up` asks the company's own systems, and never raises;
    `lines` tell how those who wait stand; `desk` keeps callbacks."""

    def __init__(
        self,
        store: CallStore,
        companies: Companies,
        addresses: Addresses,
        apology: Apology,
        look_up: LookUp = no_lookups,
        lines: Lines | None = None,
        desk: CallbackAnswers = no_callbacks,
    ) -> None:
        self._store = store
        self._companies = companies
        self._look_up = look_up
        self._lines = NoLines() if lines is None else lines
        self._desk = _PatientDesk(desk)
        self._addresses = addresses
        self._apology = apology
        self._recent = Recent()

    def arrive(self, call_id: str, called: str, caller: str | None, now: datetime) -> str:
        """The first turn of a call to our number `called`; the TwiML to answer with.

        Raises `UnknownLine`, and `StoreDown` when the store is away.
        """
        return self.take_turn(call_id, 1, Arrived(), called, caller, now)

    def take_turn(
        self, call_id: str, turn: int, heard: Input, called: str, caller: str | None, now: datetime
    ) -> str:
        """The TwiML for turn `turn` of a call.

        A turn that was taken already gets its answer again; an older one gets the newest answer,
        which is where the call stands. Raises `CallLost`, `UnknownLine`, `StoreDown`.
        """
        stored = self._before(call_id, turn)
        for _ in range(MOST_RACES):
            call = stored.call if stored is not None else None
            taken = call.turn if call is not None else 0
            if stored is not None and turn <= taken:
                return stored.answer
            if turn != taken + 1:
                raise CallLost(f"turn {turn} came, and {taken} are known")
            if call is None:
                company = self._companies.for_new_call(call_id, called, caller)
                line = _line(company, called)
                call = begin(company, call_id=call_id, line=line, caller=caller, now=now)
            else:
                company = self._companies.for_call(call)
            written = self._take(company, call, heard, now)
            if isinstance(written, str):
                return written
            stored = written.stored
        raise CallLost(f"turn {turn} was overtaken {MOST_RACES} times")

    def leave_queue(self, call_id: str, joined: int, failed: bool, now: datetime) -> str:
        """The caller is out of the carrier's queue, into which turn `joined` had put them: because
        we wanted it, or because it failed. The TwiML to go on with; asked again, the newest answer.

        Raises `CallLost`, `StoreDown`.
        """

        def still(call: Call) -> bool:
            stay = call.stay
            return stay is not None and stay.turn == joined and call.waiting in ("line", "leaving")

        return self._take_unnumbered(call_id, LeftQueue(failed), still, now)

    def meet(self, call_id: str, reservation: str, now: datetime) -> str:
        """An agent has accepted the caller: the TwiML by which the two meet.

        Raises `CallLost`, `StoreDown`.
        """

        def still(call: Call) -> bool:
            stay = call.stay
            meets = stay is not None and stay.reservation == reservation
            return not (meets and call.waiting == "connection")

        there = self._lines.is_accepted(reservation)
        return self._take_unnumbered(call_id, Met(reservation, there), still, now)

    def _take_unnumbered(
        self, call_id: str, heard: Input, still: Callable[[Call], bool], now: datetime
    ) -> str:
        """The answer to a request whose turn is the next one, if it is `still` to be taken."""
        stored = self._store.read(call_id)
        for _ in range(MOST_RACES):
            if stored is None:
                raise CallLost("the store knows nothing of the call")
            if not still(stored.call):
                return stored.answer
            written = self._take(self._companies.for_call(stored.call), stored.call, heard, now)
            if isinstance(written, str):
                return written
            stored = written.stored
        raise CallLost(f"{type(heard).__name__} was overtaken {MOST_RACES} times")

    def _take(self, company: Company, call: Call, heard: Input, now: datetime) -> str | Lost:
        """Decide and write the next turn; its answer, unless another was written meanwhile."""
        standing = None
        if call.waiting == "line" and call.stay is not None:
            standing = self._lines.standing(call.id, call.stay.queue, now.timestamp())
        result, answer = self._decide(company, call, heard, now, standing)
        texts: list[TextWanted] = []
        line: list[JoinLine | LeaveLine] = []
        for effect in result.effects:
            if isinstance(effect, TextWanted):
                texts.append(effect)
            else:
                line.append(effect)
        written = self._store.take_turn(
            result.call,
            answer=answer,
            events=result.events,
            voicemail=result.voicemail,
            texts=texts,
            line=line,
            step=step_of(company, call, heard, result, now),
            now=now.timestamp(),
        )
        if isinstance(written, Lost):
            return written
        self._recent.remember(StoredCall(result.call, answer, None))
        happened = "; ".join(map(told, result.events))
        logger.info("turn %d: %s", result.call.turn, happened or "nothing new")
        return answer

    def _before(self, call_id: str, turn: int) -> StoredCall | None:
        """What is known of the call before this turn.

        Of a call that comes in: nothing, but for a repeated request. Of one whose last turn was
        taken here: that turn. Whether either is still the newest, the write tells.
        """
        if turn == 1:
            return None
        return self._recent.before(call_id, turn) or self._store.read(call_id)

    def note_status(
        self, call_id: str, status: str, sequence: int | None, seconds: int | None, now: datetime
    ) -> None:
        """The carrier told how the call stands; in any order, repeated, or never."""
        self._store.note_status(call_id, status, sequence, seconds, now.timestamp())

    def note_recording(
        self,
        call_id: str,
        recording: str,
        state: Literal["ready", "failed"],
        seconds: int | None,
        now: datetime,
    ) -> None:
        """The carrier told whether a recording can be heard."""
        self._store.note_recording(call_id, recording, state, seconds, now.timestamp())

    def _decide(
        self, company: Company, call: Call, heard: Input, now: datetime, standing: Standing | None
    ) -> tuple[Turn, str]:
        try:
            result = decide(company, call, heard, now, self._look_up, standing, self._desk)
            return result, self._document(company, result)
        except StoreDown:
            raise
        except Exception as error:
            # Whatever it was, a caller is waiting: the reason goes to the log, they to a person.
            logger.error("the turn at %s failed, put through: %s", call.place, way(error))
            wrong = WentWrong(call.place, where(error))
            if call.waiting == "line":
                # Nobody is put through from within a queue: they are taken out of it first.
                after = structs.replace(call, turn=call.turn + 1, waiting="leaving", stage="failed")
                failed = Turn(after, (LeaveQueue(),), (wrong,), effects=(LeaveLine("failed"),))
                return failed, self._document(company, failed)
            after = structs.replace(call, turn=call.turn + 1, waiting="nothing", last_resort=True)
            return Turn(after, (), (wrong,)), self._apology.document(call.language)

    def _document(self, company: Company, result: Turn) -> str:
        call, addresses = result.call, self._addresses
        return twiml.document(
            result.actions,
            turn_url=addresses.turn(call.turn + 1, call.language, waiting=call.waiting == "line"),
            left_url=addresses.left(call.turn, call.language) if call.waiting == "line" else "",
            audio_url=addresses.audio(call.version),
            recording_status_url=addresses.recording,
            languages=company.languages,
        )


def _line(company: Company, called: str) -> str:
    for line in company.lines.values():
        if line.number == called:
            if line.flow not in company.flows.flows:
                raise UnknownLine(f"the flow of the line {line.name} cannot be used")
            return line.name
    raise UnknownLine("no line has the number that was rung")


__all__ = ["CallLost", "CallService", "StoredCall", "UnknownLine"]
