"""A call during one turn: what is known of it so far, and what has gathered to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import structs

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.events import Event, NoticeTold, Voicemail
from ivr.engine.limits import KEPT_WORDS, LONGEST_KEPT, MOST_STEPS
from ivr.engine.speaking import Reached, joined, slowed, speak
from ivr.flow.actions import Action, Prompt
from ivr.flow.callback_talk import CallbackRequest
from ivr.flow.flow import Place
from ivr.flow.kinds.node import SLOWLY, Node
from ivr.flow.language import Language
from ivr.flow.moves import Effect, Go, Question, Record, Request, Talking
from ivr.flow.scene import Scene
from ivr.flow.talk import NO_TALK
from ivr.flow.talk import Place as LinePlace
from ivr.flow.variables import Variable
from ivr.queueing.board import Standing


class Progress:
    """`call` is replaced, never changed in place. `events`, `voicemail` and `effects` are to be
    written down with it; `actions` is what the telephone is to do, empty until the turn is over.
    A turn that cannot go on without the company's own system ends with a `request` instead."""

    def __init__(
        self, company: Company, call: Call, now: datetime, standing: Standing | None = None
    ) -> None:
        self.company = company
        self.call = call
        self.now = now
        self.standing = standing
        """Of a caller who waits in a line, where it is known."""
        self.events: list[Event] = []
        self.voicemail: Voicemail | None = None
        self.effects: list[Effect] = []
        self.went: list[str] = []
        """The targets that nodes sent the call to, one after another."""
        self.request: Request | CallbackRequest | None = None
        self._notices_told = 0
        self.prompts: list[Prompt] = []
        self.actions: tuple[Action, ...] = ()
        self._here: Node | None = None
        self.scene = self._scene_of(call)

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
        self.look_again()

    def look_again(self) -> None:
        """What the nodes can see has changed."""
        self.scene = self._scene_of(self.call)

    def _scene_of(self, call: Call) -> Scene:
        company = self.company
        return Scene(
            company.languages[call.language],
            self.now,
            company.around,
            call.line,
            call.caller,
            call.variables,
            call.stage,
            call.pending,
            call.calm,
            call.talk or NO_TALK,
            _line_place(call),
            call.started,
        )

    def talked(self, move: Talking) -> None:
        """What is remembered of a talk about callbacks from here on, and what happened in it."""
        for event in move.happened:
            self.tell(event)
        if move.talk is not None and move.talk != self.call.talk:
            self.set(talk=move.talk)
            self.look_again()

    @property
    def node(self) -> Node:
        """Where the call stands. Raises `UnknownPlace` when the flows have it no more."""
        if self._here is None:
            self._here = self.company.flows.node(Place(self.call.flow, self.call.node))
        return self._here

    def stand_at(self, place: Place, node: Node, **changes: object) -> None:
        """The call has come to `place`, which is `node`; sets the `changes` as well."""
        self._here = node
        if self.call.stage or self.call.pending is not None:
            self.set(flow=place.flow, node=place.node, stage="", pending=None, **changes)
            self.look_again()
        else:
            self.set(flow=place.flow, node=place.node, **changes)

    def remember(self, assigned: Mapping[str, Variable]) -> None:
        """From here on the call knows these."""
        self.set(variables={**self.call.variables, **assigned})
        self.look_again()

    def ask_at(self, stage: str, pending: Variable | None) -> None:
        """The node puts another of its questions, of which no answer was missed yet."""
        if (stage, pending) != (self.call.stage, self.call.pending):
            self.set(stage=stage, pending=pending, misses=0)
            self.look_again()

    def calm_down(self) -> None:
        """From here on everything is said slowly, one thing at a time."""
        if not self.call.calm:
            self.set(calm=True)
            self.look_again()

    def tell_notices(self) -> None:
        """Before anything else: the notices that the caller has not heard in this call."""
        if not self.company.notices:
            return
        for notice in self.scene.notices():
            text = notice.texts.get(self.call.language)
            if text is None or notice.id in self.call.notices:
                continue
            self.set(notices=(*self.call.notices, notice.id))
            self.tell(NoticeTold(notice.id))
            self.prompts.insert(self._notices_told, speak(self.language, text))
            self._notices_told += 1

    def spoken(self, prompts: Sequence[Prompt] | None = None) -> tuple[Prompt, ...]:
        """What has gathered to be said (or `prompts`), in one breath, at the caller's pace."""
        told = joined(self.prompts if prompts is None else prompts)
        return slowed(told) if self.call.calm else told

    @property
    def wording(self) -> int:
        """Of the question: other words after each miss, down to the slowest."""
        misses = self.call.misses
        return misses if misses < SLOWLY else SLOWLY

    def question(self) -> Question:
        """The open question, in the wording that the misses so far call for."""
        return self.node.question(self.scene, self.wording)

    @property
    def person(self) -> Place:
        """The place that the flow, in which the call stands, names for a person."""
        flow = self.call.flow or self.company.lines[self.call.line].flow
        return self.company.flows.person(flow)

    def reached(self) -> Reached:
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


def _line_place(call: Call) -> LinePlace | None:
    """The place of one who stands in a line, or has just come out of the carrier's queue."""
    stay = call.stay
    if stay is None or not (stay.talking or call.waiting in ("line", "leaving")):
        return None
    return LinePlace(stay.queue, stay.first, stay.boost, stay.joined)
