"""A person played by script: how they treat a ringing telephone, and what they do on the line."""

from collections import deque
from collections.abc import Callable

from ivr.simulator.call import Call
from ivr.simulator.clock import Clock, Timer
from ivr.simulator.far_end import FarEnd
from ivr.simulator.inputs import Key, Sound, Words
from ivr.simulator.machines import Voice
from ivr.simulator.people import REFUSALS, Person, Step

NOT_TAKEN = {"busy": "busy", "declined": "busy", "failed": "failed"}
AT_ONCE = ("busy", "failed", *REFUSALS)
"""What the network finds out before the telephone rings."""


class PersonOnTheLine(FarEnd):
    """Plays a `Person` on one leg.

    Keys, words and talk wait until the network listens, as a person waits for the prompt to end.
    """

    def __init__(
        self,
        person: Person,
        clock: Clock,
        afterwards: Callable[["PersonOnTheLine"], None] | None = None,
    ) -> None:
        self.person = person
        self.reached = False
        """Whether they have been connected with somebody."""
        self.voice = voice_of(person)
        self._clock = clock
        self._afterwards = afterwards
        self._steps: deque[Step] = deque(person.steps)
        self._call: Call | None = None
        self._waiting_to_act = False
        self._timer: Timer | None = None
        self._sounds_until = 0.0
        """When a sound ends that began before anybody listened."""
        self._patience: list[Timer] = []

    def join(self, call: Call) -> None:
        """Be the caller of this call."""
        self._call = call
        if self.person.gives_up_after is not None:
            self._patience.append(self._clock.call_later(self.person.gives_up_after, self._give_up))

    def ring(self, call: Call) -> None:
        self._call = call
        person = self.person
        locked = person.username and call.credentials != (person.username, person.password)
        if locked or person.does in AT_ONCE:
            call.refuse("failed" if locked else NOT_TAKEN.get(person.does, "failed"))
            return
        call.begin_ringing()
        if person.does == "answers":
            self._later(person.after, call.pick_up)
        elif person.does == "declined":
            self._later(person.after, lambda: call.refuse("busy"))

    def tell(self, kind: str, **details: object) -> None:
        if kind == "answered":
            self._begin()
        elif kind == "connected":
            self.reached = True
        elif kind in ("said", "heard") and "text" in details:
            seconds = details.get("seconds", 0.0)
            self._hear(str(details["text"]), seconds if isinstance(seconds, int | float) else 0.0)
        elif kind == "ended":
            self._end()

    def ask(self, waiting_for: str, **details: object) -> None:
        left = self._sounds_until - self._clock.seconds()
        if left > 0 and self._call is not None:
            self._sounds_until = 0.0
            self._call.put(Sound(left))
        if self._waiting_to_act and self._call is not None and self._call.listening:
            self._waiting_to_act = False
            self._act()

    def _begin(self) -> None:
        after = self.person.hangs_up_after
        if after is not None and self._call is not None:
            self._patience.append(self._clock.call_later(after, self._call.hang_up))
        self._proceed()

    def _end(self) -> None:
        for timer in (self._timer, *self._patience):
            if timer is not None:
                timer.cancel()
        self._steps.clear()
        if self._afterwards is not None:
            self._afterwards(self)

    def _give_up(self) -> None:
        if not self.reached and self._call is not None:
            self._call.hang_up()

    def _hear(self, text: str, seconds: float) -> None:
        """Somebody who waits for these words goes on when they have been said."""
        if not self._steps or self._steps[0].does != "hears":
            return
        if str(self._steps[0].value).casefold() in text.casefold():
            self._steps.popleft()
            self._later(seconds, self._proceed)

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
        elif step.does in ("plays", "beeps"):
            self._steps.popleft()
            self._sounds_until = self._clock.seconds() + float(step.value)
            if call.put(Sound(float(step.value))):
                self._sounds_until = 0.0
            self._later(float(step.value), self._proceed)
        elif step.does == "hears":
            return
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
        if self._timer is not None:
            # What they listened for was said right after a key: only one of the two goes on.
            self._timer.cancel()
        self._timer = self._clock.call_later(seconds, action)


def voice_of(person: Person) -> Voice:
    """What is heard when this person, or their machine, answers."""
    machine = person.machine
    if machine is None:
        return Voice(person.greets, taken_for=person.detected_as)
    beep = machine.BEEP if machine.beep else 0.0
    return Voice(machine.greeting, beep, machine.fax, person.detected_as)
