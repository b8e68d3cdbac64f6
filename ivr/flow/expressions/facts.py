"""What an expression can ask about the call, the clock and the queues, without any value given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.flow.expressions.world import QueueState, World
from ivr.flow.values import Kind, Value, as_value

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Fact:
    """`choices`: every text that it can be, where they are known."""

    name: str
    kind: Kind
    read: Callable[[World], Value]
    explained: str
    example: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueueFact:
    """Something about a queue: `queue("support").waiting`."""

    name: str
    read: Callable[[QueueState], Value]
    explained: str
    example: str


_FACTS = (
    Fact("language", "text", lambda world: world.language,
         "The code of the caller's language.", 'language in ["fi", "sv"]'),
    Fact("line", "text", lambda world: world.line,
         "The line that was rung, by its name in `config.yaml`.", 'line = "main"'),
    Fact("caller.known", "yes_no", lambda world: world.caller_known,
         "Whether the caller's number is not withheld.", "not caller.known"),
    Fact("caller.mobile", "yes_no", lambda world: world.caller_mobile,
         "Whether the caller's number is a mobile number.",
         'caller.mobile and open("customer_service")'),
    Fact("now.time", "time", lambda world: world.now.time().replace(second=0, microsecond=0),
         "The time of day, in whole minutes, in the company's time zone.",
         'now.time >= time("14:30")'),
    Fact("now.date", "date", lambda world: world.now.date(),
         "Today's date; `today` says the same.", 'now.date = date("2026-12-24")'),
    Fact("today", "date", lambda world: world.now.date(),
         "Today's date.", 'today < date("2027-01-01")'),
    Fact("now.weekday", "text", lambda world: WEEKDAYS[world.now.weekday()],
         'The day of the week: `"monday"` to `"sunday"`.',
         'now.weekday in ["saturday", "sunday"]', WEEKDAYS),
    Fact("now.hour", "number", lambda world: as_value(world.now.hour),
         "The hour of the day, 0 to 23.", "now.hour >= 8 and now.hour < 16"),
)  # fmt: skip

_QUEUE_FACTS = (
    QueueFact("waiting", lambda queue: as_value(queue.waiting),
              "How many people wait in the queue.", 'queue("support").waiting > 20'),
    QueueFact("agents", lambda queue: as_value(queue.agents),
              "How many agents are there for the queue.", 'queue("support").agents = 0'),
    QueueFact("wait", lambda queue: as_value(queue.wait_minutes),
              "The wait estimate in minutes, or nothing while there is none.",
              'queue("support").wait != nothing and queue("support").wait <= 10'),
)  # fmt: skip

FACTS = {fact.name: fact for fact in _FACTS}
QUEUE_FACTS = {fact.name: fact for fact in _QUEUE_FACTS}
GROUPS = frozenset(name.partition(".")[0] for name in FACTS if "." in name)
"""What stands before the point: `now`, `caller`."""
