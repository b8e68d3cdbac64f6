"""Which choice a caller meant by the words that a recogniser heard.

A person asked for, or a complaint, comes before every choice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ivr.engine.lexicon import COMPOUND, EXACT, NEAR, Match, matches, tokens
from ivr.flow.language import Language
from ivr.flow.moves import Choice, Question

Verdict = Literal["choice", "person", "complaint", "calm", "unclear"]

UNSURE = 0.4
"""Below this confidence of the recogniser, only the very words count."""
LONGEST = 400
"""Characters looked at; nobody says more to a menu."""


@dataclass(frozen=True, slots=True)
class Understood:
    """`languages` are the codes of those in which a person was asked for, or a complaint made."""

    verdict: Verdict
    choice: Choice | None = None
    languages: tuple[str, ...] = ()


def understand(words: str, confidence: float | None, question: Question) -> Understood:
    """What the caller meant by `words` in answer to `question`."""
    floor = EXACT if confidence is not None and confidence < UNSURE else NEAR
    said = words[:LONGEST]
    by_number = _number(said, question)
    if by_number is not None:
        return by_number
    person = _spoken_in(said, question, lambda language: language.person)
    if person and not _names_more(said, question):
        return Understood("person", languages=person)
    complaint = _spoken_in(said, question, lambda language: language.complaint)
    if complaint:
        return _complaint(question, complaint)
    chosen = _choice(said, question, floor)
    if chosen.choice is None and _spoken_in(said, question, lambda language: language.slower):
        return Understood("calm")
    return chosen


def _spoken_in(
    said: str, question: Question, words: Callable[[Language], tuple[str, ...]]
) -> tuple[str, ...]:
    """The languages whose words of this sort stand in what was said."""
    return tuple(
        language.code
        for language in question.languages
        if matches(said, words(language), language.stemmer, COMPOUND)
    )


def _names_more(said: str, question: Question) -> bool:
    """Whether every word for a person is only a part of a choice's longer phrase: `customer
    service hours` asks for the hours."""
    covered: set[int] = set()
    for index, choice in enumerate(question.choices):
        for language in _languages_of(index, question):
            for match in matches(said, choice.words, language.stemmer, COMPOUND):
                if match.size > 1:
                    covered.update(match.words)
    return all(
        set(match.words) < covered
        for language in question.languages
        for match in matches(said, language.person, language.stemmer, COMPOUND)
    )


def _complaint(question: Question, languages: tuple[str, ...]) -> Understood:
    """A menu's own way for complaints, or, where it has none, a person."""
    for choice in question.choices:
        for language in question.languages:
            for word in choice.words:
                if matches(word, language.complaint, language.stemmer, EXACT):
                    return Understood("choice", choice)
    return Understood("complaint", languages=languages)


def _choice(said: str, question: Question, floor: float) -> Understood:
    """The one choice that fits best: the longest phrase, in a long sentence the surest sign.
    Two choices named equally well are two matters, and not an answer."""
    found: list[tuple[Match, Choice]] = []
    for index, choice in enumerate(question.choices):
        for language in _languages_of(index, question):
            here = matches(said, choice.words, language.stemmer, floor)
            found.extend((match, choice) for match in here)
    if not found:
        return Understood("unclear")
    best, winner = max(found, key=lambda pair: pair[0])
    for match, choice in found:
        as_good = (match.size, match.likeness) == (best.size, best.likeness)
        # A near-word is a guess, and makes no second matter beside a word that is sure.
        guessed = match.likeness < COMPOUND <= best.likeness
        apart = question.one_matter and not guessed and set(match.words).isdisjoint(best.words)
        if (as_good or apart) and choice.name != winner.name:
            return Understood("unclear")
    return Understood("choice", winner)


def _languages_of(index: int, question: Question) -> Sequence[Language]:
    """Where every choice has a language of its own, it is said in that language."""
    languages = question.languages
    own = 1 < len(languages) == len(question.choices)
    return languages[index : index + 1] if own else languages


def _number(said: str, question: Question) -> Understood | None:
    """`one`, `number one`, `1`: a key that was spoken, and nothing else."""
    heard = tokens(said)
    if not 1 <= len(heard) <= 2:
        return None
    last = heard[-1]
    for language in question.languages:
        for digit, names in enumerate(language.numbers):
            if last != str(digit) and last not in names:
                continue
            if digit == 0:
                return Understood("person")
            for choice in question.choices:
                if choice.key == str(digit):
                    return Understood("choice", choice)
    return None
