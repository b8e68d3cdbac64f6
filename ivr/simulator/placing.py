"""Placing a call: ring somebody's telephone until they answer, refuse, or the time is over."""

from ivr.simulator.call import Call
from ivr.simulator.inputs import PickedUp, Refused


async def place(call: Call, timeout: float) -> bool:
    """Whether the call was answered; when it was not, it has ended with the reason.

    `timeout` is what the application asked for, in seconds; the network adds its own few.
    Raises Interrupted when the call is ended or redirected meanwhile.
    """
    clock = call.carrier.clock
    call.check()
    call.initiate()
    deadline = clock.seconds() + timeout + call.carrier.settings.extra_ring_time
    call.far_end.ring(call)
    while True:
        patient = call.far_end.patient
        await call.wait(None if patient else max(deadline - clock.seconds(), 0))
        if not call.inputs:
            call.end("no-answer", "nobody answered in time")
            return False
        item = call.inputs.popleft()
        if isinstance(item, PickedUp):
            call.answer()
            return True
        if isinstance(item, Refused):
            call.end(item.status, f"not taken: {item.status}")
            return False
