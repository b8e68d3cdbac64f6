"""Whatever callers, agents and the application do: nobody is lost, doubled, or overtaken.

The machine keeps a line of its own, and after every step compares it with the company's.
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from ivr.simulator.call import Call
from tests.simulator.application import LINE, Application, twiml
from tests.simulator.queues.switchboard import AGENT_LINE, Switchboard

WHISPER = 4
LARGEST_LINE = 4


class LineOfCallers(RuleBasedStateMachine):
    """`line` are those who wait; `hearing` and `talking` are pairs of caller and agent."""

    rejoins = False

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        app = self.stack.enter_context(Application())
        lines = {n: Line(n, app.base + p) for n, p in ((LINE, "/voice"), (AGENT_LINE, "/agent"))}
        chosen = Settings(lost_member_rejoins=self.rejoins)
        embedded = EmbeddedCarrier(Directory(lines=lines), chosen, SteppedClock(auto=False))
        self.board = Switchboard(self.stack.enter_context(embedded), app)
        self.twilio = self.board.twilio()
        app.on("/about", twiml(f"<Pause length='{WHISPER}'/>")).on("/new", twiml())
        self.board.serve(noun="url='/about'", dial="action='/dialled' timeout='600'")
        self.twilio.queues.create(friendly_name="support", max_size=LARGEST_LINE)
        self.callers: list[Call] = []
        self.line: list[Call] = []
        self.waiting_agents: list[Call] = []
        self.hearing: list[tuple[Call, Call, float]] = []
        self.talking: list[tuple[Call, Call]] = []
        self.results: dict[str, str] = {}
        self.now = 0.0

    def teardown(self) -> None:
        taken = [*(hears[0] for hears in self.hearing), *(talks[0] for talks in self.talking)]
        for call in [*self.line, *taken]:
            self.hang_up(call)
        self.check_results()
        assert set(self.results) == {call.sid for call in self.callers}
        self.stack.close()

    def match(self) -> None:
        while self.line and self.waiting_agents:
            pair = (self.line.pop(0), self.waiting_agents.pop(0))
            self.hearing.append((*pair, self.now + WHISPER))

    def end(self, call: Call) -> None:
        self.twilio.calls(call.sid).update(status="completed")
        self.board.pass_time(0)

    def hang_up(self, call: Call) -> None:
        self.end(call)
        talked = any(call is caller for caller, _ in self.talking)
        self.results[call.sid] = "bridged" if talked else "hangup"
        self.forget(call)

    def forget(self, call: Call) -> None:
        self.line = [one for one in self.line if one is not call]
        self.hearing = [pair for pair in self.hearing if pair[0] is not call]
        self.talking = [pair for pair in self.talking if pair[0] is not call]

    @rule()
    def somebody_phones(self) -> None:
        call = self.board.phones()
        self.callers.append(call)
        if len(self.line) >= LARGEST_LINE:
            self.results[call.sid] = "queue-full"
        else:
            self.line.append(call)
            self.match()

    @rule()
    def an_agent_dials(self) -> None:
        self.waiting_agents.append(self.board.agent_phones())
        self.match()

    @precondition(lambda self: self.line)
    @rule(data=st.data())
    def somebody_who_waits_hangs_up(self, data: st.DataObject) -> None:
        self.hang_up(data.draw(st.sampled_from(self.line)))

    @precondition(lambda self: self.line)
    @rule(data=st.data(), as_front=st.booleans())
    def the_application_takes_somebody_out(self, data: st.DataObject, as_front: bool) -> None:
        call = self.line[0] if as_front else data.draw(st.sampled_from(self.line))
        members = self.twilio.queues(self.board.queue.sid).members
        name = "Front" if as_front else call.sid
        shown = members(name).update(url=self.board.app.base + "/new")
        assert (shown.call_sid, shown.position) == (call.sid, self.line.index(call) + 1)
        self.board.pass_time(0)
        self.results[call.sid] = "redirected"
        self.forget(call)

    @precondition(lambda self: self.hearing)
    @rule(data=st.data())
    def somebody_hangs_up_before_the_bridge(self, data: st.DataObject) -> None:
        self.hang_up(data.draw(st.sampled_from(self.hearing))[0])

    @precondition(lambda self: self.hearing)
    @rule(data=st.data())
    def an_agent_goes_before_the_bridge(self, data: st.DataObject) -> None:
        caller, agent, until = data.draw(st.sampled_from(self.hearing))
        self.hearing.remove((caller, agent, until))
        self.end(agent)
        if self.rejoins:
            self.line.insert(0, caller)
            self.match()
        else:
            self.results[caller.sid] = "bridging-in-process"

    @precondition(lambda self: self.waiting_agents)
    @rule(data=st.data())
    def an_agent_gives_up(self, data: st.DataObject) -> None:
        agent = data.draw(st.sampled_from(self.waiting_agents))
        self.waiting_agents.remove(agent)
        self.end(agent)

    @precondition(lambda self: self.talking)
    @rule(data=st.data(), agent_goes=st.booleans(), redirected=st.booleans())
    def a_talk_ends(self, data: st.DataObject, agent_goes: bool, redirected: bool) -> None:
        caller, agent = data.draw(st.sampled_from(self.talking))
        if agent_goes:
            self.end(agent)
            self.results[caller.sid] = "bridged"
            self.forget(caller)
        elif redirected:
            self.twilio.calls(caller.sid).update(url=self.board.app.base + "/new")
            self.board.pass_time(0)
            self.results[caller.sid] = "redirected-from-bridged"
            self.forget(caller)
        else:
            self.hang_up(caller)

    @rule(seconds=st.sampled_from([1, 3, 5, 13]))
    def time_passes(self, seconds: int) -> None:
        self.board.pass_time(seconds)
        self.now += seconds
        self.talking += [pair[:2] for pair in self.hearing if pair[2] <= self.now]
        self.hearing = [pair for pair in self.hearing if pair[2] > self.now]

    @invariant()
    def the_line_is_as_it_should_be(self) -> None:
        assert self.board.line() == [call.sid for call in self.line]

    @invariant()
    def everybody_has_who_they_should_have(self) -> None:
        for caller, agent, _ in self.hearing:
            (*_, last) = self.board.told("/about", caller)
            assert last["DequeingCallSid"] == agent.sid
            assert agent.heard == 0
        for _, agent in self.talking:
            assert agent.heard == 1
        agents = [agent for _, agent, *_ in (*self.hearing, *self.talking)]
        assert len(agents) == len(set(agents))

    @invariant()
    def check_results(self) -> None:
        told = [fields for fields in self.board.app.to("/left")]
        by_call = {seen.fields["CallSid"]: seen.fields["QueueResult"] for seen in told}
        assert by_call == self.results
        assert len(told) == len(by_call)


class LineWithWaysBack(LineOfCallers):
    """The same where a caller who lost the agent stands at the front again."""

    rejoins = True


@pytest.mark.parametrize("machine", [LineOfCallers, LineWithWaysBack])
def test_nobody_is_lost_doubled_or_overtaken(machine: type[LineOfCallers]) -> None:
    few = settings(
        max_examples=6, stateful_step_count=14, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=few)
