"""Everything goes wrong at once, and the telephone company itself stays in order."""

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from ivr.simulator import Directory, EmbeddedCarrier, Line, Person, Settings, Step, SteppedClock
from tests.simulator.application import CALLER, LINE, TEAM, Application, eventually, twiml

TOWARD_THE_APPLICATION: list[dict[str, Any]] = [
    {"does": "late", "seconds": 7.0},
    {"does": "late", "when": "after", "seconds": 20.0},
    {"does": "lost"},
    {"does": "lost", "when": "after", "attempts": 1},
    {"does": "cut", "attempts": 1},
    {"does": "cut", "when": "after"},
    {"does": "refused", "when": "after"},
    {"does": "repeated", "copies": 3, "at_once": True},
]
CALLS = 60
IMPATIENT = Person(script=(Step("presses", "1"), Step("waits", 9.0), Step("hangs_up", True)))


@pytest.mark.parametrize("seed", range(3))
def test_every_call_ends_and_nothing_stays_behind(
    app: Application, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    status = f"{app.base}/status"
    app.on("/status", "").on("/fallback", twiml("<Say>Plan B</Say>"))
    app.on("/voice", twiml("<Gather numDigits='1' action='/next#rp=all&amp;rc=2'/>"))
    app.on("/next", twiml(f"<Dial timeout='10' action='/voice'>{TEAM}</Dial>"))
    line = Line(LINE, f"{app.base}/voice#rp=5xx", "POST", f"{app.base}/fallback", "POST", status)
    people = {TEAM: Person("answers", 2.0, (Step("waits", 5.0), Step("hangs_up", True)))}
    clock = SteppedClock(auto=False)
    faults: list[dict[str, Any]] = [
        {"strikes": "webhooks", **fault} for fault in TOWARD_THE_APPLICATION
    ]
    faults.append({"strikes": "callbacks", "does": "reordered", "seconds": 30.0})
    with EmbeddedCarrier(Directory({LINE: line}, people), Settings(), clock) as company:
        carrier = company.carrier
        for number, fault in enumerate(faults):
            carrier.faults.add({**fault, "chance": 0.15, "seed": seed * 100 + number})
        for number in range(CALLS):
            begin = partial(carrier.person_phones, CALLER, LINE, IMPATIENT)
            company.at(clock.now() + timedelta(seconds=number), begin)
        company.run_until(clock.now() + timedelta(hours=5))
        eventually(lambda: not carrier._tasks)
        calls = carrier.calls.all()
        assert sum(call.parent is None for call in calls) == CALLS
        assert {call.status for call in calls} <= {"completed", "no-answer", "canceled"}
        assert carrier.calls.live() == []
        struck = [standing.struck for standing in carrier.faults.all()]
        assert sum(struck) == len([n for n in carrier.journal.notes if n.level == "fault"])
        assert min(struck) > 0
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_whoever_hangs_up_meanwhile_is_not_kept(app: Application) -> None:
    app.on("/voice", twiml("<Say>Hello</Say>"))
    clock = SteppedClock(auto=False)
    with EmbeddedCarrier(
        Directory({LINE: Line(LINE, f"{app.base}/voice")}), clock=clock
    ) as company:
        carrier = company.carrier
        carrier.faults.add({"strikes": "documents", "does": "late", "seconds": 60.0})
        company.at(clock.now(), partial(carrier.person_phones, CALLER, LINE, "answers"))
        company.run_until(clock.now() + timedelta(seconds=10))
        (call,) = carrier.calls.live()

        async def hang_up() -> None:
            call.hang_up()
            await asyncio.sleep(0)

        company.run(hang_up())
        assert (call.status, call.duration) == ("no-answer", 0)
        company.run_until(clock.now() + timedelta(minutes=2))
        assert not carrier._tasks
        assert carrier.calls.live() == []
