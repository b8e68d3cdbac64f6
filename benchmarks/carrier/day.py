"""A day of calls by the stepped clock, to an application in the same process."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from functools import partial

from aiohttp import web

from ivr.simulator import Carrier, Directory, Line, Person, Settings, Step, SteppedClock

LINE = "+46846500400"
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)
MENU = (
    "<Response><Gather numDigits='1' action='/chosen'><Say>Press a key.</Say></Gather></Response>"
)
THANKS = "<Response><Pause length='60'/><Say>Thank you.</Say></Response>"
CALLER = Person(script=(Step("presses", "1"), Step("waits", 20.0), Step("hangs_up", True)))


async def _serve(answers: dict[str, str]) -> tuple[web.AppRunner, str]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=answers[request.path], content_type="text/xml")

    app = web.Application()
    app.add_routes([web.post(path, answer) for path in answers])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def _run(calls: int) -> float:
    runner, base = await _serve({"/voice": MENU, "/chosen": THANKS})
    clock = SteppedClock(MIDNIGHT, auto=False)
    carrier = Carrier(
        Directory({LINE: Line(LINE, f"{base}/voice")}), Settings(finished_calls=calls), clock
    )
    await carrier.open(base)
    for number in range(calls):
        caller = f"+447700900{number % 1_000:03}"
        begin = partial(carrier.person_phones, caller, LINE, CALLER)
        carrier.at(MIDNIGHT + number * DAY / calls, begin)
    began = time.perf_counter()
    await carrier.run_until(MIDNIGHT + DAY)
    seconds = time.perf_counter() - began
    durations = [call.duration for call in carrier.calls.all()]
    if durations != [21] * calls or carrier.journal.notes:
        raise SystemExit("The day's calls are not as they should be.")
    await carrier.close()
    await runner.cleanup()
    return seconds


def a_day(calls: int) -> float:
    """Real seconds that a day of so many calls takes, two webhooks each."""
    return asyncio.run(_run(calls))
