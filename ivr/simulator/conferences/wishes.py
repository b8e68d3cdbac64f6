"""What somebody asks for who enters a conference, by TwiML or by REST."""

from dataclasses import dataclass, field

from ivr.simulator import taping

LONGEST_LABEL = 128
LONGEST_NAME = 128
MOST_PARTICIPANTS = 250
TWILIOS_OWN = "https://s3.amazonaws.com/com.twilio.sounds.music/index.xml"
"""Twilio's own music. It is named, not fetched: nothing here leaves the machine."""
LENGTH_OF_ITS_OWN = 180.0
"""Seconds of it, as the one who hears it is told; it goes on for as long as they wait."""
EVENTS = (
    "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement",
)  # fmt: skip


@dataclass(frozen=True)
class Music:
    """What is heard while waiting or on hold: an address, "" for silence, none for Twilio's own."""

    url: str | None = None
    method: str = "POST"


@dataclass(frozen=True)
class Listener:
    """Who is told of what happens in a conference, and of which of `EVENTS`."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Taping:
    """That a conference is recorded from its start, and who is told of the recording."""

    listener: taping.Listener | None = None
    end_url: str = ""
    """The deprecated ``eventCallbackUrl``, told only when there is no `listener`."""


@dataclass(frozen=True)
class Wishes:
    """How somebody wants to take part. `coach` is the identifier of the call that is coached."""

    label: str = ""
    muted: bool = False
    beep: str = "true"
    start_on_enter: bool = True
    end_on_exit: bool = False
    early_media: bool = False
    """Whether a telephone that is rung for the conference is in it as soon as it rings."""
    most: int = MOST_PARTICIPANTS
    coach: str = ""
    region: str = ""
    music: Music = field(default_factory=Music)
    listener: Listener | None = None
    taping: Taping | None = None
