"""Requests by test credentials: judged in full and by magic numbers, and nothing comes of them."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from multidict import MultiMapping

from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import Clock, Hold, Timer
from ivr.simulator.directory import Directory
from ivr.simulator.errors import RestError
from ivr.simulator.lines import Line
from ivr.simulator.rest.description import Operation
from ivr.simulator.test_credentials import NUMBER, outcome

T = TypeVar("T")
KINDS = {
    "CreateCall": "calls",
    "CreateMessage": "messages",
    "CreateIncomingPhoneNumber": "numbers",
}
"""All that test credentials may do, and what the magic numbers call it."""


class NoTime:
    """A clock on which nothing ever falls due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def seconds(self) -> float:
        return self._clock.seconds()

    def call_later(self, seconds: float, action: Callable[[], object]) -> Timer:
        return _Never()

    def hold(self) -> Hold:
        return Hold()

    async def advance(self, seconds: float) -> None:
        """Comes back at once."""


class _Never:
    def cancel(self) -> None:
        """Nothing to be cancelled."""


class Pretence(Carrier):
    """A telephone company for one request: it shows what would come about, and does nothing."""

    def __init__(self, carrier: Carrier, kind: str) -> None:
        settings = carrier.settings
        own = {} if kind == "numbers" else {NUMBER: Line(NUMBER, voice_url="")}
        super().__init__(
            Directory(lines=own),
            replace(
                settings, account_sid=settings.test_account_sid, auth_token=settings.test_auth_token
            ),
            NoTime(carrier.clock),
        )

    def spawn(self, work: Coroutine[Any, Any, T]) -> Any:
        """Let it not happen."""
        work.close()


def pretended(carrier: Carrier, asked: Operation | None, fields: MultiMapping[Any]) -> Carrier:
    """The company that answers a request by test credentials; raises RestError with the code that
    a magic number stands for, and 403 for what cannot be tried out."""
    if asked is None or asked.id not in KINDS:
        raise RestError(403, 20008, "Resource not accessible with Test Account Credentials")
    kind = KINDS[asked.id]
    outcome(kind, fields)
    return Pretence(carrier, kind)
