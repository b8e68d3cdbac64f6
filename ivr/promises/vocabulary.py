"""The words that people write back, by what they mean by them, in every language at once.

One YAML file a language in `vocabularies/`. Whoever writes a text on a telephone leaves accents
out, mistypes, and mixes languages: words are compared without accents, capitals and apostrophes,
longer ones also when a letter or two differ, and every language is looked through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Annotated, Literal, get_args

import snowballstemmer
from pydantic import BaseModel, ConfigDict, Field, RootModel
from rapidfuzz.distance import OSA

from ivr.flow.language import load_languages
from ivr.reading import read_tree, validate

Sense = Literal[
    "how_long", "later", "cancel", "again", "help", "stop", "start", "thanks", "yes", "no",
    "filler", "request", "against", "asking",
]  # fmt: skip
SENSES: tuple[Sense, ...] = get_args(Sense)
SLIPPED = SENSES[: SENSES.index("thanks")]
"""Senses of which words may be mistyped: to take a complaint for thanks would lose it."""

SHORTEST_NEAR = 5
"""Letters from which a word may be mistyped, by one letter; shorter ones are too like others."""
SHORTEST_FAR = 9
"""Letters from which it may be by two."""

_Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
_UNMARKED = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ð": "d", "þ": "th", "ł": "l"})
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘`´", ""))
_WORD = re.compile(r"[^\W_]+")


class Vocabulary(BaseModel):
    """What one language's people write.

    `request`: words that ask us to do something, as `can you`; `asking`: that ask whether it may be
    done, as `can I`; `against`: that turn or limit the sense of others; `not_near`: words that are
    no slips of others, and mean nothing here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    how_long: _Words
    later: _Words
    cancel: _Words
    again: _Words
    help: _Words
    stop: _Words
    start: _Words
    thanks: _Words
    yes: _Words
    no: _Words
    filler: _Words
    request: _Words
    against: _Words
    asking: _Words
    not_near: _Words


class _StopWords(RootModel[dict[str, _Words]]):
    """Words for stop, by language."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row that mean something. `refuses`: one of them is a word against something, as
    in `no need to call`."""

    sense: Sense
    language: str
    words: tuple[str, ...]
    refuses: bool


@dataclass(frozen=True)
class Lexicon:
    """Every phrase by its first word, and every word that is in one."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    words: frozenset[str]
    near: Mapping[str, tuple[str, ...]]
    """Words that may be mistyped, by their first letter."""
    stems: Mapping[tuple[str, str], tuple[str, ...]]
    """Words by a language's stemmer and their stem."""

    def meant(self, word: str) -> Mapping[str, float]:
        """The known words that `word` may be, and how far off each is (0: it is that word)."""
        return _meant(self, word)

    def __hash__(self) -> int:
        return id(self)


def folded(text: str) -> str:
    """Small letters without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES))
    bare = "".join(c for c in plain if unicodedata.category(c)[0] != "M" and c != "\u200d")
    return bare.translate(_UNMARKED)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded."""
    return tuple(_WORD.findall(folded(text)))


@cache
def load_vocabularies() -> dict[str, Vocabulary]:
    """Every language's words, by code. Raises `Unreadable` when a file is broken."""
    found = {}
    for code in load_languages():
        found[code] = validate(Vocabulary, read_tree(_data(f"{code}.yaml"), f"{code}.yaml"))
    return found


@cache
def stop_words() -> frozenset[tuple[str, ...]]:
    """Texts that ask for no more texts in yet other languages."""
    rows = validate(_StopWords, read_tree(_data("stop_words.yaml"), "stop_words.yaml")).root
    return frozenset(words_of(word) for row in rows.values() for word in row)


@cache
def lexicon() -> Lexicon:
    """Everything that can be understood."""
    phrases: dict[str, list[Phrase]] = {}
    words: set[str] = set()
    slips: set[str] = set()
    stems: dict[tuple[str, str], set[str]] = {}
    for code, vocabulary in load_vocabularies().items():
        stemmer = load_languages()[code].stemmer
        refusals = {row for word in vocabulary.against if len(row := words_of(word)) == 1}
        refusals |= {("no",), ("ingen",), ("ei",)}
        for sense in SENSES:
            for written in getattr(vocabulary, sense):
                row = words_of(written)
                refuses = len(row) > 1 and any((word,) in refusals for word in row)
                phrases.setdefault(row[0], []).append(Phrase(sense, code, row, refuses))
                words.update(row)
                if sense in SLIPPED:
                    slips.update(word for word in row if len(word) >= SHORTEST_NEAR)
                    for word in row:
                        if len(word) >= SHORTEST_NEAR:
                            stems.setdefault((stemmer, _stem(stemmer, word)), set()).add(word)
        words.update(word for written in vocabulary.not_near for word in words_of(written))
    return Lexicon(
        {first: tuple(group) for first, group in phrases.items()},
        frozenset(words),
        _by_letter(slips),
        {key: tuple(sorted(group)) for key, group in stems.items()},
    )


@lru_cache(maxsize=8192)
def _meant(known: Lexicon, word: str) -> Mapping[str, float]:
    if word in known.words:
        return {word: 0.0}
    found: dict[str, float] = {}
    if len(word) < SHORTEST_NEAR - 1:
        return found
    for slip in known.near.get(word[0], ()):
        most = 2 if len(slip) >= SHORTEST_FAR else 1
        distance = OSA.distance(word, slip, score_cutoff=most)
        if distance <= most:
            found[slip] = float(distance)
    if len(word) >= SHORTEST_NEAR:
        for stemmer in {language.stemmer for language in load_languages().values()}:
            for same in known.stems.get((stemmer, _stem(stemmer, word)), ()):
                found[same] = min(found.get(same, 1.0), 0.5)
    return found


def _by_letter(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        found.setdefault(word[0], []).append(word)
    return {letter: tuple(group) for letter, group in found.items()}


@lru_cache(maxsize=16384)
def _stem(stemmer: str, word: str) -> str:
    stem: str = _stemmer(stemmer).stemWord(word)
    return stem


@cache
def _stemmer(name: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(name)


def _data(name: str) -> bytes:
    return (resources.files("ivr.promises") / "vocabularies" / name).read_bytes()
