"""The floor of agents, on which people are rung back: everything over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from redis import Redis

from ivr.callbacks.limits import Limits
from ivr.callbacks.moves import Details, promise
from ivr.callbacks.record import SYSTEM, Actor, Callback, Window
from ivr.callbacks.states import Event
from ivr.promises.consent import Given
from ivr.simulator.journal import Happening
from ivr.simulator.people_reading import read_person
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.line import LineStore, Person, Place
from ivr.store.outbox import OutboxStore
from tests.calls.agents_floor import CALLER, Floor
from tests.calls.agents_floor import floor as agents_floor
from workers.jobs import handlers
from workers.settings import Settings

STOCKHOLM = ZoneInfo("Europe/Stockholm")
QUEUE = "billing"
HOUR = 3600.0


@dataclass
class CallbackFloor(Floor):
    """`passes` and `until` do what is due for callbacks too."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.store = CallbackStore(self.redis)
        self.texts = OutboxStore(self.redis)
        self.works()
        self.due.ensure("dispatch_callbacks", QUEUE, self.at())

    def works(self, **settings: Any) -> None:
        """What workers do, with other settings of the queue's callbacks."""
        queue = self.config.queues[QUEUE]
        told = queue.callbacks.model_copy(update=settings)
        queues = self.config.queues | {QUEUE: queue.model_copy(update={"callbacks": told})}
        self.config = self.config.model_copy(update={"queues": queues})
        made = Settings("", self.company.carrier.clock, self.config, self.carrier)
        self.handlers = dict(handlers(made, self.redis))

    def at(self) -> float:
        return self.now.timestamp()

    def promised(
        self,
        person: Any,
        number: str = CALLER,
        *,
        rang_at: float | None = None,
        window: Window | None = None,
        about: About | None = None,
        **how: Any,
    ) -> str:
        """A callback is promised to a number, behind which is this person; its id."""
        self.company.carrier.directory.people[number] = read_person(person, number)
        now = self.at()
        made = promise(
            f"C{number.lstrip('+')}", QUEUE, number, QUEUE, rang_at or now - 300, SYSTEM, now,
            window=window, until=None if window else now + 2 * HOUR, **how,
        )  # fmt: skip
        told = about or About(
            Person(line="main", language="en", caller=number), reason="an invoice"
        )
        stored = self.store.promise(made, told, Asking(Limits()), now, capacity=100)
        assert isinstance(stored, StoredCallback), stored
        return stored.id

    def moves(
        self, callback_id: str, event: Event, actor: Actor = SYSTEM, **details: Any
    ) -> StoredCallback:
        stored = self.store.read(callback_id)
        assert stored is not None
        moved = self.store.move(stored, event, actor, self.at(), Details(**details), capacity=9)
        assert isinstance(moved, StoredCallback), moved
        return moved

    def consents(self, number: str = CALLER) -> None:
        """They want texts."""
        ConsentStore(self.redis).note(number, Given(self.at(), "call", "en"), on_disk=False)

    def texted(self, callback_id: str) -> list[str]:
        """The kinds of texts about a callback."""
        return [one.text.kind for one in self.texts.of(callback_id)]

    def callback(self, callback_id: str) -> Callback:
        stored = self.store.read(callback_id)
        assert stored is not None
        return stored.callback

    def goes_on_until(self, hour: int, minute: int) -> None:
        """It is so late in Stockholm; meanwhile no worker has been there."""
        local = self.now.astimezone(STOCKHOLM)
        then = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if then <= local:
            then += timedelta(days=1)
        self.skips(then.timestamp() - self.at())

    def skips(self, seconds: float) -> None:
        """So much time passes, in which no worker is there."""
        self._post("clock", {"advance": seconds})
        self.passes(1)

    def lines_of(self, queue: str) -> tuple[str, ...]:
        """Who stands in a line, the next first."""
        return LineStore(self.redis).waiting(queue)

    def place(self, place_id: str) -> Place | None:
        """Somebody's standing."""
        return LineStore(self.redis).place(place_id)

    def state(self, callback_id: str) -> str:
        return self.callback(callback_id).state

    def outcomes(self, callback_id: str) -> list[str]:
        return [one.outcome for one in self.callback(callback_id).attempts]

    def dialled(self, number: str = CALLER) -> list[Any]:
        """Every call to that number, the oldest first: as the telephone company has it."""
        found = [one for one in self.company.carrier.calls.all() if one.called == number]
        return sorted(found, key=lambda call: call.created_at)

    def heard(self, number: str = CALLER, at: int = -1) -> str:
        """All that was said to them in one of the calls."""
        call = self.dialled(number)[at]
        return " ".join(
            str(one.details.get("text", ""))
            for one in list(self.company.carrier.journal.timeline)
            if isinstance(one, Happening) and one.call_sid == call.sid and one.kind == "said"
        )


@contextmanager
def callback_floor(
    redis: Redis, store_url: str, folder: Path, **how: Any
) -> Iterator[CallbackFloor]:
    """Opens it, with nobody there; `how` as `floor` takes it."""
    with agents_floor(redis, store_url, folder, **how) as opened:
        yield CallbackFloor(opened.redis, opened.config, opened.company, opened.carrier)
