"""The reading of a text that leaves the least unexplained, whatever languages it mixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.promises.vocabulary import Lexicon, Phrase, Sense, lexicon, load_vocabularies, words_of

_CLAUSE = re.compile(r"[.,;:!?\n()]+|\s-+\s")

# What a piece of a reading costs. A longer phrase is better than two, a phrase better than filler,
# and anything better than a word that is not known.
_PHRASE = 0.1
_FILLER = 0.3
_AGAINST = 0.5
_STRANGE = 1.0
_SLIP = 0.1
"""Each letter that differs."""
_OTHER_LANGUAGE = 0.25
"""A piece in another language than that of the reading."""
_OTHER_THAN_OURS = 0.15
"""A whole reading in another language than that in which we wrote."""
_WISHES = ("how_long", "later", "cancel", "again", "help", "stop", "start")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row of one sense; None is a word that is not known. Clauses count from 0."""

    sense: Sense | None
    words: tuple[str, ...]
    clause: int
    refuses: bool = False

    @property
    def is_wish(self) -> bool:
        return self.sense in _WISHES


def cheapest_reading(text: str, ours: str) -> tuple[tuple[Piece, ...], str]:
    """The pieces of a text, and the language that explains it best; `ours` when that is open."""
    clauses = [words for part in _CLAUSE.split(text) if (words := words_of(part))]
    known = lexicon()
    codes = [ours, *(code for code in load_vocabularies() if code != ours)]
    best: tuple[float, tuple[Piece, ...], str] | None = None
    for code in codes:
        cost = 0.0 if code == ours else _OTHER_THAN_OURS
        pieces: tuple[Piece, ...] = ()
        for number, words in enumerate(clauses):
            more, found = _read(words, number, code, known)
            cost, pieces = cost + more, (*pieces, *found)
        if best is None or cost < best[0] - 1e-9:
            best = cost, pieces, code
    assert best is not None
    return best[1], best[2]


def _read(
    words: tuple[str, ...], clause: int, code: str, known: Lexicon
) -> tuple[float, tuple[Piece, ...]]:
    """From the end: the cheapest reading of what follows each word."""
    rest: list[tuple[float, tuple[Piece, ...]]] = [(0.0, ())] * (len(words) + 1)
    for at in reversed(range(len(words))):
        cost, pieces = rest[at + 1]
        cheapest = cost + _STRANGE, (Piece(None, words[at : at + 1], clause), *pieces)
        for price, piece in _pieces(words, at, clause, code, known):
            cost, pieces = rest[at + len(piece.words)]
            if cost + price < cheapest[0] - 1e-9:
                cheapest = cost + price, (piece, *pieces)
        rest[at] = cheapest
    return rest[0]


def _pieces(
    words: tuple[str, ...], at: int, clause: int, code: str, known: Lexicon
) -> Iterator[tuple[float, Piece]]:
    for first in known.meant(words[at]):
        for phrase in known.phrases.get(first, ()):
            end = at + len(phrase.words)
            if end > len(words):
                continue
            off = 0.0
            for have, want in zip(words[at:end], phrase.words, strict=True):
                distance = known.meant(have).get(want)
                if distance is None:
                    break
                off += distance
            else:
                price = _price(phrase)
                price += _SLIP * off + (_OTHER_LANGUAGE if phrase.language != code else 0.0)
                yield price, Piece(phrase.sense, words[at:end], clause, phrase.refuses)


def _price(phrase: Phrase) -> float:
    if phrase.sense in ("filler", "request"):
        return _FILLER
    return _AGAINST if phrase.sense == "against" and len(phrase.words) == 1 else _PHRASE
