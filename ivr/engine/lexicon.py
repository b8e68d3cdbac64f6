"""Where phrases stand in what a recogniser heard, though endings, compounds and letters differ.

Endings are cut off by a Snowball stemmer (Finnish bends words in fifteen cases), compounds are
looked into (`sähkölasku` is a `lasku`), and near-words of some length count (a recogniser
mishears).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

EXACT = 100.0
COMPOUND = 92.0
NEAR = 84.0
"""The least likeness (0 to 100, normalised edit distance) at which another word counts."""
SHORTEST_COMPOUND = 5
SHORTEST_NEAR = 5
"""Shorter words are too easily part of, or like, others."""
_SUREST_NEAR = COMPOUND - 0.1
"""A near-word is never as sure as a compound: it asks for no person and makes no complaint."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A phrase found in what was said: how many words it has, how alike they are, and where."""

    size: int
    likeness: float
    start: int

    @property
    def words(self) -> range:
        return range(self.start, self.start + self.size)


def matches(said: str, phrases: tuple[str, ...], stemmer: str, floor: float) -> list[Match]:
    """Where any of `phrases` stands in `said`, at least `floor` alike."""
    lexicon = _lexicon(phrases, stemmer)
    alike = [lexicon.alike(stem, floor) for stem in stems(said, stemmer)]
    found = []
    for start, firsts in enumerate(alike):
        for first in firsts:
            for wanted in lexicon.phrases.get(first, ()):
                here = alike[start : start + len(wanted)]
                likeness = min(
                    have.get(want, 0.0) for want, have in zip(wanted, here, strict=False)
                )
                if len(here) == len(wanted) and likeness >= floor:
                    found.append(Match(len(wanted), likeness, start))
    return found


class _Lexicon:
    """Phrases by the stem that they begin with, and every stem that is in them."""

    def __init__(self, phrases: tuple[str, ...], stemmer: str) -> None:
        self.phrases: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            wanted = stems(phrase, stemmer)
            if wanted:
                self.phrases.setdefault(wanted[0], []).append(wanted)
        known = (stem for group in self.phrases.values() for wanted in group for stem in wanted)
        self._stems = frozenset(known)
        self._long = [stem for stem in self._stems if len(stem) >= SHORTEST_NEAR]

    def alike(self, have: str, floor: float) -> dict[str, float]:
        """The stems that are at least `floor` like `have`, with their likeness."""
        alike: dict[str, float] = {}
        if floor < COMPOUND and len(have) >= SHORTEST_NEAR:
            for near, score, _ in extract(
                have, self._long, scorer=ratio, score_cutoff=floor, limit=None
            ):
                alike[near] = min(score, _SUREST_NEAR)
        if floor <= COMPOUND:
            for cut in range(SHORTEST_COMPOUND, len(have)):
                for part in (have[:cut], have[-cut:]):
                    if part in self._stems:
                        alike[part] = COMPOUND
        if have in self._stems:
            alike[have] = EXACT
        return alike


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, in small letters."""
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))


def stems(text: str, stemmer: str) -> tuple[str, ...]:
    """The words of a text without their endings."""
    return tuple([_stem(token, stemmer) for token in tokens(text)])


@lru_cache(maxsize=2048)
def _lexicon(phrases: tuple[str, ...], stemmer: str) -> _Lexicon:
    return _Lexicon(phrases, stemmer)


@lru_cache(maxsize=16384)
def _stem(token: str, stemmer: str) -> str:
    stem: str = _stemmer(stemmer).stemWord(token)
    return stem


@lru_cache(maxsize=16)
def _stemmer(name: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(name)
