"""A caller's time: seconds to the first choice, to a person, and at worst.

- **first choice**: from the beginning of the call until the first choice has been told in full, the
  longest way there (whatever the hours are, and with lookups as slow as they may be).
- **person**: whoever hears everything, and presses 0 as soon as that was offered, until it rings or
  the tone comes: the shortest way there, the longest way on.
- **worst**: the place that is furthest away, reached by the shortest way hearing everything; then
  silence there, three times, until it rings or the tone comes.

Recordings count with their length; how long it rings does not count, nor do talks about callbacks.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from ivr.engine.company import Company
from ivr.engine.limits import MOST_MISSES, MOST_STEPS
from ivr.engine.proof.ground import ANYBODY, callers_matter
from ivr.engine.proof.proving import walked_from
from ivr.engine.proof.sounds import Sounds
from ivr.engine.proof.steps import State
from ivr.engine.proof.walk import Walk
from ivr.flow.actions import Play, Prompt, Say
from ivr.flow.flow import Place, UnknownPlace


@dataclass(frozen=True)
class Times:
    """Seconds of one line in one language; None where a call never comes there.

    `heard` is what is said until the first choice, which is at `first`.
    """

    line: str
    language: str
    first_choice: float | None
    first: Place | None
    heard: str
    person: float | None
    worst: float | None
    furthest: Place | None


def times(company: Company, recordings: Mapping[str, float] | None = None) -> list[Times]:
    """The times of every line in every language of its flow. `recordings` are seconds, by name."""
    caller = ANYBODY if callers_matter(company.flows.flows) else None
    walks = {line: walked_from(company, line, caller) for line in dict(_languages(company))}
    return [
        _Timed(company, line, language, recordings or {}).times(walks[line])
        for line, language in _languages(company)
    ]


def first_choices(company: Company, recordings: Mapping[str, float] | None = None) -> list[Times]:
    """The same, to the first choice only: quick, however large the flows are."""
    return [
        _Timed(company, line, language, recordings or {}).first_only()
        for line, language in _languages(company)
    ]


def _languages(company: Company) -> Iterator[tuple[str, str]]:
    for line in company.lines.values():
        flow = company.flows.flows.get(line.flow)
        for language in flow.languages if flow is not None else ():
            if language in company.languages:
                yield line.name, language


_FirstChoice = tuple[float | None, tuple[Prompt, ...], Place | None]
_NEVER: _FirstChoice = (None, (), None)


class _Timed:
    def __init__(
        self, company: Company, line: str, language: str, recordings: Mapping[str, float]
    ) -> None:
        self._company, self._line, self._language = company, line, language
        self._sounds = Sounds(company, line, company.languages[language], recordings)
        self._people: dict[str, float] = {}
        self._first_choices: dict[Place, _FirstChoice] = {}
        self._rings: dict[Place, float] = {}

    def first_only(self) -> Times:
        seconds, heard, first = self._first_choice(self._start())
        return Times(self._line, self._language, seconds, first, _told(heard), None, None, None)

    def times(self, walked: Walk) -> Times:
        begin = next(iter(walked.begins))
        seconds, heard, first = self._first_choice(self._start())
        person: float | None = None
        worst: tuple[float, Place] | None = None
        for state, taken in self._shortest(walked, begin):
            if state.stands != "choice" or not _asks(self._company, state.place):
                continue
            here = self._sounds.seconds(self._sounds.asked(state.place, 0).prompts)
            onward = self._to_person(state.place.flow)
            if person is None and self._sounds.offers_person(state.place):
                person = taken + here + onward
            silent = taken + onward + sum(map(self._missed, [state.place] * MOST_MISSES, range(3)))
            if worst is None or silent > worst[0]:
                worst = (silent, state.place)
        return Times(
            self._line, self._language, seconds, first, _told(heard), person,
            worst[0] if worst else None, worst[1] if worst else None,
        )  # fmt: skip

    def _start(self) -> Place:
        return self._company.flows.start(self._company.lines[self._line].flow)

    def _missed(self, place: Place, misses: int) -> float:
        asked = self._sounds.asked(place, misses)
        return self._sounds.seconds(asked.prompts) + asked.timeout

    def _at(self, place: Place) -> float:
        return self._sounds.seconds(self._sounds.said(place)) + self._sounds.waited(place)

    def _first_choice(self, place: Place, passed: int = 0) -> _FirstChoice:
        """The longest way from `place` to a choice: its seconds, what is heard, and where."""
        known = self._first_choices.get(place)
        if known is not None or passed > MOST_STEPS:
            return known or _NEVER
        self._first_choices[place] = _NEVER
        said = self._sounds.said(place)
        longest = _NEVER
        if _asks(self._company, place):
            heard = (*said, *self._sounds.until_first_choice(place))
            longest = (self._sounds.seconds(heard), heard, place)
        for onward in _onward(self._company, place):
            seconds, heard, first = self._first_choice(onward, passed + 1)
            if seconds is not None and seconds + self._at(place) > (longest[0] or 0.0):
                longest = (seconds + self._at(place), (*said, *heard), first)
        self._first_choices[place] = longest
        return longest

    def _to_person(self, flow: str) -> float:
        if flow not in self._people:
            try:
                person = self._company.flows.person(flow)
                self._people[flow] = self._ringing(person)
            except UnknownPlace:
                self._people[flow] = 0.0
        return self._people[flow]

    def _ringing(self, place: Place, passed: int = 0) -> float:
        """The longest way from `place` until it rings, the tone comes, or a question is put."""
        known = self._rings.get(place)
        if known is not None or passed > MOST_STEPS:
            return known or 0.0
        self._rings[place] = 0.0
        onward: Iterable[Place] = ()
        if not _asks(self._company, place):
            onward = _onward(self._company, place)
        longest = max((self._ringing(further, passed + 1) for further in onward), default=0.0)
        self._rings[place] = self._at(place) + longest
        return self._rings[place]

    def _shortest(self, walked: Walk, begin: State) -> Iterator[tuple[State, float]]:
        """Every state, nearest first, with the seconds until something is asked there."""
        order = count()
        waiting = [(0.0, next(order), begin)]
        seen: set[State] = set()
        while waiting:
            taken, _, state = heapq.heappop(waiting)
            if state in seen:
                continue
            seen.add(state)
            yield state, taken
            here = 0.0
            if state.stands == "arrives":
                here = self._at(state.place)
            elif state.stands == "choice" and _asks(self._company, state.place):
                here = self._sounds.seconds(self._sounds.asked(state.place, 0).prompts)
            for step in walked.steps.get(state, ()):
                if state.stands == "choice" and step.manner != "willed":
                    continue
                heapq.heappush(waiting, (taken + here, next(order), step.to))


_PASSING = {
    "branch", "goto", "hours", "lookup", "offer_callback", "play", "recognise_callback", "say",
    "set",
}  # fmt: skip
_ASKING = {"answer", "ask", "choose_language", "faq", "menu", "send_text"}


def _asks(company: Company, place: Place) -> bool:
    return company.flows.node(place).kind in _ASKING


def _onward(company: Company, place: Place) -> Iterator[Place]:
    node = company.flows.node(place)
    if node.kind not in _PASSING:
        return
    for _, target in node.targets():
        try:
            yield company.flows.place(place.flow, target)
        except UnknownPlace:
            continue


def _told(prompts: tuple[Prompt, ...]) -> str:
    return " ".join(
        prompt.text if isinstance(prompt, Say) else f"[{prompt.url}]"
        for prompt in prompts
        if isinstance(prompt, Say | Play)
    )
