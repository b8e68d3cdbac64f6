"""Hold and transfer: whatever agents and callers do, the person is never forgotten."""

from __future__ import annotations

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
from ivr.store.agents import AgentStore, Reservation
from ivr.store.line import LineStore, Person, new_place
from ivr.store.talks import Talk, TalkStore
from tests.store.test_line import happened

QUEUES = ("billing", "moving")
AGENTS = {
    "anna": {"billing": 1.0, "moving": 0.5},
    "bo": {"moving": 1.0},
    "cia": {"billing": 1.0},
}
BEGAN = 1_800_000_000.0
STATES = ("offered", "accepted", "person_left")

while_offered = precondition(lambda self: self.are("offered"))
while_talking = precondition(lambda self: self.are("accepted"))


class Talks(RuleBasedStateMachine):
    """What agents and callers may do once they can talk, in any order."""

    redis: Redis

    @initialize()
    def begin(self) -> None:
        self.redis.flushdb()
        self.line, self.agents = LineStore(self.redis), AgentStore(self.redis)
        self.talks = TalkStore(self.redis)
        self.now = BEGAN
        self.seen: tuple[float, set[str]] = (0.0, set())
        self.first: dict[str, float] = {}
        self.gone: set[str] = set()
        self.dismissed: set[str] = set()
        for name, skills in AGENTS.items():
            self.agents.arrive(name, skills, self.later(), address="client:" + name)
        self.somebody_talks("billing")

    def later(self) -> float:
        self.now += 1
        return self.now

    def reservations(self, state: str) -> list[Reservation]:
        count = int(self.redis.get("ringback:reservations") or 0)
        found = [self.agents.reservation(f"R{number}") for number in range(1, count + 1)]
        return [one for one in found if one is not None and one.state == state]

    def are(self, state: str) -> bool:
        """Whether there is such a reservation: rules that would do nothing are not tried."""
        if self.seen[0] != self.now:
            self.seen = (self.now, {s for s in STATES if self.reservations(s)})
        return state in self.seen[1]

    def pick(self, data: st.DataObject, state: str) -> str | None:
        found = [one.id for one in self.reservations(state)]
        return data.draw(st.sampled_from(found)) if found else None

    @rule(queue=st.sampled_from(QUEUES))
    def somebody_joins(self, queue: str) -> None:
        place, now = f"CA{len(self.first)}", self.later()
        self.first[place] = now
        self.line.join(new_place(place, queue, Person(), first=now, call=place), now)

    @rule(queue=st.sampled_from(QUEUES))
    def somebody_talks(self, queue: str) -> None:
        self.somebody_joins(queue)
        for one in self.reservations("offered")[-1:]:
            self.agents.accept(one.id, "CA" + one.id, self.later())

    @precondition(lambda self: len(self.gone) < len(self.first) - 1)
    @rule(data=st.data())
    def somebody_hangs_up(self, data: st.DataObject) -> None:
        there = sorted(set(self.first) - self.gone)
        if there:
            place = data.draw(st.sampled_from(there))
            self.line.leave(place, "hung_up", self.later())
            self.gone.add(place)

    @while_offered
    @rule(data=st.data(), why=st.sampled_from([None, None, None, "declined", "no_answer"]))
    def an_agent_decides(self, data: st.DataObject, why: str | None) -> None:
        if which := self.pick(data, "offered"):
            if why is None:
                assert self.agents.accept(which, "CA" + which, self.later())
            else:
                until = self.now + 2 if why == "declined" else None
                self.agents.end_reservation(which, why, self.later(), until)  # type: ignore[arg-type]

    @while_talking
    @rule(data=st.data())
    def an_agent_holds(self, data: st.DataObject) -> None:
        if which := self.pick(data, "accepted"):
            self.talks.hold(which, self.later())

    @while_talking
    @rule(data=st.data())
    def an_agent_goes_back(self, data: st.DataObject) -> None:
        if which := self.pick(data, "accepted"):
            self.talks.resume(which, self.later())

    @while_talking
    @rule(data=st.data(), queue=st.sampled_from(QUEUES))
    def an_agent_passes_on_to_a_queue(self, data: st.DataObject, queue: str) -> None:
        if which := self.pick(data, "accepted"):
            self.talks.hold(which, self.later())
            self.talks.offer_to_queue(which, queue, Person(note="n"), self.later())

    @while_talking
    @rule(data=st.data(), name=st.sampled_from(sorted(AGENTS)))
    def an_agent_passes_on_to_a_colleague(self, data: st.DataObject, name: str) -> None:
        if which := self.pick(data, "accepted"):
            self.talks.hold(which, self.later())
            self.talks.offer_to_agent(which, name, Person(note="n"), self.later())

    @while_talking
    @rule(data=st.data(), dismisses=st.sampled_from([False, False, True]))
    def an_agent_hangs_up(self, data: st.DataObject, dismisses: bool) -> None:
        if which := self.pick(data, "accepted"):
            self.agents.end_talk(which, self.now + 3, self.later(), dismisses=dismisses)

    @rule(name=st.sampled_from(sorted(AGENTS)), there=st.sampled_from([True, True, True, False]))
    def an_agent_comes_or_goes(self, name: str, there: bool) -> None:
        if there:
            self.agents.arrive(name, AGENTS[name], self.later(), address="client:" + name)
        else:
            self.agents.depart(name, self.later())

    @rule()
    def everybody_is_ready_again(self) -> None:
        for name in sorted(AGENTS):
            self.agents.end_wrap_up(name, self.later(), asked=True)

    @precondition(lambda self: self.are("person_left"))
    @rule()
    def agents_hear_that_the_person_left(self) -> None:
        for one in self.reservations("person_left"):
            self.agents.release(one.id, self.later())

    @invariant()
    def everybody_is_in_the_line_or_with_somebody_or_gone(self) -> None:
        with_them = {one.id: one for one in self.reservations("accepted")}
        waiting = [place for queue in QUEUES for place in self.line.waiting(queue)]
        assert len(waiting) == len(set(waiting))
        for place in self.first:
            stands = self.line.place(place)
            assert stands is not None
            assert (stands.state == "waiting") == (place in waiting)
            talk = self.talks.read(stands.talk) if stands.talk else None
            if place in self.gone:
                assert stands.state in ("left", "served")
                assert talk is None or talk.state == "over"
            elif talk is None:
                assert stands.state in ("waiting", "reserved")
            else:
                self._is_cared_for(stands.state, talk, with_them)

    def _is_cared_for(self, stands: str, talk: Talk, with_them: dict[str, Reservation]) -> None:
        held = self.redis.hget(keys.talk(talk.id), "held") == b"1"
        responsible = with_them.get(talk.reservation)
        match talk.state:
            case "over":
                # The last agent has ended it: the call goes on where the flow says.
                assert stands == "served"
                assert self.redis.hexists(keys.DUE_RECORDS, f"end_conference:{talk.id}")
                return
            case "alone":
                assert stands in ("waiting", "reserved")
                assert responsible is None
            case "offering":
                assert stands in ("waiting", "reserved")
                assert responsible is not None
            case _:
                assert stands == "served"
                assert responsible is not None
        assert held == (talk.state in ("held", "offering", "alone"))
        assert (talk.state == "introducing") == (talk.other in with_them)
        if responsible is not None:
            agent = self.agents.read(responsible.agent)
            assert agent is not None
            assert (agent.presence, agent.reservation) == ("busy", responsible.id)
            assert responsible.conference == talk.id
        for one in with_them.values():
            if one.conference == talk.id:
                assert one.id in (talk.reservation, talk.other)

    @invariant()
    def nobody_is_idle_while_somebody_waits_for_them(self) -> None:
        idle = {one.name for one in self.agents.everybody() if one.presence == "available"}
        for queue in QUEUES:
            assert not (self.line.waiting(queue) and any(queue in AGENTS[n] for n in idle))

    @invariant()
    def who_was_passed_on_stands_before_all_who_rang_later(self) -> None:
        for queue in QUEUES:
            waiting = self.line.waiting(queue)
            assert list(waiting) == sorted(waiting, key=lambda place: self.first[place])

    @invariant()
    def nobody_is_overtaken_without_a_reason(self) -> None:
        assert all(why != "unexplained" for _, why in self.line.overtaken())

    @invariant()
    def the_events_tell_the_same_of_the_line(self) -> None:
        stands = {}
        for event in happened(self.redis):
            match event["type"]:
                case "LineJoined" | "ReservationEnded":
                    stands[event["place"]] = "waiting"
                case "LineLeft":
                    stands[event["place"]] = "out"
                case "AgentReserved":
                    stands[event["place"]] = "reserved"
                case "Connected":
                    stands[event["place"]] = "out"
        for place, told in stands.items():
            found = self.line.place(str(place))
            assert found is not None
            assert told == {"waiting": "waiting", "reserved": "reserved"}.get(found.state, "out")


def test_whatever_is_done_with_talks_the_person_is_never_forgotten(redis: Redis) -> None:
    machine = type("Machine", (Talks,), {"redis": redis})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
