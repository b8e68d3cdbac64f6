"""The addresses of our own to which the carrier comes back from an agent's call.

All of them carry the agent's language, for the day when the store is away and only an apology can
be made. R is a reservation's id, NAME an agent's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ivr.services.music import OURS


@dataclass(frozen=True, slots=True)
class AgentAddresses:
    """Built from the public base address, never from what a request claims."""

    public_url: str

    def whisper(self, reservation: str, language: str = "") -> str:
        return self._of("whisper", reservation, language)

    def status(self, reservation: str) -> str:
        return f"{self.public_url}/agent/status/{reservation}"

    def gone(self, reservation: str, language: str = "") -> str:
        return self._of("gone", reservation, language)

    def decision(self, reservation: str, language: str, *, silent: bool = False) -> str:
        return self._of("decision", reservation, language) + ("&silent=1" if silent else "")

    def ended(self, reservation: str, language: str, *, surely: bool = False) -> str:
        return self._of("ended", reservation, language) + ("&surely=1" if surely else "")

    def after(self, reservation: str, language: str) -> str:
        return self._of("after", reservation, language)

    def hold(self, step: str, reservation: str, language: str, **more: str | int) -> str:
        """A step of holding and passing on: see services.agents.passing."""
        return self._of(f"hold/{step}", reservation, language) + _more(more)

    def music(self, talk: str, *, told: bool = False) -> str:
        """What the person hears who is on hold; `told` that nobody is left."""
        return f"{self.public_url}/agent/music/{talk}{'?told=1' if told else ''}"

    @property
    def our_music(self) -> str:
        """A recording that every version of the flows has."""
        return f"{self.public_url}/audio/any/{OURS}"

    def line(self, step: str, name: str, language: str, **more: str | int) -> str:
        """A step on the agents' line; see services.agents.reception."""
        return f"{self.public_url}/agent/line/{step}?l={language}&a={quote(name)}{_more(more)}"

    def _of(self, what: str, reservation: str, language: str) -> str:
        return f"{self.public_url}/agent/{what}/{reservation}?l={language}"


def _more(values: Mapping[str, str | int]) -> str:
    return "".join(f"&{key}={quote(str(value))}" for key, value in values.items())
