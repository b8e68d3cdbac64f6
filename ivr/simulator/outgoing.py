"""Calls that the application creates: placed in turn, detected, recorded, and carried out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivr.simulator.call import Call, Progress
from ivr.simulator.detecting import Told, report, report_in_time
from ivr.simulator.inputs import Fetch, Interrupted, Redirected, Source
from ivr.simulator.machines import Detection, detect
from ivr.simulator.placing import place
from ivr.simulator.session import Fallback, Session
from ivr.simulator.taping import Listener, Tape
from ivr.simulator.tones import tone_seconds

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier


@dataclass(frozen=True)
class Taped:
    """How the whole call is recorded."""

    channels: int = 1
    listener: Listener | None = None


@dataclass(frozen=True)
class Order:
    """What the application wants of a call. Times are seconds."""

    caller: str
    called: str
    source: Source
    timeout: float = 60.0
    progress: Progress | None = None
    fallback: Fallback | None = None
    digits: str = ""
    time_limit: float | None = None
    detection: Detection | None = None
    waits_for_detection: bool = True
    """Whether the document is requested only when it is known who answered."""
    detection_told: Told | None = None
    taped: Taped | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    credentials: tuple[str, str] = ("", "")


def begin(carrier: "Carrier", order: Order) -> Call:
    """A call to be placed when it is its turn; raises CallQueueFullError."""
    wait = carrier.pacing.estimate()
    call = Call(
        carrier, direction="outbound-api", caller=order.caller, called=order.called,
        far_end=carrier.far_end_for(order.called),
    )  # fmt: skip
    call.queue_time = round(wait * 1000)
    call.parameters = dict(order.parameters)
    call.credentials = order.credentials
    if order.progress is not None:
        call.progress.append(order.progress)
    carrier.calls.add(call)
    carrier.spawn(_carry_out(carrier, call, order))
    return call


async def _carry_out(carrier: "Carrier", call: Call, order: Order) -> None:
    source = order.source
    try:
        await carrier.pacing.turn(call)
        if not await place(call, order.timeout):
            return
        if order.taped is not None:
            taped = order.taped
            call.tape = Tape(call, "OutboundAPI", taped.listener, channels=taped.channels)
        source = await _once_answered(call, order)
    except Interrupted as interrupted:
        if not isinstance(interrupted.cause, Redirected):
            return
        call.interrupt, source = None, interrupted.cause.source
    await Session(carrier, call, order.fallback).run(source)


async def _once_answered(call: Call, order: Order) -> Source:
    """What comes before the document: detection, and keys to send."""
    source = order.source
    if order.time_limit is not None:
        call.limit(order.time_limit)
    if order.digits:
        call.tell("tones", digits=order.digits)
        await call.pass_time(tone_seconds(order.digits))
    elif order.detection is not None:
        finding = detect(call.far_end.voice, order.detection)
        if order.waits_for_detection:
            await call.pass_time(finding.seconds)
            found = report(call, finding, order.detection_told)
            if isinstance(source, Fetch):
                source = Fetch(source.url, source.method, (*source.fields, *found), source.purpose)
        else:
            if order.detection_told is None:
                text = "AsyncAmd without AsyncAmdStatusCallback"
                call.carrier.note(call, "warning", 21262, text)
            report_in_time(call, finding, order.detection_told)
    return source
