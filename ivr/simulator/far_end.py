"""The other side of a leg: whoever holds the telephone at its end."""

from typing import TYPE_CHECKING

from ivr.simulator.happenings import OfHandset, Told
from ivr.simulator.machines import Voice

if TYPE_CHECKING:
    from ivr.simulator.call import Call


class FarEnd:
    """Somebody on the telephone. This one hears everything and does nothing: nobody at home."""

    patient = False
    """Whether waits on this leg end only by what the person does, never by the clock."""
    pace = 1.0
    """What telephony durations are multiplied with on this leg; 0 takes no time at all."""
    voice = Voice()
    """What is heard of them when they answer."""

    def ring(self, call: "Call") -> None:
        """The telephone rings. Answer with `Call.pick_up` or `Call.refuse`, now or later."""

    def tell(self, kind: Told | OfHandset, **details: object) -> None:
        """Something is heard or happens; handset_api.py says what `details` are."""

    def ask(self, waiting_for: str, **details: object) -> None:
        """The network waits for this person to do something."""

    def stop_asking(self) -> None:
        """The network no longer waits: they did something, or time or events passed them by."""

    def receive_text(self, sender: str, number: str, body: str) -> None:
        """A text arrives for `number`, in a call or not."""
