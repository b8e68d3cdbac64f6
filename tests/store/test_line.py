"""The line and the agents: order, no double assignment, conservation, whatever happens."""

from __future__ import annotations

import json
from collections import Counter
from typing import cast

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

from ivr.store import keys
from ivr.store.agents import AgentStore
from ivr.store.line import LineStore, Person, new_place

QUEUES = ("billing", "moving")
AGENTS = {
    "anna": {"billing": 1.0, "moving": 0.5},
    "bo": {"moving": 1.0},
    "cia": {"billing": 1.0},
}
OTHERWISE = {
    "anna": {"moving": 1.0},
    "bo": {"billing": 2.0, "moving": 1.0},
    "cia": {"billing": 1.0},
}
BEGAN = 1_800_000_000.0


def happened(redis: Redis) -> list[dict[str, object]]:
    """Every event that was told, in its order."""
    told = cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(keys.EVENTS))
    return [event for _, fields in told for event in json.loads(fields[b"events"])]


class TheLine(RuleBasedStateMachine):
    """What callers and agents may do, in any order."""

    redis: Redis

    @initialize()
    def begin(self) -> None:
        self.redis.flushdb()
        self.line, self.agents = LineStore(self.redis), AgentStore(self.redis)
        self.now = BEGAN
        self.joined: dict[str, str] = {}
        self.serves: dict[str, dict[str, float]] = {}

    def later(self) -> float:
        self.now += 1
        return self.now

    def reservations(self, state: str) -> list[str]:
        ids = [f"R{n}" for n in range(1, int(self.redis.get("ringback:reservations") or 0) + 1)]
        found = [self.agents.reservation(name) for name in ids]
        return [one.id for one in found if one is not None and one.state == state]

    @rule(queue=st.sampled_from(QUEUES), boost=st.sampled_from([0.0, 0.0, 5.0]),
          rang=st.integers(0, 3))  # fmt: skip
    def somebody_joins(self, queue: str, boost: float, rang: int) -> None:
        now = self.later()
        place = f"CA{len(self.joined)}"
        self.joined[place] = queue
        assert self.line.join(
            new_place(place, queue, Person(), first=now - rang, call=place, boost=boost), now
        )

    @precondition(lambda self: self.joined)
    @rule(data=st.data())
    def somebody_hangs_up(self, data: st.DataObject) -> None:
        self.line.leave(data.draw(st.sampled_from(sorted(self.joined))), "hung_up", self.later())

    @rule(name=st.sampled_from(sorted(AGENTS)), whom=st.sampled_from([AGENTS, OTHERWISE]))
    def an_agent_comes(self, name: str, whom: dict[str, dict[str, float]]) -> None:
        """Or stays after all, or serves other queues from now on."""
        self.serves[name] = whom[name]
        self.agents.arrive(name, whom[name], self.later(), address="client:" + name)

    @rule(name=st.sampled_from(sorted(AGENTS)))
    def an_agent_goes(self, name: str) -> None:
        self.agents.depart(name, self.later())

    @rule(data=st.data(), why=st.sampled_from([None, "declined", "no_answer"]))
    def an_agent_decides(self, data: st.DataObject, why: str | None) -> None:
        offered = self.reservations("offered")
        if not offered:
            return
        which = data.draw(st.sampled_from(offered))
        if why is None:
            assert self.agents.accept(which, "CAagent", self.later())
        else:
            pause = self.now + 5 if why == "declined" else None
            assert self.agents.end_reservation(which, why, self.later(), pause)  # type: ignore[arg-type]

    @rule(data=st.data())
    def a_talk_ends(self, data: st.DataObject) -> None:
        if accepted := self.reservations("accepted"):
            which = data.draw(st.sampled_from(accepted))
            assert self.agents.end_talk(which, self.now + 3, self.later())

    @rule(name=st.sampled_from(sorted(AGENTS)))
    def a_wrap_up_ends(self, name: str) -> None:
        self.agents.end_wrap_up(name, self.later(), asked=True)

    @rule()
    def an_agent_hears_that_the_person_left(self) -> None:
        for which in self.reservations("person_left"):
            self.agents.release(which, self.later())

    @invariant()
    def nobody_is_idle_while_somebody_waits_for_them(self) -> None:
        idle = {agent.name: agent for agent in self.agents.everybody()
                if agent.presence == "available"}  # fmt: skip
        for queue in QUEUES:
            able = [name for name in idle if queue in self.serves[name]]
            assert not (able and self.line.waiting(queue))
            kept = cast("list[bytes]", self.redis.zrange(keys.idle(queue), 0, -1))
            assert sorted(name.decode() for name in kept) == sorted(able)
            there = {name.decode() for name in cast("set[bytes]",
                     self.redis.smembers(keys.there(queue)))}  # fmt: skip
            assert there == {
                agent.name for agent in self.agents.everybody()
                if agent.presence != "away" and not agent.leaving
                and queue in self.serves[agent.name]
            }  # fmt: skip

    @invariant()
    def everybody_who_joined_is_in_one_place(self) -> None:
        waiting = Counter(place for queue in QUEUES for place in self.line.waiting(queue))
        assert all(count == 1 for count in waiting.values())
        held = Counter(agent.reservation for agent in self.agents.everybody() if agent.reservation)
        assert all(count == 1 for count in held.values())
        for place, queue in self.joined.items():
            standing = self.line.place(place)
            assert standing is not None
            assert standing.queue == queue
            assert (standing.state == "waiting") == (place in waiting)
            if standing.state == "reserved":
                reservation = self.agents.reservation(standing.reservation)
                assert reservation is not None
                assert (reservation.place, reservation.state) == (place, "offered")
                agent = self.agents.read(reservation.agent)
                assert agent is not None
                assert (agent.presence, agent.reservation) == ("reserved", reservation.id)

    @invariant()
    def the_events_tell_the_same(self) -> None:
        left = dict.fromkeys(self.joined, "waiting")
        for event in happened(self.redis):
            match event["type"]:
                case "LineLeft":
                    left[str(event["place"])] = "left"
                case "AgentReserved":
                    left[str(event["place"])] = "reserved"
                case "ReservationEnded":
                    left[str(event["place"])] = "waiting"
                case "Connected":
                    left[str(event["place"])] = "served"
                case "Overtaken":
                    assert event["why"] != "unexplained"
        stands = {place: self.line.place(place) for place in self.joined}
        assert left == {place: one.state for place, one in stands.items() if one is not None}

    @invariant()
    def the_events_tell_who_is_there_for_which_queues(self) -> None:
        there: dict[object, tuple[object, bool]] = {}
        for event in happened(self.redis):
            name = event.get("agent")
            match event["type"]:
                case "AgentSignedOn" | "AgentFree" | "AgentReleased" | "AgentSkills":
                    there[name] = event["queues"], False
                case "AgentLeaving":
                    there[name] = there[name][0], True
                case "AgentSignedOff":
                    del there[name]
        assert there == {
            agent.name: ([queue for queue, _ in agent.skills], agent.leaving)
            for agent in self.agents.everybody()
            if agent.presence != "away"
        }


def test_whatever_happens_to_the_line_nobody_is_lost_doubled_or_overtaken(redis: Redis) -> None:
    machine = type("Machine", (TheLine,), {"redis": redis})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_the_longest_waiting_weighted_by_the_agents_preference_comes_first(redis: Redis) -> None:
    line, agents = LineStore(redis), AgentStore(redis)
    line.join(new_place("CA1", "moving", Person(), first=BEGAN), BEGAN)
    line.join(new_place("CA2", "billing", Person(), first=BEGAN + 40), BEGAN + 40)
    agents.arrive("anna", AGENTS["anna"], BEGAN + 100)
    anna = agents.read("anna")
    assert anna is not None
    taken = agents.reservation(anna.reservation)
    assert taken is not None
    # 60 s at full weight are more than 100 s at half of it.
    assert taken.place == "CA2"


def test_who_came_back_after_a_declining_agent_was_overtaken_with_a_reason(redis: Redis) -> None:
    line, agents = LineStore(redis), AgentStore(redis)
    agents.arrive("cia", AGENTS["cia"], BEGAN)
    line.join(new_place("CA1", "billing", Person(), first=BEGAN), BEGAN)
    line.join(new_place("CA2", "billing", Person(), first=BEGAN + 1), BEGAN + 1)
    agents.arrive("anna", AGENTS["anna"], BEGAN + 2)
    agents.end_reservation("R1", "no_answer", BEGAN + 20)
    assert line.waiting("billing") == ("CA1",)
    agents.accept("R2", "CAanna", BEGAN + 21)
    assert line.overtaken() == {("billing", "no_answer"): 1}


def test_an_agent_who_does_not_answer_is_away_and_the_person_is_first_again(redis: Redis) -> None:
    line, agents = LineStore(redis), AgentStore(redis)
    line.join(new_place("CA1", "billing", Person(), first=BEGAN), BEGAN)
    line.join(new_place("CA2", "billing", Person(), first=BEGAN + 1), BEGAN + 1)
    agents.arrive("cia", AGENTS["cia"], BEGAN + 2)
    agents.end_reservation("R1", "no_answer", BEGAN + 30)
    cia = agents.read("cia")
    assert cia is not None
    assert cia.presence == "away"
    assert line.waiting("billing") == ("CA1", "CA2")


def test_what_changes_of_an_agent_who_is_there_is_told_and_nothing_else(redis: Redis) -> None:
    line, agents = LineStore(redis), AgentStore(redis)
    for at, queues in enumerate(({"moving": 1.0}, {"moving": 1.0}, {"billing": 1.0})):
        agents.arrive("bo", queues, BEGAN + at)
    line.join(new_place("CA1", "billing", Person(), first=BEGAN), BEGAN + 5)
    agents.depart("bo", BEGAN + 6)
    agents.arrive("bo", {"billing": 1.0}, BEGAN + 7)
    told = [(event["type"], event.get("queues")) for event in happened(redis) if "Agent" in
            str(event["type"])]  # fmt: skip
    assert told == [
        ("AgentSignedOn", ["moving"]), ("AgentSkills", ["billing"]), ("AgentReserved", None),
        ("AgentLeaving", None), ("AgentSkills", ["billing"]),
    ]  # fmt: skip
