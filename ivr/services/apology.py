"""What a caller hears when something of ours failed. Needs no store, no flows and no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ivr.carrier import twiml
from ivr.engine.speaking import speak
from ivr.flow.actions import Action, Connect, GoOn, HangUp, LeaveQueue, Pause
from ivr.flow.language import Language
from ivr.services.addresses import Addresses

RING_SECONDS = 30
WAIT_SECONDS = 5
"""Until somebody who waits is answered once more."""


class Apology:
    """A short apology in the caller's language, then the fallback number of `config.yaml`.

    `first` tells the language for callers of whom none is known; it must need nothing else.
    """

    def __init__(
        self,
        languages: Mapping[str, Language],
        first: Callable[[], str],
        fallback: str,
        addresses: Addresses,
    ) -> None:
        self._languages = languages
        self._first = first
        self._fallback = fallback
        self._addresses = addresses

    def document(self, language: str | None) -> str:
        """TwiML that apologises and rings the fallback number."""
        pack = self._pack(language)
        return self._document(
            [speak(pack, pack.phrases.apology), Connect(self._fallback, RING_SECONDS)], pack
        )

    def while_waiting(self, again: str | None) -> str:
        """TwiML for a caller in a queue, from which nobody can be rung: silence and `again`, or,
        where that is None, out of it."""
        if again is None:
            return self._document([LeaveQueue()], self._pack(None))
        return twiml.document(
            [Pause(WAIT_SECONDS), GoOn()], turn_url=again, audio_url="",
            recording_status_url="", languages=self._languages,
        )  # fmt: skip

    def ended(self, language: str | None, spoken: bool) -> str:
        """TwiML for after the fallback number was rung; `spoken` when the two have spoken."""
        pack = self._pack(language)
        words = [] if spoken else [speak(pack, pack.phrases.nobody)]
        return self._document([*words, HangUp()], pack)

    def _pack(self, language: str | None) -> Language:
        return self._languages.get(language or "") or self._languages[self._first()]

    def _document(self, actions: list[Action], pack: Language) -> str:
        return twiml.document(
            actions,
            turn_url=self._addresses.apology_ended(pack.code),
            audio_url="",
            recording_status_url=self._addresses.recording,
            languages=self._languages,
        )
