"""What the carrier tells of the calls to people, asked or not, and the moves that follow from it.

It may be told twice, late, and in any order, by a webhook, by the answer of the carrier or by its
list of calls. An attempt is named by its callback and its number, 1 for the first.
"""

from __future__ import annotations

from collections.abc import Mapping

from ivr.callbacks.moves import Details
from ivr.callbacks.outcomes import Ended, Result, at_machine, decide, read_result, who_answered
from ivr.callbacks.states import ENDS, TOLD_BY_CALL, Event
from ivr.services.callbacks.calling.desk import CallingDesk, Chosen, attempt_of
from ivr.store.callbacks import CALLBACK, StoredCallback

OVER: Mapping[str, Ended] = {
    "completed": "completed", "busy": "busy", "no-answer": "no-answer", "failed": "failed",
    "canceled": "canceled",
}  # fmt: skip
"""The carrier's words for a call that is over."""


class News:
    """Every method raises StoreDown."""

    def __init__(self, desk: CallingDesk) -> None:
        self._desk = desk

    def status(
        self, callback_id: str, number: int, call: str, status: str, now: float,
        *, sip: int | None = None, error: int | None = None,
    ) -> None:  # fmt: skip
        """How the call stands, in the carrier's word."""
        if status in OVER:
            self.over(callback_id, number, call, status, now, sip=sip, error=error)
        else:
            self.dialled(callback_id, number, call, now)

    def dialled(self, callback_id: str, number: int, call: str, now: float) -> None:
        """The carrier has a call for this attempt."""

        def choose(stored: StoredCallback) -> Chosen:
            attempt, state = attempt_of(stored, number), stored.callback.state
            if attempt is None or attempt.call:
                return None
            if state == "attempt_written":
                return "dialled", Details(call=call)
            return ("telling_dialled", Details(call=call)) if state in TOLD_BY_CALL else None

        if self._desk.change(callback_id, choose, now) is not None:
            reservation = self._desk.reservation_of(callback_id)
            if reservation:
                self._desk.dispatch.note_person_call(reservation, callback_id, call)

    def person(self, callback_id: str, number: int, call: str, now: float) -> None:
        """A person is on the line, no machine."""
        self.dialled(callback_id, number, call, now)

        def choose(stored: StoredCallback) -> Chosen:
            if attempt_of(stored, number, call) is None or stored.callback.state != "dialling":
                return None
            return "person_answered", Details(call=call)

        self._desk.change(callback_id, choose, now)

    def detection(
        self, callback_id: str, number: int, call: str, answered_by: str, now: float
    ) -> None:
        """Whether a person answered, a machine or a fax."""
        desk = self._desk
        who = who_answered(answered_by)
        if who == "person":
            self.person(callback_id, number, call, now)
            return
        self.dialled(callback_id, number, call, now)

        def choose(one: StoredCallback) -> Chosen:
            if attempt_of(one, number, call) is None or one.callback.state != "dialling":
                return None
            queue = one.callback.queue
            if who == "machine":
                rules, hours = desk.rules.retries(queue), desk.rules.hours(queue, now)
                if at_machine(one.callback, now, rules, hours).message is not None:
                    return "machine_answered", Details(call=call)
            return self.follow(one, Result(who), now)

        reservation = desk.reservation_of(callback_id)
        moved = desk.change(callback_id, choose, now)
        if moved is None:
            return
        # The agent need not listen to a machine.
        desk.let_go(reservation, now)
        if moved.callback.state == "at_machine":
            desk.due.schedule(CALLBACK, callback_id, now)

    def over(
        self, callback_id: str, number: int, call: str, status: str, now: float,
        *, sip: int | None = None, error: int | None = None,
    ) -> None:  # fmt: skip
        """The call of an attempt is over, with the carrier's word for how: one of `OVER`."""
        self.dialled(callback_id, number, call, now)
        result = read_result(OVER[status], sip=sip, error=error)

        def choose(stored: StoredCallback) -> Chosen:
            if attempt_of(stored, number, call) is None:
                return None
            state = stored.callback.state
            if state in ENDS:
                return "attempt_ended", Details(outcome=result.outcome, call=call)
            if state in TOLD_BY_CALL:
                reason = f"the call to tell it: {result.reason or result.outcome}"
                return "not_told", Details(reason, outcome=result.outcome, call=call)
            match state:
                case "talking":
                    return "ended", Details(call=call)
                case "at_machine":
                    event, details = self.follow(stored, Result("machine"), now)
                    told = event == "given_up"
                    return ("told_by_message", Details(call=call)) if told else (event, details)
                case "answered":
                    return self.follow(stored, Result("hung_up"), now)
            return self.follow(stored, result, now)

        before = self._desk.reservation_of(callback_id)
        moved = self._desk.change(callback_id, choose, now)
        if moved is None:
            return
        if moved.callback.state == "done":
            self._desk.lines.leave(moved.id, "hung_up", now)
        else:
            self._desk.let_go(before, now)

    def follow(self, stored: StoredCallback, result: Result, now: float) -> tuple[Event, Details]:
        """The move that follows an attempt which came to this."""
        queue, rules = stored.callback.queue, self._desk.rules
        decision = decide(
            stored.callback, result, now, rules.retries(queue), rules.hours(queue, now)
        )
        details = Details(
            reason=decision.reason, outcome=result.outcome, not_before=decision.not_before
        )
        return decision.event, details
