"""People played by script: how they treat a ringing telephone, and what they do on the line."""

from dataclasses import dataclass, field

from ivr.simulator.messaging.people import Texts

OUTCOMES = ("answers", "busy", "no_answer", "declined", "failed")
"""How the telephone at a number is taken."""
REFUSALS = ("invalid", "unreachable", "forbidden", "blocked")
"""Numbers that the network does not even dial."""
STEPS = ("waits", "presses", "says", "talks", "hears", "hangs_up")
ANSWERERS = (
    "human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other",
    "fax", "unknown",
)  # fmt: skip
"""What answering-machine detection can take somebody for."""


@dataclass(frozen=True)
class Step:
    """One thing that somebody does: a verb of `STEPS` and its value.

    Machines have two more: ``plays`` (seconds of sound, without waiting for a listener) and
    ``beeps``.
    """

    does: str
    value: str | float | bool


@dataclass(frozen=True)
class Machine:
    """An answering machine: greets, perhaps beeps, records, hangs up. Times are seconds."""

    greeting: float = 8.0
    beep: bool = True
    records: float = 120.0
    fax: bool = False

    BEEP = 0.5

    @property
    def script(self) -> tuple[Step, ...]:
        """What it does once it has answered."""
        beep = (Step("beeps", self.BEEP),) if self.beep or self.fax else ()
        return (
            Step("plays", self.greeting), *beep, Step("waits", self.records),
            Step("hangs_up", True),
        )  # fmt: skip


@dataclass(frozen=True)
class Redial:
    """Phones again so many seconds after a call in which they reached nobody, or after any call."""

    after: float = 30.0
    times: int = 1
    always: bool = False


@dataclass(frozen=True)
class Person:
    """How somebody treats a call: after so many seconds they do this, then play their script."""

    does: str = "answers"
    after: float = 3.0
    script: tuple[Step, ...] = ()
    greets: float = 1.0
    """Seconds of speech when answering; 0 for somebody who waits for the other to speak."""
    machine: Machine | None = None
    detected_as: str = ""
    """What detection takes them for, right or wrong; empty: what they are."""
    hangs_up_after: float | None = None
    """Seconds after the answer, whatever else they do."""
    gives_up_after: float | None = None
    """Seconds after their call began, unless they have reached somebody by then."""
    redials: Redial | None = None
    calls: "tuple[Person, ...]" = ()
    """What they do at their first call, their second, and so on; the last repeats."""
    username: str = ""
    password: str = ""
    """What a SIP endpoint demands of whoever calls it."""
    forwarded_from: str = ""
    caller_name: str = ""
    stir_verstat: str = ""
    """What comes with their calls, where the carrier tells it."""
    texts: Texts = field(default_factory=Texts)
    line_type: str = ""
    """Empty: what the numbering plan says of their number."""
    network: str = ""
    """The name of the network that a lookup of their number gives."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """What they do once the call is answered."""
        return self.machine.script if self.machine is not None else self.script


NOBODY = Person("no_answer")
