"""The addresses of our own to which the carrier comes back from a call to somebody rung back.

An attempt is told by its callback and its number, 1 for the first. The language is for the day when
the store is away and only an apology can be made.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallbackAddresses:
    """Built from the public base address, never from what a request claims."""

    public_url: str

    def of(self, step: str, callback: str, attempt: int, language: str, again: int = 0) -> str:
        """The document of a step: see services.callbacks.calling.answering. `again` counts how
        often it was come back to."""
        address = f"{self._plain(step, callback, attempt)}?l={language}"
        return f"{address}&n={again}" if again else address

    def status(self, callback: str, attempt: int) -> str:
        return self._plain("status", callback, attempt)

    def detection(self, callback: str, attempt: int) -> str:
        return self._plain("detection", callback, attempt)

    def meet(self, callback: str, attempt: int, reservation: str, language: str) -> str:
        return f"{self.of('meet', callback, attempt, language)}&r={reservation}"

    def _plain(self, step: str, callback: str, attempt: int) -> str:
        return f"{self.public_url}/callback/{step}/{callback}/{attempt}"
