"""What is kept of promises: an account for each person in the line, callback or text."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ivr.promises.events import By

Kind = Literal["told_wait", "window", "call_back", "text", "apology"]
Outcome = Literal["open", "kept", "broken", "withdrawn"]
How = Literal["now", "by_agent", "when_they_ring"]
Why = Literal[
    "late", "moved_by_us", "ended_by_us", "text_late", "text_failed", "not_apologised"
]  # fmt: skip
"""Why a promise was broken."""
Apology = Literal["told_before", "given", "given_late", "talked", "gone", "owed"]
"""What came of the apology for one. "told_before": a later time had been told already. "talked":
they talked to an agent first; "gone": they had left by themselves."""

LATENESS = 45.0
"""Seconds after its time that a promise is given before it counts as broken."""
APOLOGY_WITHIN = 120.0
"""Seconds from the break until the apology."""

_FactKind = Literal[
    "dialled", "not_rung", "rang", "answered", "left", "moved", "told", "sent", "delivered",
    "failed", "dropped", "opted_out", "apologising", "not_apologised", "apologised",
]  # fmt: skip


class Promise(Struct, frozen=True, omit_defaults=True):
    """Something told to a person. `source` is the event that made it; `ended` when it was kept,
    broken or withdrawn. `renewed`: by then a later time had been told."""

    id: str
    kind: Kind
    subject: str
    queue: str
    made: float
    until: float
    source: str
    outcome: Outcome = "open"
    ended: float | None = None
    renewed: bool = False


class Fact(Struct, frozen=True, order=True, omit_defaults=True):
    """`until` only of what was told: the new time. `hung_up` only of who left."""

    at: float
    kind: _FactKind
    by: By = "person"
    until: float = 0.0
    hung_up: bool = False


class Standing(Struct, frozen=True, omit_defaults=True):
    """A place in the line: `joined` at first (by the event `source`), and `again` at last."""

    queue: str
    first_rang: float
    joined: float
    source: str
    again: float
    callback: bool = False


class Wish(Struct, frozen=True):
    """Apologise for `broken`, by `by` at the latest.

    `now`: they wait still, and are told a new time; the ledger then expects an Apologised.
    `by_agent`: they are talking to one. `when_they_ring`: they are gone, or texts do not reach
    them.
    """

    subject: str
    queue: str
    broken: str
    kind: Kind
    how: How
    by: float


class Account(Struct, frozen=True, omit_defaults=True):
    """All that was promised to one subject, and all that is known of it."""

    subject: str
    promises: tuple[Promise, ...] = ()
    facts: tuple[Fact, ...] = ()
    clock: float = 0.0
    """The latest time that any event told."""
    standing: Standing | None = None
    """None where they have stood in no line, so far as was heard."""
    moved_on: float | None = None
    """Since when another account tells what became of the person."""

    @property
    def open(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.outcome == "open")

    @property
    def called_back(self) -> bool:
        """Whether it is a callback's."""
        return (self.standing is not None and self.standing.callback) or any(
            promise.kind in ("call_back", "window") for promise in self.promises
        )

    @property
    def due(self) -> float | None:
        """When the clock must come by; None while nothing is open."""
        return min((one.until + LATENESS for one in self.open), default=None)


class Folded(Struct, frozen=True):
    """An account after an event, and what is new in it: write all of it with the event, or none."""

    account: Account
    opened: tuple[Promise, ...] = ()
    closed: tuple[Promise, ...] = ()
    wishes: tuple[Wish, ...] = ()
