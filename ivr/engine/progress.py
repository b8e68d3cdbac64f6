"""A call during one turn: what is known of it so far, and what has gathered to be said."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import structs

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.events import Event, Voicemail
from ivr.engine.limits import KEPT_WORDS, LONGEST_KEPT, MOST_STEPS
from ivr.engine.speaking import speak
from ivr.flow.actions import Action, Prompt
from ivr.flow.flow import Place
from ivr.flow.kinds.node import AGAIN, FIRST, SLOWLY, Node
from ivr.flow.language import Language
from ivr.flow.moves import Go, Question, Record, Scene


class Progress:
    """`call` is replaced, never changed in place. `events` and `voicemail` are to be written down
    with it; `actions` is what the telephone is to do, empty until the turn is over."""

    def __init__(self, company: Company, call: Call, now: datetime) -> None:
        self.company = company
        self.call = call
        self.now = now
        self.events: list[Event] = []
        self.voicemail: Voicemail | None = None
        self.prompts: list[Prompt] = []
        self.actions: tuple[Action, ...] = ()
        self._here: Node | None = None
        self.scene = self._scene_in(call.language)

    def tell(self, event: Event) -> None:
        self.events.append(event)

    def set(self, **changes: object) -> None:
        self.call = structs.replace(self.call, **changes)

    def say(self, sentence: str) -> None:
        """Gather a sentence in the caller's language; the same one is not said twice in a turn."""
        prompt = speak(self.language, sentence)
        if prompt not in self.prompts:
            self.prompts.append(prompt)

    def keep_words(self, words: str) -> None:
        """Remember what fitted nothing, so that nobody has to say it again to a person."""
        self.set(said=(*self.call.said, words[:LONGEST_KEPT])[-KEPT_WORDS:])

    @property
    def language(self) -> Language:
        return self.scene.language

    def speak_in(self, language: str) -> None:
        """From now on the caller is spoken to in `language`."""
        self.set(language=language)
        self.scene = self._scene_in(language)

    def _scene_in(self, language: str) -> Scene:
        company = self.company
        return Scene(
            company.languages[language],
            self.now,
            company.schedules,
            company.numbers,
            company.languages,
        )

    @property
    def node(self) -> Node:
        """Where the call stands. Raises `UnknownPlace` when the flows have it no more."""
        if self._here is None:
            self._here = self.company.flows.node(Place(self.call.flow, self.call.node))
        return self._here

    def stand_at(self, place: Place, node: Node) -> None:
        """The call has come to `place`, which is `node`."""
        self._here = node
        self.set(flow=place.flow, node=place.node)

    @property
    def wording(self) -> int:
        return (FIRST, AGAIN, SLOWLY)[min(self.call.misses, SLOWLY)]

    def question(self) -> Question:
        """The open question, in the wording that the misses so far call for."""
        return self.node.question(self.scene, self.wording)

    @property
    def person(self) -> Place:
        """The place that the flow, in which the call stands, names for a person."""
        flow = self.call.flow or self.company.lines[self.call.line].flow
        return self.company.flows.person(flow)

    def reached(self) -> Literal["person", "message"]:
        """Whether the way to a person ends, at this moment, at one or at a voicemail."""
        place = self.person
        for _ in range(MOST_STEPS):
            move = self.company.flows.node(place).enter(self.scene)
            if isinstance(move, Record):
                return "message"
            if not isinstance(move, Go):
                return "person"
            place = self.company.flows.place(place.flow, move.target)
        return "person"
