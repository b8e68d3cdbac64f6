"""The telephones: a process of its own in which a telephone company lets people phone.

`python -m benchmarks.carrier.telephones` reads an Order as JSON from standard input, lets as many
people phone as it says, and writes an Outcome as JSON to standard output. Every webhook must be
answered with 200 and nothing may be wrong in the debugger's eyes.
"""

from __future__ import annotations

import asyncio
import sys
import time
from functools import partial

import msgspec

from ivr.simulator import Carrier, Directory, Line, Person, RealClock, Settings, Step

LOOK = 0.25
"""Seconds between two counts of the calls that are under way."""
DEADLINE = 120.0
WARM_UP = 20
"""Calls before what is measured: a program that runs for long has imported everything."""


class Order(msgspec.Struct, frozen=True):
    """`calls` people phone within `spread` seconds. Each presses the key (and #, where more could
    follow) `presses` times, with `gap` seconds before each, and hangs up `gap` seconds after the
    last moment for that, however late the answers were."""

    url: str
    token: str
    line: str
    calls: int
    spread: float
    key: str
    presses: int
    gap: float


class Outcome(msgspec.Struct, frozen=True):
    """Webhooks that were answered, the processor's seconds that this took here, and how many calls
    were under way at once at most."""

    webhooks: int
    processor_seconds: float
    held: int


async def phone(order: Order) -> Outcome:
    """Let everybody phone; SystemExit when anything is not as it should be."""
    most = order.calls * (order.presses + 1)
    settings = Settings(auth_token=order.token, journal_entries=most)
    line = Line(order.line, order.url)
    carrier = Carrier(Directory({order.line: line}), settings, RealClock())
    await carrier.open(order.url)
    try:
        await _let_phone(carrier, order, WARM_UP, spread=1.0)
        carrier.journal.exchanges.clear()
        began = time.process_time()
        held = await _let_phone(carrier, order, order.calls, order.spread)
        spent = time.process_time() - began
        webhooks = _answered(carrier)
    finally:
        await carrier.close()
    return Outcome(webhooks, spent, held)


async def _let_phone(carrier: Carrier, order: Order, calls: int, spread: float) -> int:
    """How many calls there were at once at most."""
    waits, presses = Step("waits", order.gap), Step("presses", order.key + "#")
    person = Person(
        script=(waits, presses) * order.presses, hangs_up_after=order.gap * (order.presses + 1)
    )
    before = len(carrier.calls.all())
    for number in range(calls):
        caller = f"+447700900{number % 1_000:03}"
        begin = partial(carrier.person_phones, caller, order.line, person)
        carrier.clock.call_later(number * spread / calls, begin)
    held = 0
    deadline = time.monotonic() + DEADLINE
    while len(carrier.calls.all()) < before + calls or carrier.calls.live():
        await asyncio.sleep(LOOK)
        held = max(held, sum(call.status == "in-progress" for call in carrier.calls.live()))
        if time.monotonic() > deadline:
            sys.exit(f"{len(carrier.calls.live())} calls had not ended after {DEADLINE:.0f} s")
    return held


def _answered(carrier: Carrier) -> int:
    """How many webhooks were answered."""
    answered = [exchange.status for exchange in carrier.journal.requests()]
    if set(answered) != {200} or carrier.journal.notes:
        wrong = sorted({str(status) for status in answered} - {"200"})
        notes = [note.text for note in carrier.journal.notes][:3]
        sys.exit(f"Not every webhook was answered with 200: {wrong} {notes}")
    return len(answered)


def main() -> None:
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(phone(order))))


if __name__ == "__main__":
    main()
