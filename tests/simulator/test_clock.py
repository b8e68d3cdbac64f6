"""Telephony time: stepped by what happens, in an order that never varies."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from ivr.simulator import Person, RealClock, Step, SteppedClock
from tests.simulator.application import LINE, TEAM, Network, eventually, twiml


def test_timers_run_when_due_and_together_in_the_order_in_which_they_were_set() -> None:
    async def run() -> list[tuple[str, float]]:
        clock, ran = SteppedClock(), list[tuple[str, float]]()

        def note(name: str) -> None:
            ran.append((name, clock.seconds()))

        clock.call_later(20, lambda: note("late"))
        clock.call_later(10, lambda: note("first"))
        clock.call_later(10, lambda: note("second"))
        clock.call_later(5, lambda: note("cancelled")).cancel()
        await clock.advance(20)
        return ran

    assert asyncio.run(run()) == [("first", 10), ("second", 10), ("late", 20)]


def test_what_a_timer_starts_is_finished_before_the_next_one_runs() -> None:
    async def run() -> list[str]:
        clock, ran = SteppedClock(), list[str]()

        async def chain(depth: int) -> None:
            for step in range(depth):
                await asyncio.sleep(0)
                ran.append(f"step {step}")

        tasks = []
        clock.call_later(1, lambda: tasks.append(asyncio.create_task(chain(4))))
        clock.call_later(1, lambda: ran.append("next"))
        await clock.advance(2)
        return ran

    assert asyncio.run(run()) == ["step 0", "step 1", "step 2", "step 3", "next"]


def test_time_stands_still_while_something_holds_it() -> None:
    async def run() -> tuple[list[str], list[str]]:
        clock, ran = SteppedClock(), list[str]()
        hold = clock.hold()
        clock.call_later(1, lambda: ran.append("timer"))
        for _ in range(100):
            await asyncio.sleep(0)
        held = list(ran)
        hold.release()
        hold.release()
        await clock.advance(1)
        return held, ran

    assert asyncio.run(run()) == ([], ["timer"])


def test_without_auto_time_moves_only_when_told() -> None:
    async def run() -> tuple[list[str], list[str], datetime]:
        clock, ran = SteppedClock(auto=False), list[str]()
        clock.call_later(3, lambda: ran.append("three"))
        clock.call_later(30, lambda: ran.append("thirty"))
        for _ in range(100):
            await asyncio.sleep(0)
        before = list(ran)
        await clock.advance(10)
        for _ in range(100):
            await asyncio.sleep(0)
        return before, ran, clock.now()

    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert asyncio.run(run()) == ([], ["three"], start + timedelta(seconds=10))


def test_the_real_clock_is_the_time_of_day() -> None:
    async def run() -> timedelta:
        clock = RealClock()
        await clock.advance(0.01)
        return datetime.now(UTC) - clock.now()

    assert abs(asyncio.run(run())) < timedelta(seconds=5)


def test_an_hour_of_silence_takes_no_hour(network: Network) -> None:
    network.app.on("/voice", twiml(*["<Gather timeout='600'/>"] * 6))
    began = time.monotonic()
    network.call()
    network.hear_all()
    assert network.event("ended")["at"] == 3600
    assert time.monotonic() - began < 60


def test_nothing_of_a_call_moves_the_clock_once_it_is_over(network: Network) -> None:
    carrier = network.carrier.carrier
    carrier.directory.people[TEAM] = Person("answers", 500)
    network.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    network.call(ask=["dialling"])
    network.phone.until_my_move()
    network.phone.hang_up()
    network.phone.until("ended")
    carrier.directory.people[TEAM] = Person("answers", 1, (Step("waits", 900.0),))
    call = network.twilio().calls.create(
        to=TEAM, from_=LINE, twiml=twiml("<Say>Hello</Say>"), time_limit=7200
    )
    eventually(lambda: carrier.calls.get(call.sid).is_over)  # type: ignore[union-attr]
    network.app.on("/voice", twiml())
    network.call()
    network.phone.until("ended")
    assert carrier.clock.seconds() < 5


def test_two_calls_at_once_keep_their_own_time(network: Network) -> None:
    network.app.on("/voice", twiml("<Pause length='30'/>"))
    with network.carrier.phone() as other:
        network.call()
        other.dial(f"{network.app.base}/voice")
        assert other.until("ended")[-1]["at"] == 30
    network.phone.until("ended")
    assert network.event("ended")["at"] == 30


def test_a_hastened_clock_brings_what_is_due_so_much_sooner() -> None:
    began = datetime.now(UTC)
    clock = RealClock(1000.0, began, began)

    async def wait() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        real, told = loop.time(), clock.seconds()
        await clock.advance(20.0)
        return loop.time() - real, clock.seconds() - told

    real, told = asyncio.run(wait())
    assert told >= 20.0
    assert told == pytest.approx(1000.0 * real, rel=0.1)
    assert clock.now() > datetime.now(UTC)
