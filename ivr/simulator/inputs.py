"""What reaches the network from the person on a leg, and what cuts a verb short."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """One key of the telephone."""

    key: str


@dataclass(frozen=True)
class Words:
    """Something said in words; `confidence` is what a recogniser would make of it."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class Sound:
    """So many seconds of sound."""

    seconds: float


@dataclass(frozen=True)
class Silence:
    """The person lets the present wait run out."""


@dataclass(frozen=True)
class PickedUp:
    """The person answers a ringing telephone."""


@dataclass(frozen=True)
class Refused:
    """The person, or their network, does not take the call; `status` is busy, failed, no-answer."""

    status: str


@dataclass(frozen=True)
class PeerChanged:
    """Something happened to another leg of this call."""


Input = Key | Words | Sound | Silence | PickedUp | Refused | PeerChanged


@dataclass(frozen=True)
class Fetch:
    """TwiML to be fetched from the application."""

    url: str
    method: str = "POST"
    fields: tuple[tuple[str, str], ...] = ()
    purpose: str = "voice"


@dataclass(frozen=True)
class Inline:
    """TwiML given in a REST request."""

    twiml: str
    purpose: str = "inline"


Source = Fetch | Inline


class Interrupt:
    """Why what a leg was doing is cut short. Verbs that others can end have kinds of their own."""


@dataclass(frozen=True)
class HungUp(Interrupt):
    """The call is over."""


@dataclass(frozen=True)
class Redirected(Interrupt):
    """The call is to do something else from now on."""

    source: Source


class Interrupted(Exception):
    """What a leg was doing has been cut short."""

    def __init__(self, cause: Interrupt) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


class BargedIn(Exception):
    """The caller does something while a prompt of a Gather is heard."""
