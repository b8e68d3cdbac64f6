"""The messages of a handset that are acted on: one function each. handset_api.py lists them."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ivr.simulator.addresses import is_address
from ivr.simulator.call import Call
from ivr.simulator.clock import SteppedClock
from ivr.simulator.handset_messages import (
    HandsetError,
    Message,
    caller_of,
    carried_of,
    choice,
    confidence_of,
    known_line,
    line_of,
    list_of,
    parameters_of,
    people_of,
    seconds_of,
)
from ivr.simulator.inputs import Key, Silence, Sound, Words
from ivr.simulator.numbers import tidy

if TYPE_CHECKING:
    from ivr.simulator.handset import Handset

KEYS = frozenset("0123456789*#")
CALLEE_STATUS = {"busy": "busy", "declined": "busy", "failed": "failed"}
FREE = ("register", "people", "text")
"""Messages that are no move."""


def _current(handset: "Handset") -> Call:
    if handset.call is None or handset.call.is_over:
        raise HandsetError("you are not in a call")
    handset.stop_timer()
    return handset.call


def dial(handset: "Handset", message: Message) -> None:
    """Phone a line, or an address as an ad-hoc line."""
    if handset.call is not None and not handset.call.is_over:
        raise HandsetError("you are in a call already")
    caller = caller_of(message.get("from"))
    line = line_of(handset.carrier.directory, message)
    people = people_of(message.get("people") or {})
    _take_manner(handset, message)
    call = handset.carrier.phone_in(
        caller, line, handset, carried=carried_of(message), parameters=parameters_of(message)
    )
    call.people = people
    handset.begin(call)
    handset.tell("dialled", **{"to": line.number, "from": caller})
    handset.tell("ringing")


def _take_manner(handset: "Handset", message: Message) -> None:
    handset.pace = {"real": 1.0, "fast": 0.0}[choice(message, "pace", ("real", "fast"))]
    handset.patient = choice(message, "patience", ("real", "mine")) == "mine"
    handset.asked_after = frozenset(list_of(message, "ask"))


def register(handset: "Handset", message: Message) -> None:
    """Be the telephone behind these numbers."""
    numbers = [tidy(number) for number in list_of(message, "numbers")]
    for number in numbers:
        if not is_address(number):
            raise HandsetError(f"{number!r} is no number like +46846500410")
        if number in handset.carrier.handsets:
            raise HandsetError(f"{number} has a telephone already")
    _take_manner(handset, message)
    handset.numbers += numbers
    handset.carrier.handsets.update(dict.fromkeys(numbers, handset))
    handset.send({"type": "registered", "numbers": handset.numbers})


def answer(handset: "Handset", message: Message) -> None:
    """Take the call that rings."""
    call = _current(handset)
    if not handset.ringing:
        raise HandsetError("your telephone does not ring")
    handset.ringing = False
    call.pick_up()


def decline(handset: "Handset", message: Message) -> None:
    """Do not take the call that rings."""
    call = _current(handset)
    if not handset.ringing:
        raise HandsetError("your telephone does not ring")
    handset.ringing = False
    call.refuse("busy" if message.get("busy", True) else "no-answer")


def let_ring(handset: "Handset", message: Message) -> None:
    """Let it ring on."""
    _current(handset)


def press(handset: "Handset", message: Message) -> None:
    """Press keys; those that nobody listens to are lost."""
    keys = str(message.get("keys", ""))
    if not keys or not set(keys) <= KEYS:
        raise HandsetError(f"{keys!r} are not keys of a telephone (0-9 * #)")
    call = _current(handset)
    unheard = "".join(key for key in keys if not call.put(Key(key)))
    if unheard:
        handset.tell("lost", keys=unheard)


def say(handset: "Handset", message: Message) -> None:
    """Say words."""
    text = str(message.get("text") or "")
    words = Words(text, confidence_of(message))
    if not _current(handset).put(words):
        handset.tell("lost", text=text)


def speak(handset: "Handset", message: Message) -> None:
    """Make sound for so long."""
    sound = Sound(seconds_of(message))
    if not _current(handset).put(sound):
        handset.tell("lost", seconds=sound.seconds)


def silence(handset: "Handset", message: Message) -> None:
    """Let the present wait run out now."""
    call = _current(handset)
    if handset.patient or not isinstance(handset.carrier.clock, SteppedClock):
        call.put(Silence())


def wait(handset: "Handset", message: Message) -> None:
    """Let time go on, for so long or until something happens."""
    _current(handset)
    if message.get("seconds") is not None:
        seconds = seconds_of(message) * handset.pace
        handset.timer = handset.carrier.clock.call_later(seconds, partial(_ask_again, handset))


def _ask_again(handset: "Handset") -> None:
    handset.timer = None
    if handset.call is None:
        return
    if handset.asked is not None and handset.call.listening:
        handset.ask(handset.asked[0], **handset.asked[1])
    else:
        handset.ask("anything")


def say_what_callee_does(handset: "Handset", message: Message) -> None:
    """Play the person who is being dialled."""
    does = choice(message, "does", ("answers", "busy", "no_answer", "declined", "failed"))
    callee, handset.callee = handset.callee, None
    if callee is None or callee.is_over:
        raise HandsetError("nobody is being dialled for you")
    if does == "answers":
        callee.pick_up()
    elif does == "no_answer":
        callee.refuse("no-answer")
    else:
        callee.refuse(CALLEE_STATUS[does])


def change_people(handset: "Handset", message: Message) -> None:
    """Put other people behind the numbers dialled from this call."""
    _current(handset).people.update(people_of(message.get("people") or {}))


def hang_up(handset: "Handset", message: Message) -> None:
    """End the call."""
    _current(handset).hang_up()


def text(handset: "Handset", message: Message) -> None:
    """Send a text to a line; in a call or not."""
    sender = caller_of(message["from"]) if message.get("from") else next(iter(handset.numbers), "")
    if not sender:
        raise HandsetError("text: register a number first, or give from")
    body = message.get("body")
    if not isinstance(body, str) or not body:
        raise HandsetError("body: write what the text says")
    line = known_line(handset.carrier.directory, str(message.get("to") or ""))
    handset.carrier.messages.person_texts(sender, line.number, body)


ACTIONS: dict[str, Callable[["Handset", Message], None]] = {
    "dial": dial,
    "register": register,
    "answer": answer,
    "decline": decline,
    "let_ring": let_ring,
    "press": press,
    "say": say,
    "speak": speak,
    "silence": silence,
    "wait": wait,
    "callee": say_what_callee_does,
    "people": change_people,
    "text": text,
    "hang_up": hang_up,
}
