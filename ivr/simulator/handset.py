"""A handset: a live person's telephone on the network, spoken to over a WebSocket.

Connect to ``ws://HOST:PORT/_carrier/handset``. Both directions carry JSON objects with a ``type``.
One connection is one telephone; it is in at most one call at a time and can make several calls
one after another.

What a client sends
    dial        {to, from?, people?, pace?, patience?, ask?, method?, fallback?, status_callback?}
                ``to`` is a number of the directory, or a URL that is phoned directly (then
                ``method``, ``fallback`` and ``status_callback`` describe that ad-hoc line).
                ``from`` is E.164, or "withheld" (arrives as +266696687). ``people`` says who
                answers, in this call, the numbers that the application dials:
                {"+46846500410": "busy"}, with "*" for numbers nobody else is behind; values are
                ``answers``, ``busy``, ``no_answer``, ``declined``, ``failed``, ``ask`` (you
                decide, see your_move "callee"), or an object
                {answers_after: seconds, does: outcome, then: [steps]} as in a directory file.
                ``pace``: "real" (default) or "fast" (speech, pauses and beeps take no time).
                ``patience``: "real" (default; silences run out by the clock) or "mine" (a wait
                ends only when you make a move). ``ask``: further events after which you want
                to be asked for a move, e.g. ["answered", "said"].
    register    {numbers: [...], pace?, patience?, ask?}
                be the telephone that rings when one of these numbers is called
    answer, decline {busy?}, let_ring  replies to a ring
    press       {keys}                 one or several of 0-9 * #
    say         {text, confidence?}    words, for speech recognition or for the other party
    speak       {seconds}              make sound for so long (a recording, a conversation)
    silence                            say nothing: let the present wait run out now
    wait        {seconds?}             let time go on; with seconds, be asked again after them
    callee      {does}                 reply to your_move "callee": answers, busy, no_answer,
                                       declined, failed
    people      {people}               change who answers dialled numbers from now on
    hang_up

What a client receives (every event has ``at``: seconds since the call began, and ``call_sid``)
    dialled {to, from}            ringing                    ring {from, to} (somebody calls you)
    answered                      said {text, language, voice, slow, seconds}
    played {url, seconds}         tones {digits}             paused {seconds}         beep
    listening {input, num_digits, finish_on_key, hints, timeout, language, reports_silence}
    recording {max_length, timeout, finish_on_key}
    recorded {seconds, url}       dialling {number}          connected {number}
    dial_ended {number, status, seconds}                     whispered {number, text, language}
    heard {text | keys | seconds} from the other party of a bridged call
    interrupted                   what you did cut the prompt short
    lost {keys | text}            nobody was listening to what you pressed or said
    request {method, url, purpose, status, ms, error}        a webhook that went out for this call
    warning {code, text}          error {code, text}         what the carrier's debugger would show
    your_move {waiting_for, ...}  see below
    ended {status, reason, seconds}
    refused {text}                your last message made no sense, and why
    registered {numbers}

Whose move it is
    ``your_move`` is sent whenever the network waits for this person. ``waiting_for`` is "answer"
    (it rings), "input" (a Gather listens; with ``so_far``), "recording", "conversation" (bridged;
    nothing need be done), "callee" (``number``: what does the dialled person do?), "anything"
    (the time of a ``wait`` is over), or the name of an event in ``ask``. With the stepped clock
    virtual time stands still until the client sends any message but ``register`` and ``people``;
    with patience "mine" the wait itself never runs out by the clock. A connection that closes
    hangs up.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ivr.simulator.call import Call
from ivr.simulator.clock import Hold, SteppedClock, Timer
from ivr.simulator.directory import Line
from ivr.simulator.errors import DirectoryError
from ivr.simulator.far_end import FarEnd
from ivr.simulator.handset_messages import (
    HandsetError,
    Message,
    caller_of,
    choice,
    confidence_of,
    list_of,
    people_of,
    seconds_of,
)
from ivr.simulator.inputs import Key, Silence, Sound, Words
from ivr.simulator.numbers import AD_HOC_LINE, is_e164, tidy
from ivr.simulator.urls import is_http_url

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier

KEYS = frozenset("0123456789*#")
CALLEE_STATUS = {"busy": "busy", "declined": "busy", "failed": "failed"}
FREE = ("register", "people")
"""Messages that are no move."""


class Handset(FarEnd):
    """One live person's telephone. `send` takes events; `receive` takes the person's messages."""

    def __init__(self, carrier: "Carrier", send: Callable[[Message], None]) -> None:
        self._carrier = carrier
        self._send = send
        self._call: Call | None = None
        self._ringing = False
        self._hold: Hold | None = None
        self._timer: Timer | None = None
        self._asked_after: frozenset[str] = frozenset()
        self._asked: tuple[str, dict[str, object]] | None = None
        self._callee: Call | None = None
        self._numbers: list[str] = []

    def receive(self, message: Any) -> None:
        """Do what the person asks; what makes no sense is refused with a sentence."""
        kind = message.get("type") if isinstance(message, dict) else None
        action = ACTIONS.get(str(kind))
        if action is None:
            self._send({"type": "refused", "text": f"there is no message of type {kind!r}"})
            return
        hold = None
        if kind not in FREE:
            hold, self._hold = self._hold, None
        try:
            action(self, message)
        except (HandsetError, DirectoryError) as error:
            self._hold, hold = self._hold or hold, None
            self._send({"type": "refused", "text": str(error)})
        finally:
            if hold is not None:
                hold.release()

    def gone(self) -> None:
        """The connection is closed: the person has hung up and is unreachable."""
        for number in self._numbers:
            if self._carrier.handsets.get(number) is self:
                del self._carrier.handsets[number]
        if self._call is not None:
            self._call.hang_up()
        self._call = None
        self._moved()

    def ring(self, call: Call) -> None:
        if self._call is not None and not self._call.is_over:
            call.refuse("busy")
            return
        self._begin(call)
        self._ringing = True
        call.begin_ringing()
        self.tell("ring", **{"from": call.caller, "to": call.called})
        self.ask("answer")

    def tell(self, kind: str, **details: object) -> None:
        call = self._call
        if call is None:
            return
        at = round(call.age, 3)
        self._send({"type": kind, "at": at, "call_sid": call.sid, **details})
        if kind == "ended":
            self._call, self._ringing, self._callee = None, False, None
            self._moved()
        elif kind in self._asked_after:
            self.ask(kind)

    def ask(self, waiting_for: str, **details: object) -> None:
        call = self._call
        if call is None or call.is_over:
            return
        self._asked = (waiting_for, details)
        if self._hold is None:
            self._hold = self._carrier.clock.hold()
        at = round(call.age, 3)
        self._send({"type": "your_move", "at": at, "call_sid": call.sid,
                    "waiting_for": waiting_for, **details})  # fmt: skip

    def stop_asking(self) -> None:
        self._asked = None
        self._moved()

    def ask_for_callee(self, callee: Call) -> None:
        """Let this person say what the dialled one does."""
        self._callee = callee
        self.ask("callee", number=callee.called)

    def _moved(self) -> None:
        hold, self._hold = self._hold, None
        if hold is not None:
            hold.release()

    def _begin(self, call: Call) -> None:
        self._call = call
        self._asked = None
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _current(self) -> Call:
        if self._call is None or self._call.is_over:
            raise HandsetError("you are not in a call")
        self._stop_timer()
        return self._call

    def _dial(self, message: Message) -> None:
        if self._call is not None and not self._call.is_over:
            raise HandsetError("you are in a call already")
        caller = caller_of(message.get("from"))
        line = self._line(message)
        people = people_of(message.get("people") or {})
        self._take_manner(message)
        call = self._carrier.phone_in(caller, line, self)
        call.people = people
        self._begin(call)
        self.tell("dialled", **{"to": line.number, "from": caller})
        self.tell("ringing")

    def _take_manner(self, message: Message) -> None:
        self.pace = {"real": 1.0, "fast": 0.0}[choice(message, "pace", ("real", "fast"))]
        self.patient = choice(message, "patience", ("real", "mine")) == "mine"
        self._asked_after = frozenset(list_of(message, "ask"))

    def _line(self, message: Message) -> Line:
        to = str(message.get("to") or "").strip()
        if is_http_url(to):
            extras = {key: str(message.get(key) or "") for key in ("fallback", "status_callback")}
            for key, url in extras.items():
                if url and not is_http_url(url):
                    raise HandsetError(f"{key}: {url!r} is no http:// or https:// address")
            method = str(message.get("method") or "POST").upper()
            if method not in ("GET", "POST"):
                raise HandsetError(f"method: {method!r} is neither GET nor POST")
            return Line(
                AD_HOC_LINE, to, method, fallback_url=extras["fallback"],
                status_callback=extras["status_callback"],
            )  # fmt: skip
        line = self._carrier.directory.lines.get(tidy(to))
        if line is None:
            known = ", ".join(sorted(self._carrier.directory.lines)) or "none"
            raise HandsetError(f"{to!r} is no line of this network (lines: {known})")
        return line

    def _register(self, message: Message) -> None:
        numbers = [tidy(number) for number in list_of(message, "numbers")]
        for number in numbers:
            if not is_e164(number):
                raise HandsetError(f"{number!r} is no number like +46846500410")
            if number in self._carrier.handsets:
                raise HandsetError(f"{number} has a telephone already")
        self._take_manner(message)
        self._numbers += numbers
        self._carrier.handsets.update(dict.fromkeys(numbers, self))
        self._send({"type": "registered", "numbers": self._numbers})

    def _answer(self, message: Message) -> None:
        call = self._current()
        if not self._ringing:
            raise HandsetError("your telephone does not ring")
        self._ringing = False
        call.pick_up()

    def _decline(self, message: Message) -> None:
        call = self._current()
        if not self._ringing:
            raise HandsetError("your telephone does not ring")
        self._ringing = False
        call.refuse("busy" if message.get("busy", True) else "no-answer")

    def _let_ring(self, message: Message) -> None:
        self._current()

    def _press(self, message: Message) -> None:
        keys = str(message.get("keys", ""))
        if not keys or not set(keys) <= KEYS:
            raise HandsetError(f"{keys!r} are not keys of a telephone (0-9 * #)")
        call = self._current()
        unheard = "".join(key for key in keys if not call.put(Key(key)))
        if unheard:
            self.tell("lost", keys=unheard)

    def _say(self, message: Message) -> None:
        text = str(message.get("text") or "")
        words = Words(text, confidence_of(message))
        if not self._current().put(words):
            self.tell("lost", text=text)

    def _speak(self, message: Message) -> None:
        sound = Sound(seconds_of(message))
        if not self._current().put(sound):
            self.tell("lost", seconds=sound.seconds)

    def _silence(self, message: Message) -> None:
        call = self._current()
        if self.patient or not isinstance(self._carrier.clock, SteppedClock):
            call.put(Silence())

    def _wait(self, message: Message) -> None:
        self._current()
        if message.get("seconds") is not None:
            seconds = seconds_of(message) * self.pace
            self._timer = self._carrier.clock.call_later(seconds, self._ask_again)

    def _ask_again(self) -> None:
        self._timer = None
        if self._call is None:
            return
        if self._asked is not None and self._call.listening:
            self.ask(self._asked[0], **self._asked[1])
        else:
            self.ask("anything")

    def _say_what_callee_does(self, message: Message) -> None:
        does = choice(message, "does", ("answers", "busy", "no_answer", "declined", "failed"))
        callee, self._callee = self._callee, None
        if callee is None or callee.is_over:
            raise HandsetError("nobody is being dialled for you")
        if does == "answers":
            callee.pick_up()
        elif does == "no_answer":
            callee.refuse("no-answer")
        else:
            callee.refuse(CALLEE_STATUS[does])

    def _change_people(self, message: Message) -> None:
        self._current().people.update(people_of(message.get("people") or {}))

    def _hang_up(self, message: Message) -> None:
        self._current().hang_up()


class CalleeByHandset(FarEnd):
    """The dialled person, of whom the caller's handset decides what they do."""

    def __init__(self, handset: Handset) -> None:
        self._handset = handset
        self.patient = handset.patient
        self.pace = handset.pace

    def ring(self, call: Call) -> None:
        call.begin_ringing()
        self._handset.ask_for_callee(call)


ACTIONS: dict[str, Callable[[Handset, Message], None]] = {
    "dial": Handset._dial,
    "register": Handset._register,
    "answer": Handset._answer,
    "decline": Handset._decline,
    "let_ring": Handset._let_ring,
    "press": Handset._press,
    "say": Handset._say,
    "speak": Handset._speak,
    "silence": Handset._silence,
    "wait": Handset._wait,
    "callee": Handset._say_what_callee_does,
    "people": Handset._change_people,
    "hang_up": Handset._hang_up,
}
