"""The addresses of our own that the carrier is given to come back to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Addresses:
    """Built from the public base address, never from what a request claims."""

    public_url: str

    def turn(self, number: int, language: str, *, waiting: bool = False) -> str:
        """Where the input for this turn is sent; the language is in it for the day when the store
        is down and only an apology can be made, and whether the caller is `waiting` in a queue,
        where there can be none."""
        return f"{self.public_url}/voice/turn/{number}?l={language}{'&w=0' if waiting else ''}"

    def left(self, turn: int, language: str) -> str:
        """Where the carrier goes with a caller who is out of its queue, into which turn `turn` had
        put them."""
        return f"{self.public_url}/voice/left/{turn}?l={language}"

    def meet(self, reservation: str, language: str) -> str:
        """Where a caller is sent to meet the agent who has accepted them."""
        return f"{self.public_url}/voice/meet/{reservation}?l={language}"

    def apology_ended(self, language: str) -> str:
        return f"{self.public_url}/voice/fallback/ended?l={language}"

    def text_status(self, text_id: str) -> str:
        """Where the carrier tells how far a text has come."""
        return f"{self.public_url}/text/status/{quote(text_id, safe='')}"

    @property
    def recording(self) -> str:
        return f"{self.public_url}/voice/recording"

    def audio(self, version: str) -> str:
        """Below which the recordings of a version of the flows are."""
        return f"{self.public_url}/audio/{version}"
