"""One number, on the telephone and with a callback: it stands in a line once, and is not rung."""

from __future__ import annotations

from typing import get_args

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis import Redis

from ivr.callbacks.moves import Details, Refused, promise
from ivr.callbacks.record import Actor, Window
from ivr.callbacks.states import ENDS, Event
from ivr.store import keys
from ivr.store.agents import AgentStore
from ivr.store.callbacks import (
    About,
    Asking,
    CallbackStore,
    StoredCallback,
    place_number,
    stands,
)
from ivr.store.line import LineStore, Person, new_place
from ivr.store.number_locks import NumberLocks
from tests.store.fixtures import redis, store_url
from tests.store.test_callbacks import ASKING, NOW

__all__ = ["redis", "store_url"]

QUEUES = ("billing", "moving")
NUMBERS = ("+46701740605", "+46701740606")
AGENTS = {"anna": {"billing": 1.0, "moving": 0.5}, "bo": {"moving": 1.0}}
EVENTS = [event for event in get_args(Event) if event not in ("place_promised", "window_promised")]
EVENTS += ["attempt_written"] * 8 + ["reserved", "turn_came", "dialled"] * 2
EVA = Actor("supervisor", "Eva")


class TheTelephone(RuleBasedStateMachine):
    """People ring, hang up and are promised callbacks, agents take them, in any order."""

    redis: Redis

    @initialize()
    def begin(self) -> None:
        self.redis.flushdb()
        self.line, self.agents = LineStore(self.redis), AgentStore(self.redis)
        self.store, self.locks = CallbackStore(self.redis), NumberLocks(self.redis, "here")
        self.now, self.calls, self.gone = NOW, dict[str, str](), set[str]()

    def later(self) -> float:
        self.now += 1
        return self.now

    def live(self, number: str, queue: str) -> bool:
        """By the calls themselves."""
        places = [
            self.line.place(call)
            for call, caller in self.calls.items()
            if caller == number and call not in self.gone
        ]
        return any(one is not None and one.queue == queue and one.state != "left" for one in places)

    def open_callbacks(self) -> list[StoredCallback]:
        return list(self.store.read_all(self.store.open_ids()))

    def joins(self, one: StoredCallback) -> None:
        place = new_place(
            one.id, one.callback.queue, one.about.person, first=one.callback.rang_at,
            kind="callback", number=place_number(one.callback),
        )  # fmt: skip
        self.line.join(place, self.later())

    @rule(number=st.sampled_from(NUMBERS), queue=st.sampled_from(QUEUES))
    def somebody_rings(self, number: str, queue: str) -> None:
        now, call = self.later(), f"CA{len(self.calls)}"
        self.calls[call] = number
        person = Person(caller=number)
        place = new_place(call, queue, person, first=now, call=call, number=number)
        assert self.line.join(place, now)

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def somebody_hangs_up(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(sorted(self.calls)))
        self.gone.add(call)
        self.line.leave(call, "hung_up", self.later())

    @rule(number=st.sampled_from(NUMBERS), queue=st.sampled_from(QUEUES),
          extension=st.sampled_from(["", "", "12"]), instead=st.booleans())  # fmt: skip
    def a_callback_is_promised(
        self, number: str, queue: str, extension: str, instead: bool
    ) -> None:
        now = self.later()
        made = promise(
            f"c{now:.0f}", queue, number, queue, now - 60, EVA, now, until=now + 7200,
            extension=extension,
        )  # fmt: skip
        calls = [call for call, caller in self.calls.items() if caller == number]
        self.store.promise(
            made, About(Person(caller=number)), ASKING, now, on_disk=False,
            instead_of=calls[-1] if instead and calls else "",
        )  # fmt: skip

    @precondition(lambda self: self.store.open_ids())
    @rule(data=st.data(), event=st.sampled_from(EVENTS))
    def a_callback_moves(self, data: st.DataObject, event: Event) -> None:
        one = data.draw(st.sampled_from(self.open_callbacks()))
        now, callback = self.later(), one.callback
        live = bool(place_number(callback)) and self.live(callback.number, callback.queue)
        details = Details(
            "wanted", Window(now + 60, now + 1860), now + 7200, agent="anna", call=f"CB{now}",
            outcome="no_answer", not_before=now + 5, number=callback.number,
        )  # fmt: skip
        fence = self.locks.take(callback.number, now)
        for actor in (Actor("system"), EVA):
            try:
                done = self.store.move(one, event, actor, now, details, capacity=9, fence=fence)
            except Refused:
                continue
            begins = event in ("attempt_written", "telling_written")
            assert (done == "on_the_line") <= live
            assert not (live and begins and isinstance(done, StoredCallback))
            break
        if fence is not None:
            self.locks.give_back(callback.number, fence, now)

    @rule()
    def whoever_is_to_stand_in_a_line_is_let_in(self) -> None:
        """As dispatching does, now and then."""
        for one in self.open_callbacks():
            if stands(one.callback):
                self.joins(one)

    @rule(name=st.sampled_from(sorted(AGENTS)))
    def an_agent_comes(self, name: str) -> None:
        self.agents.arrive(name, AGENTS[name], self.later(), address="client:" + name)

    @rule(name=st.sampled_from(sorted(AGENTS)), why=st.sampled_from([None, None, "declined"]))
    def an_agent_decides(self, name: str, why: str | None) -> None:
        agent = self.agents.read(name)
        if agent is None or agent.presence != "reserved":
            return
        if why is None:
            self.agents.accept(agent.reservation, "CAagent", self.later())
        else:
            self.agents.end_reservation(agent.reservation, "declined", self.later(), self.now + 5)

    @rule(name=st.sampled_from(sorted(AGENTS)))
    def an_agent_is_free_again(self, name: str) -> None:
        agent = self.agents.read(name)
        if agent is not None and agent.reservation:
            self.agents.release(agent.reservation, self.later())
            self.agents.end_talk(agent.reservation, self.now, self.later())

    @invariant()
    def nobody_stands_in_a_line_who_waits_there_on_the_telephone(self) -> None:
        for queue in QUEUES:
            for place in map(self.line.place, self.line.waiting(queue)):
                assert place is not None
                if place.kind == "callback":
                    stored = self.store.read(place.id)
                    assert stored is not None
                    number = place_number(stored.callback)
                    assert not (number and self.live(number, queue))

    @invariant()
    def who_is_on_the_line_is_found_by_their_number(self) -> None:
        there = self.line.on_the_line(NUMBERS)
        for number in NUMBERS:
            live = any(self.live(number, queue) for queue in QUEUES)
            assert (number in there) == live

    def teardown(self) -> None:
        """All hang up: every callback whose place it is stands there, and nothing is left over."""
        if not hasattr(self, "calls"):
            return
        for call in self.calls:
            self.line.leave(call, "hung_up", self.later())
        self.whoever_is_to_stand_in_a_line_is_let_in()
        for one in self.open_callbacks():
            place = self.line.place(one.id)
            if stands(one.callback) and one.callback.state == "waiting":
                assert place is not None and place.state in ("waiting", "reserved", "served")
        assert not self.line.on_the_line(NUMBERS)
        assert all(one.callback.state not in ENDS for one in self.open_callbacks())


def test_no_number_is_rung_or_waits_twice_while_it_waits_on_the_telephone(redis: Redis) -> None:
    machine = type("Machine", (TheTelephone,), {"redis": redis})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_whoever_waits_on_the_telephone_is_rung_when_they_have_hung_up(redis: Redis) -> None:
    line, store, number = LineStore(redis), CallbackStore(redis), NUMBERS[0]
    fence = NumberLocks(redis, "here").take(number, NOW)
    for name, queue in (("a", "billing"), ("b", "moving")):
        made = promise(name, queue, number, queue, NOW - 60, EVA, NOW, until=NOW + 7200)
        stored = store.promise(made, About(Person()), ASKING, NOW, on_disk=False)
        assert isinstance(stored, StoredCallback)
    anna = Details(agent="anna")
    a, b = (
        store.move(one, "reserved", EVA, NOW, anna) for one in store.read_all(("a", "b"))
    )  # fmt: skip
    assert isinstance(a, StoredCallback) and isinstance(b, StoredCallback)
    line.join(new_place("CA1", "billing", Person(), first=NOW, call="CA1", number=number), NOW)
    system = Actor("system")
    assert store.move(a, "attempt_written", system, NOW, fence=fence) == "on_the_line"
    line.leave("CA1", "hung_up", NOW + 5)
    assert isinstance(store.move(a, "attempt_written", system, NOW, fence=fence), StoredCallback)
    assert store.move(b, "attempt_written", system, NOW, fence=fence) == "on_the_way"


def test_who_is_rung_behind_an_exchange_is_not_whoever_rings_from_it(redis: Redis) -> None:
    line, store, number = LineStore(redis), CallbackStore(redis), NUMBERS[0]
    asking = Asking(ASKING.limits)
    for name, extension in (("a", ""), ("b", "12")):
        made = promise(
            name, "billing", number, name, NOW - 60, EVA, NOW, until=NOW + 7200,
            extension=extension,
        )  # fmt: skip
        stored = store.promise(made, About(Person()), asking, NOW, on_disk=False)
        assert isinstance(stored, StoredCallback)
    line.join(new_place("CA1", "billing", Person(), first=NOW, call="CA1", number=number), NOW)
    assert line.waiting("billing") == ("b", "CA1")
    line.leave("CA1", "hung_up", NOW + 5)
    assert not redis.exists(keys.line_of(number))
