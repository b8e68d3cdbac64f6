"""A whole day of calls in seconds, and what thousands of calls leave behind."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from aiohttp import web

from ivr.simulator import (
    Carrier,
    Directory,
    EmbeddedCarrier,
    Line,
    Person,
    Settings,
    SimulatorError,
    Step,
    SteppedClock,
)
from ivr.simulator.person import PersonOnTheLine
from tests.simulator.application import CALLER, LINE, TEAM, Application, twiml

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = twiml("<Gather numDigits='1' action='/chosen'><Say>Press a key.</Say></Gather>")
CLOSED = twiml("<Say>We are closed.</Say>")
THANKS = twiml("<Pause length='60'/>", "<Say>Thank you.</Say>")
PAGES = {
    "/closed": CLOSED,
    "/dial": twiml(f"<Dial timeout='5'>{TEAM}</Dial>"),
    "/record": twiml("<Record action='/closed' maxLength='5' playBeep='false'/>"),
}
BRIEF = Person("answers", 1.0, (Step("waits", 5.0), Step("hangs_up", True)))
IMPATIENT = Person(script=(Step("presses", "1"), Step("waits", 20.0), Step("hangs_up", True)))


class Office:
    """An application in the same process, open from 8 to 18 by the clock that it is given."""

    def __init__(self, clock: SteppedClock) -> None:
        self.clock = clock
        self.answered: list[tuple[str, str]] = []
        self.ended: Counter[str] = Counter()

    async def page(self, request: web.Request) -> web.Response:
        return _xml(PAGES[request.path])

    async def voice(self, request: web.Request) -> web.Response:
        now = self.clock.now()
        self.answered.append((now.isoformat(), str((await request.post())["From"])))
        return _xml(OPEN if 8 <= now.hour < 18 else CLOSED)

    async def chosen(self, request: web.Request) -> web.Response:
        return _xml(THANKS)

    async def status(self, request: web.Request) -> web.Response:
        form = await request.post()
        status, seconds = str(form["CallStatus"]), str(form["CallDuration"])
        self.ended[f"{status} after {seconds} s"] += 1
        return web.Response(status=204)


def _xml(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/xml")


@asynccontextmanager
async def office_hours(settings: Settings) -> AsyncIterator[tuple[Carrier, Office]]:
    """A telephone company whose clock an application in the same event loop shares."""
    clock = SteppedClock(MIDNIGHT, auto=False)
    office = Office(clock)
    app = web.Application()
    app.add_routes([
        web.post("/voice", office.voice), web.post("/chosen", office.chosen),
        web.post("/status", office.status), *(web.post(path, office.page) for path in PAGES),
    ])  # fmt: skip
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    line = Line(LINE, f"{base}/voice", status_callback=f"{base}/status")
    carrier = Carrier(Directory({LINE: line}), settings, clock)
    await carrier.open(base)
    try:
        yield carrier, office
    finally:
        await carrier.close()
        await runner.cleanup()


async def a_day(calls: int) -> Office:
    """So many people phone, evenly over a day."""
    async with office_hours(Settings()) as (carrier, office):
        for number in range(calls):
            caller = f"+467017406{number % 95 + 5:02}"
            moment = MIDNIGHT + number * DAY / calls
            carrier.at(moment, partial(carrier.person_phones, caller, LINE, IMPATIENT))
        await carrier.run_until(MIDNIGHT + DAY)
        assert carrier.clock.now() == MIDNIGHT + DAY
        assert carrier.calls.live() == []
    return office


def test_a_day_of_calls_runs_by_the_clock_that_the_application_shares() -> None:
    office = asyncio.run(a_day(288))
    assert len(office.answered) == 288
    in_order = [moment for moment, _ in office.answered]
    assert in_order == [(MIDNIGHT + n * DAY / 288).isoformat() for n in range(288)]
    open_hours, closed_hours = 10 * 12, 14 * 12
    assert office.ended == {"completed after 21 s": open_hours, "completed after 1 s": closed_hours}


def test_the_same_day_is_the_same_every_time() -> None:
    first, second = asyncio.run(a_day(48)), asyncio.run(a_day(48))
    assert (first.answered, first.ended) == (second.answered, second.ended)


def test_what_has_passed_cannot_be_scheduled() -> None:
    async def run() -> None:
        carrier = Carrier(clock=SteppedClock(MIDNIGHT))
        with pytest.raises(SimulatorError, match=r"2026-11-22T23:59:59\+00:00 has passed"):
            carrier.at(MIDNIGHT - timedelta(seconds=1), lambda: None)

    asyncio.run(run())


def test_a_blocking_program_schedules_and_runs_just_so(app: Application) -> None:
    app.on("/voice", CLOSED)
    line = Line(LINE, f"{app.base}/voice")
    clock = SteppedClock(MIDNIGHT, auto=False)
    with EmbeddedCarrier(Directory({LINE: line}), clock=clock) as carrier:
        for hour in (3, 1, 2):
            moment = MIDNIGHT + timedelta(hours=hour)
            carrier.at(moment, lambda: carrier.carrier.person_phones(CALLER, LINE, "answers"))
        carrier.run_until(MIDNIGHT + timedelta(hours=2, minutes=30))
        assert len(app.to("/voice")) == 2
        carrier.run_until(MIDNIGHT + DAY)
        began = [call.created_at.hour for call in carrier.carrier.calls.all()]
    assert began == [1, 2, 3]


def test_something_that_fails_at_its_moment_does_not_stop_time() -> None:
    async def run() -> list[str]:
        clock, ran, failures = SteppedClock(MIDNIGHT, auto=False), list[str](), list[object]()
        asyncio.get_running_loop().set_exception_handler(lambda loop, what: failures.append(what))
        carrier = Carrier(clock=clock)
        carrier.at(MIDNIGHT + timedelta(hours=1), lambda: [][1])
        carrier.at(MIDNIGHT + timedelta(hours=2), lambda: ran.append("the next"))
        await carrier.run_until(MIDNIGHT + DAY)
        assert len(failures) == 1
        return ran

    assert asyncio.run(run()) == ["the next"]


def test_cancelled_timers_are_forgotten_before_they_are_due() -> None:
    async def run() -> int:
        clock = SteppedClock(MIDNIGHT, auto=False)
        for _ in range(5_000):
            clock.call_later(14_400, lambda: None).cancel()
        return len(clock._timers)

    assert asyncio.run(run()) < 250


@pytest.mark.slow
def test_thousands_of_calls_leave_no_more_behind_than_is_remembered() -> None:
    async def run() -> list[int]:
        settings = Settings(finished_calls=20, journal_entries=20, recordings=20)
        async with office_hours(settings) as (carrier, _):
            carrier.directory.people[TEAM] = BRIEF
            lines = [*["/closed"] * 8, "/record", "/dial"]
            base = carrier.directory.lines[LINE].voice_url.removesuffix("/voice")
            counted = []
            for _ in range(3):
                for number in range(400):
                    line = Line(LINE, base + lines[number % 10])
                    moment = carrier.clock.now() + timedelta(seconds=number)
                    carrier.at(moment, partial(talk, carrier, line))
                await carrier.run_until(carrier.clock.now() + timedelta(hours=6))
                assert carrier.calls.live() == []
                assert len(carrier.calls.all()) == 20
                assert len(carrier.journal.exchanges) == 20
                assert not carrier._tasks
                gc.collect()
                counted.append(len(gc.get_objects()))
        return counted

    def talk(carrier: Carrier, line: Line) -> None:
        person = PersonOnTheLine(Person(script=(Step("talks", 2.0),)), carrier.clock)
        person.join(carrier.phone_in(CALLER, line, person))

    _, before, after = asyncio.run(run())
    # Each part made 400 calls; what differs is how many timers asyncio has yet to forget.
    assert after - before < 200
