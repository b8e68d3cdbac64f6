"""A handset: a live person's telephone on the network. handset_api.py says how to speak to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ivr.simulator.call import Call
from ivr.simulator.clock import Hold, Timer
from ivr.simulator.errors import DirectoryError
from ivr.simulator.far_end import FarEnd
from ivr.simulator.handset_actions import ACTIONS, FREE
from ivr.simulator.handset_messages import HandsetError, Message

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier


class Handset(FarEnd):
    """One live person's telephone. `send` takes events; `receive` takes the person's messages.

    What else is public here is for the messages that it takes (handset_actions.py).
    """

    def __init__(self, carrier: "Carrier", send: Callable[[Message], None]) -> None:
        self.carrier = carrier
        self.send = send
        self.call: Call | None = None
        self.ringing = False
        self.timer: Timer | None = None
        self.asked_after: frozenset[str] = frozenset()
        self.asked: tuple[str, dict[str, object]] | None = None
        self.callee: Call | None = None
        self.numbers: list[str] = []
        self._hold: Hold | None = None

    def receive(self, message: Any) -> None:
        """Do what the person asks; what makes no sense is refused with a sentence."""
        kind = message.get("type") if isinstance(message, dict) else None
        action = ACTIONS.get(str(kind))
        if action is None:
            self.send({"type": "refused", "text": f"there is no message of type {kind!r}"})
            return
        hold = None
        if kind not in FREE:
            hold, self._hold = self._hold, None
        try:
            action(self, message)
        except (HandsetError, DirectoryError) as error:
            self._hold, hold = self._hold or hold, None
            self.send({"type": "refused", "text": str(error)})
        finally:
            if hold is not None:
                hold.release()

    def gone(self) -> None:
        """The connection is closed: the person has hung up and is unreachable."""
        for number in self.numbers:
            if self.carrier.handsets.get(number) is self:
                del self.carrier.handsets[number]
        if self.call is not None:
            self.call.hang_up()
        self.call = None
        self._moved()

    def ring(self, call: Call) -> None:
        if self.call is not None and not self.call.is_over:
            # What becomes of that call is no concern of the one under way.
            call.far_end = FarEnd()
            call.refuse("busy")
            return
        self.begin(call)
        self.ringing = True
        call.begin_ringing()
        told = {"parameters": call.parameters} if call.parameters else {}
        self.tell("ring", **{"from": call.caller, "to": call.called}, **told)
        self.ask("answer")

    def tell(self, kind: str, **details: object) -> None:
        call = self.call
        if call is None:
            return
        at = round(call.age, 3)
        self.send({"type": kind, "at": at, "call_sid": call.sid, **details})
        if kind == "ended":
            self.call, self.ringing, self.callee = None, False, None
            self._moved()
        elif kind in self.asked_after:
            self.ask(kind)

    def ask(self, waiting_for: str, **details: object) -> None:
        call = self.call
        if call is None or call.is_over:
            return
        self.asked = (waiting_for, details)
        if self._hold is None:
            self._hold = self.carrier.clock.hold()
        at = round(call.age, 3)
        self.send({"type": "your_move", "at": at, "call_sid": call.sid,
                    "waiting_for": waiting_for, **details})  # fmt: skip

    def receive_text(self, sender: str, number: str, body: str) -> None:
        self.send({"type": "text", "from": sender, "to": number, "body": body})

    def stop_asking(self) -> None:
        self.asked = None
        self._moved()

    def ask_for_callee(self, callee: Call) -> None:
        """Let this person say what the dialled one does."""
        self.callee = callee
        self.ask("callee", number=callee.called)

    def _moved(self) -> None:
        hold, self._hold = self._hold, None
        if hold is not None:
            hold.release()

    def begin(self, call: Call) -> None:
        """This is the call that the telephone is in from now on."""
        self.call = call
        self.asked = None
        self.stop_timer()

    def stop_timer(self) -> None:
        """The person no longer waits for a time to be over."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class CalleeByHandset(FarEnd):
    """The dialled person, of whom the caller's handset decides what they do."""

    def __init__(self, handset: Handset) -> None:
        self._handset = handset
        self.patient = handset.patient
        self.pace = handset.pace

    def ring(self, call: Call) -> None:
        call.begin_ringing()
        self._handset.ask_for_callee(call)
