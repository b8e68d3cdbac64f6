"""What the web is made of: its settings, and the services that it hands requests to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from ivr.clock import Clock
from ivr.flow.inputs import Input
from ivr.services.agents import AgentService, Reception
from ivr.services.agents.listening import Listening
from ivr.services.callbacks.calling.answering import Answering
from ivr.services.callbacks.form import CallbackForm
from ivr.services.callbacks.overseeing import Overseer
from ivr.services.promises.report import PromiseReport
from ivr.services.texts.incoming import IncomingTexts
from ivr.services.texts.noting import Noting


class Calls(Protocol):
    """What can be done with a call. The first four answer with TwiML; all may raise anything."""

    def arrive(self, call_id: str, called: str, caller: str | None, now: datetime) -> str: ...

    def take_turn(
        self, call_id: str, turn: int, heard: Input, called: str, caller: str | None, now: datetime
    ) -> str: ...

    def leave_queue(self, call_id: str, joined: int, failed: bool, now: datetime) -> str: ...

    def meet(self, call_id: str, reservation: str, now: datetime) -> str: ...

    def note_status(
        self, call_id: str, status: str, sequence: int | None, seconds: int | None, now: datetime
    ) -> None: ...

    def note_recording(
        self,
        call_id: str,
        recording: str,
        state: Literal["ready", "failed"],
        seconds: int | None,
        now: datetime,
    ) -> None: ...


class Apologies(Protocol):
    """TwiML for when something of ours failed. Needs no store, and never raises."""

    def document(self, language: str | None) -> str: ...

    def while_waiting(self, again: str | None) -> str: ...

    def ended(self, language: str | None, spoken: bool) -> str: ...


@dataclass(frozen=True)
class Parts:
    """Everything that the web needs.

    `public_url` is how the carrier reaches us, without a slash at its end: signatures are checked
    against it, whatever a request claims. `auth_token` is the account's. `max_body` counts bytes.
    `recording` gives what a version of the flows plays under a name. `own_numbers` (E.164) are
    never a caller.
    `language_of` is the language to apologise in to a caller with this number, before they have
    chosen one; None when the number does not tell. `why_not_ready` is None when calls can be
    answered, else a sentence.
    """

    public_url: str
    auth_token: str
    max_body: int
    recording: Callable[[str, str], bytes | None]
    own_numbers: frozenset[str]
    calls: Calls
    apology: Apologies
    language_of: Callable[[str], str | None]
    why_not_ready: Callable[[], str | None]
    clock: Clock
    agents: AgentService | None = None
    """Where there are agents: what their telephones are told."""
    agents_line: Reception | None = None
    """Where there is a number that agents ring."""
    api_token: str = ""
    """What whoever uses the API bears; without one there is no API."""
    callbacks: Answering | None = None
    """What those hear who are rung back."""
    overseer: Overseer | None = None
    """What supervisors see of callbacks and do with them, for the API."""
    promises: PromiseReport | None = None
    """What was promised and what came of it, for the API."""
    text_news: Noting | None = None
    """What hears how far texts have come."""
    texts: IncomingTexts | None = None
    """What hears and answers what people write to us."""
    listening: Listening | None = None
    """How supervisors come into talks, where there is a carrier."""
    form: CallbackForm | None = None
    """The page `Call me back`, where there is one."""
