"""What callers chose, counted from the stream of events of real calls in a real store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from textwrap import dedent

import msgspec
import pytest
from redis import Redis

from ivr.engine.events import CallStarted, ChoiceMade, Event
from ivr.flow.checks.order import Offered
from ivr.flow.inputs import Arrived, Input, Pressed, Said
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallService, OneCompany
from ivr.services.choices import Choices, read_choices
from ivr.store import keys
from ivr.store.calls import CallStore
from ivr.store.choices import ENTRIES_AT_ONCE, ChoiceStore
from ivr.store.published import PublishedStore
from tests.support import ENERGY, company_of

WEB = Addresses("https://ringback.example.com")
REWORDED = ENERGY.replace("moving house", "a move")
SWAPPED = ENERGY.replace("to: due", "to: other").replace("to: moving", "to: due").replace(
    "to: other", "to: moving"
)  # fmt: skip
OPTIONS = (("1", "due"), ("2", "moving"), ("3", "open_hours"))


class Line:
    """A company's line, rung by callers who choose."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.calls = 0

    def rung(self, flow: str, *heard: Input, kept: bool = True) -> None:
        company = company_of(main=flow)
        if kept:
            files = {"main.yaml": dedent(flow).encode()}
            PublishedStore(self.redis).keep(company.flows.version, files)
        apology = Apology(company.languages, lambda: "en", company.fallback, WEB)
        service = CallService(CallStore(self.redis), OneCompany(company), WEB, apology)
        self.calls += 1
        now = datetime.now(UTC)
        for turn, came in enumerate((Arrived(), *heard), 1):
            service.take_turn(f"CA{self.calls}", turn, came, "+46846500400", None, now)

    def tells(self, *events: Event, call: str) -> None:
        entry = {"at": 1.0, "call": call, "events": msgspec.json.encode(events)}
        self.redis.xadd(keys.EVENTS, entry)  # type: ignore[arg-type]

    def counted(self) -> Choices:
        return read_choices(self.redis, datetime.now(UTC), days=1)


@pytest.fixture
def line(redis: Redis) -> Line:
    return Line(redis)


def test_a_call_counts_once_with_what_it_chose_first_by_key_by_word_or_a_person(
    line: Line,
) -> None:
    line.rung(ENERGY, Pressed("2"), Pressed("1"))
    line.rung(ENERGY, Pressed("9"), Pressed("2"))
    line.rung(ENERGY, Said("a bill"))
    line.rung(ENERGY, Pressed("0"))
    line.rung(ENERGY)
    [menu] = line.counted().menus
    assert menu.offered == Offered("main/topics", OPTIONS)
    assert menu.labels == ("an invoice", "moving house", "our hours")
    assert menu.calls == {"2": 2, "1": 1, "0": 1}


def test_versions_count_together_while_the_options_stay_the_same(line: Line) -> None:
    line.rung(SWAPPED, Pressed("2"))
    line.rung(ENERGY, Pressed("2"))
    line.rung(REWORDED, Pressed("2"))
    line.rung(ENERGY, Pressed("3"))
    counted = line.counted()
    assert counted.chosen[Offered("main/topics", OPTIONS)] == {"2": 2, "3": 1}
    assert sum(calls.total() for calls in (menu.calls for menu in counted.menus)) == 4
    assert counted.newest()["main/topics"].offered.options == OPTIONS
    line.rung(SWAPPED, Pressed("1"))
    assert line.counted().newest()["main/topics"].calls == {"2": 1, "1": 1}


def test_calls_whose_flows_are_kept_no_more_are_told_apart(line: Line) -> None:
    line.rung(ENERGY, Pressed("1"), kept=False)
    counted = line.counted()
    assert (counted.menus, counted.unknown) == ((), 1)


def test_what_is_not_understood_is_left_out(line: Line) -> None:
    line.redis.xadd(keys.EVENTS, {"at": 1, "call": "CAx", "events": '[{"type":"ChoiceMade"}]'})
    line.redis.xadd(keys.EVENTS, {"at": 1, "events": '[{"type":"CallStarted?'})
    line.rung(ENERGY, Pressed("1"))
    assert [menu.calls for menu in line.counted().menus] == [{"1": 1}]


def test_the_stream_is_read_in_pages_to_its_end_or_as_far_as_was_asked_for(line: Line) -> None:
    calls = ENTRIES_AT_ONCE + 10
    for call in range(calls):
        line.tells(CallStarted("main", "main", "v1", withheld=False), call=f"CA{call}")
        line.tells(ChoiceMade("main/topics", "1", "key"), call=f"CA{call}")
    store, told = ChoiceStore(line.redis), list[tuple[int, int]]()
    found = list(store.calls(0, progress=lambda seen, most: told.append((seen, most))))
    assert [dict(one.at) for one in found] == [{"main/topics": "1"}] * calls
    assert told == [(ENTRIES_AT_ONCE, 2 * calls), (2 * ENTRIES_AT_ONCE, 2 * calls),
                    (2 * calls, 2 * calls)]  # fmt: skip
    assert len(list(store.calls(0, most=11))) == 5
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).timestamp()
    assert list(store.calls(tomorrow)) == []
