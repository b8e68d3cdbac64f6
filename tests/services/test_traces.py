"""What a call leaves to be looked into: what was heard and came back, nothing private."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from redis import Redis

from ivr.engine.company import Company
from ivr.engine.events import CallEnded, LookedUp, PlaceReached
from ivr.flow.inputs import Arrived, ConnectionEnded, Input, MessageLeft, Pressed, Said, Silent
from ivr.flow.inputs import LookedUp as Answer
from ivr.flow.moves import Request
from ivr.flow.variables import variable
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallService, OneCompany
from ivr.services.traces import LONGEST_HEARD
from ivr.store import keys
from ivr.store.calls import CallStore
from ivr.store.traces import Step, TraceStore
from tests.support import ENERGY, MOBILE, SUNDAY, WEDNESDAY, company_of

LINE = "+46846500400"
CALL = "CA" + "1" * 32
NUMBER = "48151623"
WEB = Addresses("https://ringback.example.com")
PRIVATE = """
    languages: [en]
    start: number
    person: team
    nodes:
      number:
        kind: ask
        variable: customer
        takes: digits
        length: 8
        private: true
        confirm: true
        text: Please key in your customer number.
        to: find
      find:
        kind: lookup
        url: https://crm.example.com/{customer}
        text: One moment.
        read:
          balance: {at: balance, takes: number, private: true}
        found: how_much
        failed: team
      how_much:
        kind: branch
        ways:
          - {when: balance > 1000, to: team}
        otherwise: tell
      tell:
        kind: answer
        text: "Number {customer|digits} owes {balance|amount}."
        helped: bye
      team: {kind: transfer, number: team, otherwise: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""


class Caller:
    """Somebody who rings, and what of their call was written down."""

    def __init__(
        self, redis: Redis, company: Company, at: datetime = WEDNESDAY, number: str | None = MOBILE
    ) -> None:
        self.redis = redis
        self.at, self.number, self.turn = at, number, 0
        apology = Apology(company.languages, lambda: "en", company.fallback, WEB)
        self.store = CallStore(redis)
        self.calls = CallService(self.store, OneCompany(company), WEB, apology, self.look_up)
        self.does(Arrived())

    @staticmethod
    def look_up(request: Request) -> Answer:
        if request.url.endswith("9"):
            return Answer("failed", reason="it did not answer within 3 s")
        return Answer("found", {"balance": variable("817", private=True)})

    def does(self, heard: Input) -> Step:
        self.turn += 1
        self.at += timedelta(seconds=5)
        self.calls.take_turn(CALL, self.turn, heard, LINE, self.number, self.at)
        return self.steps[-1]

    @property
    def steps(self) -> tuple[Step, ...]:
        trace = TraceStore(self.redis).read(CALL)
        assert trace is not None
        return trace.steps


def ring(redis: Redis, at: datetime = WEDNESDAY, number: str | None = MOBILE) -> Caller:
    return Caller(redis, company_of(main=ENERGY), at, number)


def reasons(step: Step) -> list[tuple[str, str]]:
    return [(one.place, one.because) for one in step.events if isinstance(one, PlaceReached)]


def test_the_first_step_tells_who_rang_and_what_they_heard(redis: Redis) -> None:
    (step,) = ring(redis).steps
    assert (step.turn, step.came, step.caller, step.language) == (1, "call", "+46•••••••05", "en")
    assert "What is it about?" in step.heard[0]
    assert step.waits == "choice"


def test_a_withheld_number_is_no_number(redis: Redis) -> None:
    assert ring(redis, number=None).steps[0].caller == ""


def test_each_step_tells_what_came_back(redis: Redis) -> None:
    caller = ring(redis)
    caller.does(Pressed("9"))
    caller.does(Silent())
    caller.does(Said("moving house"))
    caller.does(Pressed("0"))
    caller.does(ConnectionEnded("no_answer"))
    caller.does(MessageLeft("https://example.com/RE1", 12, "#"))
    assert [(step.came, step.what) for step in caller.steps] == [
        ("call", ""), ("keys", "9"), ("silence", ""), ("words", "moving house"), ("keys", "0"),
        ("connection", "no_answer"), ("message", "12"),
    ]  # fmt: skip
    assert caller.steps[3].chose == ("moving house",)
    assert caller.steps[4].rings == "team"
    assert [step.waits for step in caller.steps[4:]] == ["connection", "message", "goodbye"]


def test_hours_and_conditions_tell_why_the_call_went_on_as_it_did(redis: Redis) -> None:
    step = ring(redis, at=SUNDAY).does(Pressed("0"))
    assert reasons(step) == [("main/person", ""), ("main/message", "closed")]


def test_the_condition_that_held_is_told(redis: Redis) -> None:
    caller = Caller(redis, company_of(main=PRIVATE))
    caller.does(Pressed(NUMBER))
    caller.does(Pressed("1"))
    step = caller.does(Silent())
    assert step.came == "next"
    assert reasons(step) == [("main/how_much", ""), ("main/tell", "otherwise")]


def test_a_lookup_that_failed_says_why(redis: Redis) -> None:
    caller = Caller(redis, company_of(main=PRIVATE))
    caller.does(Pressed("48151629"))
    caller.does(Pressed("1"))
    step = caller.does(Silent())
    assert LookedUp("main/find", "failed", "it did not answer within 3 s") in step.events
    assert step.rings == "team"


@pytest.mark.parametrize("given", [Pressed(NUMBER), Said("4 8 1 5 1 6 2 3")])
def test_nothing_private_is_anywhere_but_in_the_call_itself(redis: Redis, given: Input) -> None:
    caller = Caller(redis, company_of(main=PRIVATE))
    step = caller.does(given)
    assert step.private
    assert step.heard[0].startswith("•••. If that is right")
    caller.does(Pressed("1"))
    told = caller.does(Silent())
    assert told.heard[0].startswith("Number ••• owes •••.")
    written = [str(redis.xrange(keys.EVENTS)), str(redis.lrange(keys.trace(CALL), 0, -1))]
    for secret in (NUMBER, "4 8", "4, 8", "48 15", "817", MOBILE):
        assert not any(secret in part for part in written), secret


def test_numbers_that_people_say_unasked_are_hidden(redis: Redis) -> None:
    step = ring(redis).does(Said("call me on +46 70 174 06 05 or 131052-308 please, twice 12"))
    assert step.what == "call me on +••• or ••• please, twice 12"


def test_a_telephone_number_that_is_spoken_is_masked(redis: Redis) -> None:
    flow = ENERGY.replace("Please leave a message.", "Or ring +46846500410.")
    step = Caller(redis, company_of(main=flow), SUNDAY).does(Pressed("0"))
    assert "Or ring +46•••••••10." in step.heard


def test_a_turn_costs_little_however_long_its_texts_are(redis: Redis) -> None:
    flow = ENERGY.replace("Please leave a message.", "A word more. " * 300)
    step = Caller(redis, company_of(main=flow), SUNDAY).does(Pressed("0"))
    assert sum(map(len, step.heard)) <= LONGEST_HEARD + 1
    assert step.heard[-1].endswith("…")


def test_the_end_is_the_last_step_even_when_its_news_comes_first(redis: Redis) -> None:
    caller = ring(redis)
    caller.store.note_status(CALL, "completed", 1, 31, caller.at.timestamp())
    caller.does(Pressed("1"))
    assert caller.steps[-2].turn == 2
    assert caller.steps[-1].events == (CallEnded("completed", 31),)


def test_a_trace_outlives_its_call_and_not_for_ever(redis: Redis) -> None:
    caller = ring(redis)
    assert keys.CALL_LIFETIME < redis.ttl(keys.trace(CALL)) <= keys.TRACE_LIFETIME
    caller.store.note_status(CALL, "completed", 1, 31, caller.at.timestamp())
    assert keys.ENDED_LIFETIME < redis.ttl(keys.trace(CALL)) <= keys.TRACE_LIFETIME


def test_a_turn_that_another_process_took_leaves_no_step(redis: Redis) -> None:
    caller, other = ring(redis), ring(redis)
    caller.does(Pressed("1"))
    other.turn = 1
    other.does(Pressed("2"))
    assert [step.turn for step in caller.steps] == [1, 2]
