"""How a Dial ended."""

from dataclasses import dataclass, field

from ivr.simulator.call import Call
from ivr.simulator.recordings import Recording


@dataclass
class Outcome:
    """`status` is the DialCallStatus; `call` is the leg that was dialled or met, if any was."""

    status: str
    call: Call | None = None
    bridged: bool = False
    recording: Recording | None = None
    fields: list[tuple[str, str]] = field(default_factory=list)
    """What else the action is told."""
    passed_over: bool = False
    """Whether the Dial is as if it were not there: its action is not requested."""
