"""One turn of a call, and the rules that hold for every turn of every flow.

- 0, and the words for a person, lead to a person from wherever the call stands.
- A miss is answered in other words, the second one slowly, the third by a person.
- The same answer is given once; a place come to a third time without progress ends at a person.
- When even the person cannot be reached, the fallback number is rung; then the call ends.

So every call ends: each turn either waits for the caller, whose misses are counted, or goes on,
whose visits are counted, and what is counted only starts afresh with an answer that is new.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, structs

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.events import Event, Voicemail
from ivr.engine.progress import Progress
from ivr.engine.replies import reply
from ivr.engine.travel import follow
from ivr.flow.actions import Action, Prompt
from ivr.flow.callback_talk import CallbackAnswer, CallbackRequest
from ivr.flow.inputs import Input, LookedUp
from ivr.flow.moves import Effect, Request
from ivr.queueing.board import Standing


class Turn(Struct, frozen=True):
    """The call as it is now, what the telephone is to do, and what is to be written down."""

    call: Call
    actions: tuple[Action, ...]
    events: tuple[Event, ...]
    voicemail: Voicemail | None = None
    effects: tuple[Effect, ...] = ()
    request: Request | CallbackRequest | None = None
    """Asked before anything can be said: there are no actions until `go_on` has the answer."""
    went: tuple[str, ...] = ()
    """The targets that nodes sent the call to, one after another."""
    unsaid: tuple[Prompt, ...] = ()
    """Where there is a request: what is said with what follows the answer."""


def begin(company: Company, *, call_id: str, line: str, caller: str | None, now: datetime) -> Call:
    """A call that has just come in on a line, before its first turn."""
    flow = company.flows.flows[company.lines[line].flow]
    language = flow.languages[0]
    for code in flow.languages:
        pack = company.languages[code]
        if caller is not None and caller.startswith(pack.dialling_codes):
            language = code
            break
    return Call(
        id=call_id,
        line=line,
        version=company.flows.version,
        language=language,
        started=now.timestamp(),
        caller=caller,
    )


def take_turn(
    company: Company, call: Call, heard: Input, now: datetime, standing: Standing | None = None
) -> Turn:
    """What follows when `heard` comes from the caller of `call`, who, if they wait in a line, has
    this `standing` there.

    Raises `ivr.flow.flow.UnknownPlace` when the flows no longer have the place where the call
    stands or is sent; a checked set of flows with calls of its own version never does.
    """
    return _turn(company, structs.replace(call, turn=call.turn + 1), heard, now, standing)


def go_on(company: Company, turn: Turn, answer: LookedUp | CallbackAnswer, now: datetime) -> Turn:
    """The same turn with what was answered to its `request`."""
    rest = _turn(company, turn.call, answer, now, unsaid=turn.unsaid)
    return structs.replace(
        rest,
        events=turn.events + rest.events,
        effects=turn.effects + rest.effects,
        voicemail=rest.voicemail or turn.voicemail,
        went=turn.went + rest.went,
    )


def _turn(
    company: Company, call: Call, heard: Input | CallbackAnswer, now: datetime,
    standing: Standing | None = None, unsaid: tuple[Prompt, ...] = (),
) -> Turn:  # fmt: skip
    progress = Progress(company, call, now, standing)
    progress.prompts.extend(unsaid)
    follow(progress, reply(progress, heard))
    return Turn(
        progress.call,
        progress.actions,
        tuple(progress.events),
        progress.voicemail,
        tuple(progress.effects),
        progress.request,
        tuple(progress.went),
        tuple(progress.prompts) if progress.request is not None else (),
    )
