"""A person played by script: how they treat a ringing telephone, and what they do on the line."""

from collections import deque
from collections.abc import Callable

from ivr.simulator.call import Call
from ivr.simulator.clock import Clock, Timer
from ivr.simulator.directory import Person, Step
from ivr.simulator.far_end import FarEnd
from ivr.simulator.inputs import Key, Sound, Words

REFUSALS = {"busy": "busy", "declined": "busy", "failed": "failed"}
AT_ONCE = ("busy", "failed")
"""What the network finds out before the telephone rings."""


class PersonOnTheLine(FarEnd):
    """Plays a `Person` on one leg.

    Keys, words and talk wait until the network listens, as a person waits for the prompt to end.
    """

    def __init__(self, person: Person, clock: Clock) -> None:
        self._person = person
        self._clock = clock
        self._steps: deque[Step] = deque(person.script)
        self._call: Call | None = None
        self._waiting_to_act = False
        self._timer: Timer | None = None

    def join(self, call: Call) -> None:
        """Be the caller of this call."""
        self._call = call

    def ring(self, call: Call) -> None:
        self._call = call
        does = self._person.does
        if does in AT_ONCE:
            call.refuse(REFUSALS[does])
            return
        call.begin_ringing()
        if does == "answers":
            self._later(self._person.after, call.pick_up)
        elif does == "declined":
            self._later(self._person.after, lambda: call.refuse(REFUSALS[does]))

    def tell(self, kind: str, **details: object) -> None:
        if kind == "answered":
            self._proceed()
        elif kind == "ended" and self._timer is not None:
            self._timer.cancel()

    def ask(self, waiting_for: str, **details: object) -> None:
        if self._waiting_to_act:
            self._waiting_to_act = False
            self._act()

    def _proceed(self) -> None:
        call = self._call
        if call is None or call.is_over or not self._steps:
            return
        step = self._steps[0]
        if step.does == "waits":
            self._steps.popleft()
            self._later(float(step.value), self._proceed)
        elif step.does == "hangs_up":
            self._steps.clear()
            call.hang_up()
        elif call.listening:
            self._act()
        else:
            self._waiting_to_act = True

    def _act(self) -> None:
        call = self._call
        if call is None or not self._steps:
            return
        step = self._steps.popleft()
        pause = 0.0
        if step.does == "presses":
            for key in str(step.value):
                call.put(Key(key))
        elif step.does == "says":
            call.put(Words(str(step.value)))
        else:
            pause = float(step.value)
            call.put(Sound(pause))
        self._later(pause, self._proceed)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._timer = self._clock.call_later(seconds, action)
