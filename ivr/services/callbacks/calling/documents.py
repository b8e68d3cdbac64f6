"""What every document for somebody who is rung back is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.carrier.agent_twiml import AgentDocument
from ivr.flow.actions import Say
from ivr.flow.language import Language
from ivr.services.callbacks.calling.desk import CallingDesk, attempt_of
from ivr.services.callbacks.calling.phrases import Phrases, load_phrases
from ivr.store.callbacks import StoredCallback

MACHINES = ("machine", "fax")
"""Outcomes of attempts."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A request about the call of an attempt, at a time; `language` as our own address has it."""

    callback: str
    attempt: int
    call: str
    now: float
    language: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A call that is what it is said to be and is wanted still, and how its person is spoken to."""

    leg: Leg
    stored: StoredCallback
    phrases: Phrases
    language: str

    def say(self, sentence: str) -> Say:
        return Say(sentence, self.language)


class Documents:
    """Makes and ends them. Needs the store for `scene` only, which raises StoreDown."""

    def __init__(self, desk: CallingDesk, languages: Mapping[str, Language]) -> None:
        self._desk = desk
        self.languages = languages

    def scene(self, leg: Leg) -> Scene | None:
        """None where the call is not wanted any more, or is none of ours."""
        stored = self._desk.callbacks.read(leg.callback)
        if stored is None or attempt_of(stored, leg.attempt, leg.call) is None:
            return None
        if stored.callback.state in ("cancelled", "superseded"):
            return None
        return self._scene(leg, stored)

    def told_scene(self, leg: Leg) -> Scene | None:
        """Of a call that tells an end: also when it has been told in this call."""
        stored = self._desk.callbacks.read(leg.callback)
        attempt = None if stored is None else stored.callback.attempt
        if stored is None or attempt is None or not attempt.telling or attempt.call != leg.call:
            return None
        wanted = stored.callback.on_the_way or attempt.outcome == "person"
        return self._scene(leg, stored) if wanted else None

    def blank(self) -> AgentDocument:
        return AgentDocument(self.languages)

    def url(self, step: str, scene: Scene, again: int = 0) -> str:
        """Our address of a step of the same call."""
        leg = scene.leg
        return self._desk.addresses.of(step, leg.callback, leg.attempt, scene.language, again)

    def farewell(self, said: Say) -> str:
        return self.blank().say([said]).hang_up().xml()

    def no_more(self, leg: Leg) -> str:
        """The call is not wanted any more, or is none of ours. Machines are not left that."""
        stored = self._desk.callbacks.read(leg.callback)
        attempts = () if stored is None else stored.callback.attempts
        if 0 < leg.attempt <= len(attempts) and attempts[leg.attempt - 1].outcome in MACHINES:
            return self.blank().hang_up().xml()
        code = self._known(leg.language)
        return self.farewell(Say(load_phrases()[code].no_more, code))

    def apology(self, language: str) -> str:
        """Something of ours failed; needs no store."""
        code = self._known(language)
        return self.farewell(Say(load_phrases()[code].apology, code))

    def _scene(self, leg: Leg, stored: StoredCallback) -> Scene:
        language = self._known(stored.about.person.language or leg.language)
        return Scene(leg, stored, load_phrases()[language], language)

    def _known(self, language: str) -> str:
        return language if language in load_phrases() and language in self.languages else "en"
