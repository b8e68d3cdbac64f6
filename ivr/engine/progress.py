"""A call on its way through its flows during one turn."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import structs

from ivr.engine import events
from ivr.engine.call import Call, Visit
from ivr.engine.company import Company
from ivr.engine.hearing import understand
from ivr.engine.speaking import closing, joined, speak
from ivr.flow.actions import Action, Connect, HangUp, Listen, Prompt, TakeMessage
from ivr.flow.flow import Place
from ivr.flow.inputs import ConnectionEnded, Input, MessageLeft, Said
from ivr.flow.kinds.node import AGAIN, FIRST, SLOWLY, Node
from ivr.flow.moves import (
    Ask,
    Choice,
    Finish,
    Go,
    Move,
    Question,
    Record,
    Ring,
    Scene,
    ToPerson,
    Why,
)

MOST_MISSES = 3
"""The third silence or unfitting answer in a row leads to a person."""
MOST_VISITS = 2
"""A place come to more often than this without progress leads to a person."""
MOST_STEPS = 40
"""Nodes passed in one turn; more can only be a ring of nodes that never ask anything."""
FIRST_TIMEOUT = 6
"""Seconds of silence before the question is put again."""
LATER_TIMEOUT = 10
"""The same after a miss: whoever did not answer needs more time, not less."""
GOODBYE_TIMEOUT = 2
"""Seconds after the last words in which 0 still leads to a person."""
LAST_RESORT_TIMEOUT = 30
"""Seconds that the fallback number rings."""
KEPT_WORDS = 5
"""How many unfitting utterances are kept for the person who takes over."""
LONGEST_KEPT = 200
"""Characters of each that are kept."""


class Progress:
    """Carries out one node's move after another until the call waits or ends.

    `call` is replaced, never changed; `events` and `voicemail` are what is to be written down.
    """

    def __init__(self, company: Company, call: Call, now: datetime) -> None:
        self.company = company
        self.call = call
        self.now = now
        self.events: list[events.Event] = []
        self.voicemail: events.Voicemail | None = None
        self._prompts: list[Prompt] = []
        self._ending: tuple[Action, ...] = ()
        self._steps = 0

    # What the telephone is to do

    def actions(self) -> tuple[Action, ...]:
        return self._ending

    def tell(self, event: events.Event) -> None:
        self.events.append(event)

    def unexpected(self, heard: Input) -> None:
        self.tell(events.Unexpected(self.call.place, type(heard).__name__))

    # Going on

    def go(self, place: Place) -> None:
        """Come to `place` and carry out what its node, and those after it, want."""
        onward: Place | None = place
        while onward is not None:
            self._steps += 1
            if self._steps > MOST_STEPS:
                self._ring_last_resort()
                return
            onward = self._come_to(onward)

    def _come_to(self, place: Place) -> Place | None:
        node = self.company.flows.node(place)
        name = str(place)
        times = next((visit.times for visit in self.call.visits if visit.place == name), 0) + 1
        if times > MOST_VISITS:
            if place == self._person_place():
                self._ring_last_resort()
                return None
            return self._person("going_round")
        if node.gives_answer and name in self.call.answered:
            return self._person("told_already")
        self._set(
            flow=place.flow,
            node=place.node,
            misses=0,
            visits=(
                *(visit for visit in self.call.visits if visit.place != name),
                Visit(name, times),
            ),
        )
        self.tell(events.PlaceReached(name))
        if node.gives_answer:
            self._set(answered=(*self.call.answered, name))
            self.tell(events.AnswerGiven(name))
        return self._carry_out(node.enter(self.scene()))

    def _carry_out(self, move: Move) -> Place | None:
        """Do what a node wants; the place to go on to, or None when the turn is over."""
        match move:
            case Go(target, said, language, progress):
                self._prompts.extend(said)
                if progress:
                    self._set(visits=())
                    self.tell(events.AnswerHelped(self.call.place))
                if language is not None:
                    self._set(language=language)
                    self.tell(events.LanguageChosen(language))
                return self.company.flows.place(self.call.flow, target)
            case ToPerson(why):
                return self._person(why)
            case Ask(said):
                self._prompts.extend(said)
                self.put_question()
            case Ring(number, timeout, said):
                self._prompts.extend(said)
                self._ring(number, timeout)
            case Record(longest, silence, said):
                self._prompts.extend(said)
                self._take_message(longest, silence)
            case Finish(said):
                self._prompts.extend(said)
                self.finish()
        return None

    # Questions

    def put_question(self) -> None:
        """Put the open question in the wording that the misses so far call for."""
        question = self._question()
        language = self.scene().language
        prompts = [*self._prompts, *question.prompts]
        if question.offers_person:
            prompts.append(closing(language, self._wording(), self._reaches_person()))
        if question.offers_person and self._wording() == FIRST and self.company.speech:
            prompts.append(speak(language, language.phrases.or_say_it))
        self._set(waiting="choice")
        self._end(
            Listen(
                joined(prompts),
                self.call.language,
                timeout=FIRST_TIMEOUT if self.call.misses == 0 else LATER_TIMEOUT,
                speech=self.company.speech,
                hints=_hints(question),
            )
        )

    def pressed(self, keys: str) -> None:
        if keys.startswith("0"):
            self.seek_person("asked")
            return
        for choice in self._question().choices:
            if choice.key == keys[:1]:
                self._choose(choice, "key")
                return
        self.miss("key")

    def heard_words(self, words: str, confidence: float | None) -> None:
        understood = understand(words, confidence, self._question())
        if understood.verdict == "person":
            self.seek_person("asked")
        elif understood.verdict == "complaint":
            self.keep_words(Said(words))
            self.seek_person("complaint")
        elif understood.choice is not None:
            self._choose(understood.choice, "word")
        else:
            self.keep_words(Said(words))
            self.miss("words")

    def asks_for_person(self, words: str, confidence: float | None) -> Why | None:
        """Why these words, said while nothing was asked, lead to a person; None when they do not."""
        nothing_asked = Question((), (), (self.scene().language,))
        verdict = understand(words, confidence, nothing_asked).verdict
        if verdict == "person":
            return "asked"
        return "complaint" if verdict == "complaint" else None

    def keep_words(self, heard: Input) -> None:
        """Remember what was said, so that nobody has to say it again."""
        if isinstance(heard, Said):
            self._set(said=(*self.call.said, heard.words[:LONGEST_KEPT])[-KEPT_WORDS:])

    def miss(self, heard: Literal["nothing", "key", "words"]) -> None:
        misses = self.call.misses + 1
        self._set(misses=misses)
        self.tell(events.Missed(self.call.place, heard, misses))
        if misses >= MOST_MISSES:
            self.seek_person("misses")
            return
        several = len(self._question().languages) > 1
        if misses == 1 and not several:
            language = self.scene().language
            phrases = language.phrases
            told = phrases.not_heard if heard == "nothing" else phrases.not_understood
            self._prompts.append(speak(language, told))
        self.put_question()

    def _choose(self, choice: Choice, by: Literal["key", "word"]) -> None:
        self.tell(events.ChoiceMade(self.call.place, choice.name, by))
        if choice.label:
            self._set(path=(*self.call.path, choice.label))
        self._follow(self._node().chosen(self.scene(), choice.name))

    # Persons

    def seek_person(self, why: Why) -> None:
        """Lead the caller to the person that the flow names."""
        if self.call.last_resort:
            self._nobody()
            return
        place = self._person(why)
        if place is not None:
            self.go(place)

    def _person(self, why: Why) -> Place | None:
        self.tell(events.PersonSought(self.call.place, why))
        language = self.scene().language
        phrases = language.phrases
        told = None
        if why == "misses":
            reached = self._reaches_person()
            told = phrases.giving_up if reached == "person" else phrases.giving_up_message
        elif why == "told_already":
            told = phrases.told_already
        elif why == "going_round":
            told = phrases.going_round
        if told is not None and speak(language, told) not in self._prompts:
            self._prompts.append(speak(language, told))
        return self._person_place()

    def _person_place(self) -> Place:
        flow = self.call.flow or self.company.lines[self.call.line].flow
        return self.company.flows.person(flow)

    def _reaches_person(self) -> Literal["person", "message"]:
        """Whether the way to a person ends, at this moment, at one or at a voicemail."""
        place = self._person_place()
        for _ in range(MOST_STEPS):
            move = self.company.flows.node(place).enter(self.scene())
            if isinstance(move, Record):
                return "message"
            if not isinstance(move, Go):
                return "person"
            place = self.company.flows.place(place.flow, move.target)
        return "person"

    # Connections

    def connection_ended(self, ended: ConnectionEnded) -> None:
        self.tell(events.NumberEnded(self.call.place, ended.outcome, ended.seconds))
        if not self.call.last_resort:
            self._follow(self._node().connected(self.scene(), ended.outcome))
            return
        if ended.outcome == "completed":
            self._say_last_words()
        else:
            self._nobody()

    def _nobody(self) -> None:
        language = self.scene().language
        self._prompts.append(speak(language, language.phrases.nobody))
        self._say_last_words()

    def _ring(self, number: str, timeout: int) -> None:
        self.tell(events.NumberRung(self.call.place, self.call.last_resort))
        self._set(waiting="connection")
        self._ending = (*joined(self._prompts), Connect(number, timeout))

    def _ring_last_resort(self) -> None:
        if self.call.last_resort:
            self._nobody()
            return
        self._set(last_resort=True)
        self._ring(self.company.fallback, LAST_RESORT_TIMEOUT)

    # Messages

    def message_ended(self, message: MessageLeft | None) -> None:
        if message is not None and message.seconds > 0:
            self._keep_message(message)
            if message.key == "0":
                self.seek_person("asked")
                return
        elif message is not None and message.key == "0":
            self.seek_person("asked")
            return
        else:
            message = None
        self._follow(self._node().recorded(self.scene(), message))

    def _keep_message(self, message: MessageLeft) -> None:
        call = self.call
        self.tell(events.VoicemailLeft(call.place, message.seconds))
        self.voicemail = events.Voicemail(
            call=call.id,
            line=call.line,
            place=call.place,
            language=call.language,
            recording=message.recording,
            seconds=message.seconds,
            left_at=self.now.timestamp(),
            caller=call.caller,
            path=call.path,
            said=call.said,
        )

    def take_message(self) -> None:
        """Record now, without saying again what was said before."""
        move = self._node().enter(self.scene())
        if isinstance(move, Record):
            self._take_message(move.longest, move.silence)
        else:
            self.seek_person("lost")

    def _take_message(self, longest: int, silence: int) -> None:
        self._set(waiting="message")
        record = TakeMessage(longest, silence)
        self._ending = (*self._overheard(timeout=1), record)

    # Ends

    def finish(self) -> None:
        """End the call, after what is still to be said."""
        if self._prompts and not self.call.last_resort:
            self._set(waiting="goodbye")
            self._ending = (*self._overheard(GOODBYE_TIMEOUT), HangUp())
            return
        self._say_last_words()

    def _say_last_words(self) -> None:
        self._set(waiting="nothing")
        self._ending = (*joined(self._prompts), HangUp())

    def _overheard(self, timeout: int) -> tuple[Action, ...]:
        """The prompts, said while 0 and the words for a person are still listened for."""
        if not self._prompts:
            return ()
        return (
            Listen(
                joined(self._prompts),
                self.call.language,
                timeout=timeout,
                speech=self.company.speech,
                reports_silence=False,
            ),
        )

    # Small words

    def scene(self) -> Scene:
        return Scene(
            self.company.languages[self.call.language],
            self.now,
            self.company.schedules,
            self.company.numbers,
            self.company.languages,
        )

    def _node(self) -> Node:
        return self.company.flows.node(Place(self.call.flow, self.call.node))

    def _wording(self) -> int:
        return (FIRST, AGAIN, SLOWLY)[min(self.call.misses, SLOWLY)]

    def _question(self) -> Question:
        return self._node().ask(self.scene(), self._wording())

    def _follow(self, move: Move) -> None:
        place = self._carry_out(move)
        if place is not None:
            self.go(place)

    def _set(self, **changes: object) -> None:
        self.call = structs.replace(self.call, **changes)

    def _end(self, *actions: Action) -> None:
        self._ending = actions


def _hints(question: Question) -> tuple[str, ...]:
    """What the caller is likely to say, each once, in the order of the choices."""
    words = [word for choice in question.choices for word in choice.words]
    words += [word for language in question.languages for word in language.person]
    return tuple(dict.fromkeys(words))
