"""One telephone that Dial rings, from the first ring until it is connected or over."""

from dataclasses import dataclass

from ivr.simulator.call import CALL_EVENTS, Call, Progress
from ivr.simulator.detecting import Told, report_in_time
from ivr.simulator.dialling.conversation import pass_on
from ivr.simulator.dialling.targets import Target
from ivr.simulator.errors import ApplicationError
from ivr.simulator.inputs import Fetch, Interrupted, PeerChanged, Redirected
from ivr.simulator.machines import detect, read_detection
from ivr.simulator.placing import place
from ivr.simulator.session import Session
from ivr.simulator.tones import tone_seconds
from ivr.simulator.twiml.document import Element

WHISPER_VERBS = frozenset({"Play", "Say", "Gather", "Hangup"})


@dataclass
class Leg:
    """An address being dialled. `state`: ringing, ready, over, or left (redirected away)."""

    call: Call
    target: Target
    state: str = "ringing"


def begin(session: Session, target: Target, caller_id: str) -> Leg:
    """A leg to that target, not yet ringing."""
    parent, noun = session.call, target.noun
    call = Call(
        session.carrier, direction="outbound-dial", caller=caller_id, called=target.address,
        far_end=session.carrier.far_end_for(target.address, parent), parent=parent,
    )  # fmt: skip
    call.parameters = dict(target.parameters)
    call.credentials = target.credentials
    session.carrier.calls.add(call)
    if noun is not None and noun.get("statusCallback"):
        try:
            url = session.resolve(noun.get("statusCallback"))
        except ApplicationError as error:
            session.warn(error.code, error.detail)
        else:
            events = set(noun.get("statusCallbackEvent", "completed").split()) & set(CALL_EVENTS)
            method = noun.method("statusCallbackMethod")
            call.progress.append(Progress(url, method, frozenset(events or {"completed"})))
    return Leg(call, target)


async def attend(session: Session, leg: Leg, timeout: float) -> None:
    """Ring, whisper, stay on the line until one side leaves; the parent leg is told of changes."""
    call, parent = leg.call, session.call
    try:
        if not await place(call, timeout) or not await _prepare(session, leg):
            return
        leg.state = "ready"
        parent.nudge(PeerChanged())
        await _converse(call, parent)
    except Interrupted as interrupted:
        if isinstance(interrupted.cause, Redirected):
            leg.state = "left"
            call.interrupt = None
            call.listen(False)
            go_on = Session(session.carrier, call).run(interrupted.cause.source)
            session.carrier.spawn(go_on)
    except ApplicationError as error:
        session.carrier.note(call, "error", error.code, error.detail)
        call.end("failed", error.detail)
    finally:
        if leg.state != "left":
            leg.state = "over"
        parent.nudge(PeerChanged())


async def _prepare(session: Session, leg: Leg) -> bool:
    """What the called party hears before being connected; false when that ends the leg."""
    call, noun = leg.call, leg.target.noun
    if noun is None:
        return True
    digits = noun.get("sendDigits")
    if not digits:
        _detect(session, noun, call)
    if digits and set(digits) <= set("0123456789*#wW"):
        call.tell("tones", digits=digits)
        await call.pass_time(tone_seconds(digits))
    elif digits:
        session.warn(13222, f"line {noun.line}: sendDigits is {digits!r}")
    if not noun.get("url"):
        return True
    whisper = Session(session.carrier, call, allowed=WHISPER_VERBS, overheard_by=session.call)
    url = session.resolve(noun.get("url"))
    if await whisper.play_out(Fetch(url, noun.method(), purpose="whisper")):
        call.end("completed", "the document of the called party hung up")
        return False
    return True


def _detect(session: Session, noun: Element, call: Call) -> None:
    """Find out who answered, if that is asked for; the call goes on meanwhile."""
    try:
        detection = read_detection(noun.attributes)
    except ValueError as error:
        session.warn(21234, f"line {noun.line}: {error}")
        return
    if detection is None:
        return
    told = None
    address = noun.get("amdStatusCallback").strip()
    if not address:
        session.warn(21262, f"line {noun.line}: machineDetection without amdStatusCallback")
    else:
        try:
            told = Told(session.resolve(address), noun.method("amdStatusCallbackMethod"))
        except ApplicationError as error:
            session.warn(error.code, error.detail)
    report_in_time(call, detect(call.far_end.voice, detection), told)


async def _converse(call: Call, parent: Call) -> None:
    call.tell("connected", number=call.caller)
    call.listen(True)
    while True:
        item = await call.next_input(None, "conversation")
        pass_on(item, parent)
