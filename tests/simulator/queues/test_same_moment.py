"""Several things that happen to one call in a queue at the same moment, or to many at once."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import permutations

from twilio.base.exceptions import TwilioRestException

from ivr.simulator import Carrier, Directory, Line, Server, SteppedClock
from ivr.simulator.call import Call
from ivr.simulator.inputs import Fetch
from ivr.simulator.queues import Dequeuing
from tests.simulator.application import LINE, Application, twiml
from tests.simulator.queues.switchboard import AGENT_LINE, Switchboard

CALLER, AGENT = "+46701740605", "+46846500410"
ACTS = ("hangs up", "is redirected", "is taken", "loses the agent")
ORDERS = [
    order
    for count in (1, 2, 3, 4)
    for order in permutations(ACTS, count)
    if "loses the agent" not in order[: order.index("is taken") + 1 if "is taken" in order else 4]
]


def expected(order: tuple[str, ...]) -> str:
    """The ways out of a queue, the stronger first."""
    if "hangs up" in order:
        return "hangup"
    if "is redirected" in order:
        return "redirected"
    return "bridging-in-process" if "loses the agent" in order else "bridged"


async def _results(app: Application, orders: list[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Let each order happen to a call of its own, within one moment; which call had which."""
    lines = {n: Line(n, app.base + p) for n, p in ((LINE, "/voice"), (AGENT_LINE, "/agent"))}
    carrier = Carrier(Directory(lines=lines), clock=SteppedClock(auto=False))
    server = Server(carrier)
    await server.start()
    calls = {}
    for order in orders:
        call = carrier.person_phones(CALLER, LINE, "answers")
        agent = carrier.person_phones(AGENT, AGENT_LINE, "answers")
        await carrier.clock.advance(0)
        (queue,) = carrier.queues.all()
        dequeuing = Dequeuing(agent, None)
        acts: dict[str, Callable[[], None]] = {
            "hangs up": call.hang_up,
            "is redirected": partial(call.redirect, Fetch(app.base + "/new")),
            "is taken": partial(queue.ask, dequeuing),
            "loses the agent": dequeuing.leave,
        }
        for act in order:
            acts[act]()
        await carrier.clock.advance(1)
        dequeuing.leave()
        queue.withdraw(dequeuing)
        await carrier.clock.advance(1)
        assert queue.members == []
        assert call.is_over
        calls[call.sid] = order
    await server.stop()
    return calls


def test_every_call_has_one_result_whatever_happens_at_the_same_moment() -> None:
    with Application() as app:
        app.on("/voice", twiml("<Enqueue waitUrl='' action='/left'>support</Enqueue>"))
        app.on("/left", twiml()).on("/new", twiml()).on("/agent", twiml("<Pause length='999'/>"))
        calls = asyncio.run(_results(app, ORDERS))
        told = [(seen.fields["CallSid"], seen.fields["QueueResult"]) for seen in app.to("/left")]
    assert sorted(told) == sorted((sid, expected(order)) for sid, order in calls.items())


async def _who_gets_whom(app: Application) -> list[str]:
    """Two agents wait, the first hangs up in the moment in which a caller joins."""
    lines = {AGENT_LINE: Line(AGENT_LINE, f"{app.base}/agent")}
    carrier = Carrier(Directory(lines=lines), clock=SteppedClock(auto=False))
    server = Server(carrier)
    await server.start()
    queue = carrier.queues.create("support")
    first, second, caller = (carrier.person_phones(AGENT, AGENT_LINE, "answers") for _ in range(3))
    await carrier.clock.advance(0)
    asking = [Dequeuing(first, None), Dequeuing(second, None)]
    for dequeuing in asking:
        queue.ask(dequeuing)
    first.hang_up()
    queue.join(caller)
    await server.stop()
    return [dequeuing.state.value for dequeuing in asking]


def test_an_agent_who_hangs_up_as_a_caller_joins_gets_nobody() -> None:
    with Application() as app:
        app.on("/agent", twiml("<Pause length='999'/>"))
        assert asyncio.run(_who_gets_whom(app)) == ["asking", "preparing"]


def test_many_hands_at_once_never_get_the_same_caller(board: Switchboard) -> None:
    board.serve(dial="action='/dialled' timeLimit='60' timeout='5'")
    board.app.on("/new", twiml())
    callers = [board.phones(f"+467017406{n:02}") for n in range(5, 35)]
    queue_sid = board.queue.sid

    def take_front(number: int) -> str:
        members = board.twilio().queues(queue_sid).members
        try:
            return str(members("Front").update(url=board.app.base + "/new").call_sid)
        except TwilioRestException as error:
            assert (error.status, error.code) == (404, 20404)
            return ""

    def end(call: Call) -> None:
        board.twilio().calls(call.sid).update(status="completed")

    with ThreadPoolExecutor(8) as hands:
        taken = hands.map(take_front, range(10))
        agents = list(hands.map(lambda _: board.agent_phones(), range(10)))
        ended = hands.map(end, callers[20:28])
        removed = [sid for sid in taken if sid]
        list(ended)
    board.pass_time(0)
    waiting = board.line()
    board.pass_time(60)
    for call in callers[28:]:
        end(call)
    board.pass_time(5)

    results = {call.sid: board.result(call)["QueueResult"] for call in callers}
    assert len(removed) == len(set(removed)) == 10
    assert {sid for sid, result in results.items() if result == "redirected"} == set(removed)
    bridged = [board.dialled(agent).get("DequeuedCallSid", "") for agent in agents]
    assert sorted(sid for sid in bridged if sid) == sorted(
        sid for sid, result in results.items() if result == "bridged"
    )
    assert Counter(results.values()) == {"redirected": 10, "bridged": 10, "hangup": 10}
    assert waiting == [call.sid for call in callers if call.sid in waiting]
