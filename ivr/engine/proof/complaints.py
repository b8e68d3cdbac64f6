"""Whoever complains is not answered by a recording.

Words of complaint lead to a person, unless a question has a choice that names a complaint itself:
then they lead where that choice does. Only those choices need to be looked at, and there every word
of complaint is said, in every language, and understood as in a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ivr.engine.company import Company
from ivr.engine.hearing import understand
from ivr.engine.lexicon import EXACT, matches
from ivr.engine.proof.steps import State, Step
from ivr.engine.proof.walk import Walk
from ivr.flow.flow import Place
from ivr.flow.kinds import Faq, Menu
from ivr.flow.kinds.faq import Matter
from ivr.flow.kinds.menu import Option
from ivr.flow.language import Language
from ivr.flow.moves import Choice, Question
from ivr.flow.names import in_language


@dataclass(frozen=True)
class Answered:
    """At `place` this word of complaint, said in `language`, leads by `choice` (its place among
    the others, from 0) to a recorded answer."""

    place: Place
    language: str
    word: str
    choice: int
    answer: Place


def answered_complaints(company: Company, walked: Walk) -> Iterator[Answered]:
    """Every choice of a question by which words of complaint lead to an answer."""
    seen: set[Place] = set()
    for state, steps in walked.steps.items():
        if state.stands != "choice" or state.place in seen:
            continue
        seen.add(state.place)
        node = company.flows.flows[state.place.flow].nodes[state.place.node]
        if not isinstance(node, Menu | Faq):
            continue
        willed = [step for step in steps if step.manner == "willed"]
        for code in company.flows.flows[state.place.flow].languages:
            language = company.languages.get(code)
            if language is None or not _names_complaint(node, language):
                continue
            yield from _said_here(state, node, willed, walked, language)


def _said_here(
    state: State, node: Menu | Faq, willed: list[Step], walked: Walk, language: Language
) -> Iterator[Answered]:  # fmt: skip
    question = Question((), tuple(_choices(node, language)), (language,), one_matter=True)
    for word in language.complaint:
        choice = understand(word, None, question).choice
        if choice is None:
            continue
        number = question.choices.index(choice)
        answer = _answer_after(willed[number], walked)
        if answer is not None:
            yield Answered(state.place, language.code, word, number, answer)
            return


def _choices(node: Menu | Faq, language: Language) -> Iterator[Choice]:
    code = language.code
    listed: tuple[Option | Matter, ...] = node.options if isinstance(node, Menu) else node.matters
    for number, option in enumerate(listed):
        label = in_language(option.label, code)
        told = label if isinstance(label, str) else label.text
        yield Choice(str(number), "", (*option.words.get(code, ()), told))


def _names_complaint(node: Menu | Faq, language: Language) -> bool:
    return any(
        _is_complaint(word, language.code, language.complaint, language.stemmer)
        for choice in _choices(node, language)
        for word in choice.words
    )


@lru_cache(maxsize=65536)
def _is_complaint(word: str, code: str, complaint: tuple[str, ...], stemmer: str) -> bool:
    return bool(matches(word, complaint, stemmer, EXACT))


def _answer_after(step: Step, walked: Walk) -> Place | None:
    """The answer that is given before the caller is asked anything more."""
    waiting, seen = [step], {step.to}
    while waiting:
        onward = waiting.pop()
        if onward.answers:
            return onward.to.place
        if onward.to.stands == "arrives":
            for further in walked.steps.get(onward.to, ()):
                if further.to not in seen:
                    seen.add(further.to)
                    waiting.append(further)
    return None
