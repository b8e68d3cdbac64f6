"""What is heard at each place of a call, and how long it takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.progress import Progress
from ivr.engine.proof.ground import LANDLINE_CALLER, MOBILE_CALLER
from ivr.engine.travel import follow
from ivr.flow.actions import Listen, Pause, Play, Prompt, Say
from ivr.flow.flow import Place
from ivr.flow.kinds import Branch, Hours, Lookup, Queue
from ivr.flow.kinds.node import FIRST, Node
from ivr.flow.language import Language
from ivr.flow.moves import Ask
from ivr.flow.names import Recorded, Told, in_language
from ivr.flow.scene import Scene
from ivr.flow.spoken import Filled

_SLOT = re.compile(r"\{[^}]*\}")
_VALUE = "so and so"
"""What stands for a value: about as long as a date or an amount is when it is said."""
_SENTENCE = re.compile(r".+?(?:[.!?](?=\s)|$)", re.DOTALL)


class TimedScene(Scene, frozen=True):
    """A scene in which every value of a text is there."""

    def filled(self, texts: Mapping[str, Told]) -> Filled:
        told = in_language(texts, self.language.code)
        text = _SLOT.sub(_VALUE, told.text if isinstance(told, Recorded) else told)
        return Filled(text, text)


@dataclass(frozen=True)
class Asked:
    """A question as it is heard: the prompts, and the seconds that are waited after them."""

    prompts: tuple[Prompt, ...]
    timeout: int


@dataclass
class Sounds:
    """What callers of one language hear. `recordings` are seconds, by file name or address."""

    company: Company
    line: str
    language: Language
    recordings: Mapping[str, float] = field(default_factory=dict)
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    _said: dict[Place, tuple[Prompt, ...]] = field(default_factory=dict)
    _asked: dict[tuple[Place, int], Asked] = field(default_factory=dict)

    def seconds(self, prompts: Iterable[Prompt]) -> float:
        """How long the prompts take; a recording of which the length is not known takes none."""
        taken = 0.0
        for prompt in prompts:
            match prompt:
                case Say(text, code, slow):
                    pack = self.company.languages.get(code, self.language)
                    taken += pack.speech.seconds(text, slow=slow)
                case Play(url):
                    taken += self.recordings.get(url, 0.0)
                case Pause(seconds):
                    taken += seconds
        return taken

    def said(self, place: Place) -> tuple[Prompt, ...]:
        """What is said at a place before anything is asked there."""
        known = self._said.get(place)
        if known is None:
            node, known = self.company.flows.node(place), ()
            if isinstance(node, Queue):
                known = self._scene(MOBILE_CALLER).say(node.text)
            elif not isinstance(node, Hours | Branch):
                known = tuple(getattr(node.enter(self._scene(MOBILE_CALLER)), "said", ()))
            self._said[place] = known
        return known

    def waited(self, place: Place) -> float:
        """The seconds that a place takes besides what is said: those of a slow lookup."""
        node = self.company.flows.node(place)
        return float(node.seconds) if isinstance(node, Lookup) else 0.0

    def asked(self, place: Place, misses: int) -> Asked:
        """The question of a place after so many misses, as the engine puts it."""
        known = self._asked.get((place, misses))
        if known is None:
            call = Call(
                "timed", self.line, "", self.language.code, 0.0, flow=place.flow, node=place.node,
                misses=misses, calm=misses > 1,
            )  # fmt: skip
            progress = Progress(self.company, call, self.now)
            progress.scene = self._scene(LANDLINE_CALLER, calm=call.calm)
            follow(progress, Ask())
            (listen,) = progress.actions
            assert isinstance(listen, Listen)
            known = self._asked[place, misses] = Asked(listen.prompts, listen.timeout)
        return known

    def offers_person(self, place: Place) -> bool:
        """Whether the first wording of the question tells how to come to a person."""
        return self._node(place).ask(self._scene(LANDLINE_CALLER), FIRST).offers_person

    def until_first_choice(self, place: Place) -> tuple[Prompt, ...]:
        """What is heard of a question until the first of its choices has been told."""
        question = self._node(place).ask(self._scene(LANDLINE_CALLER), FIRST)
        # Where a language is chosen, the first choice is that of one's own.
        own = [choice for choice in question.choices if choice.name == self.language.code]
        keys = [choice.key for choice in (*own, *question.choices) if choice.key]
        if question.entry is not None or not keys:
            return question.prompts
        wanted = re.compile(rf"(?<!\w){re.escape(keys[0])}(?!\w)")
        heard: list[Prompt] = []
        for prompt in question.prompts:
            if not isinstance(prompt, Say):
                heard.append(prompt)
                continue
            for sentence in _SENTENCE.finditer(prompt.text):
                if wanted.search(sentence[0]):
                    text = prompt.text[: sentence.end()].strip()
                    return (*heard, Say(text, prompt.language, prompt.slow))
            heard.append(prompt)
        return tuple(heard)

    def _node(self, place: Place) -> Node:
        return self.company.flows.node(place)

    def _scene(self, caller: str, *, calm: bool = False) -> TimedScene:
        return TimedScene(
            self.language, self.now, self.company.around, self.line, caller, {}, "", None, calm
        )
