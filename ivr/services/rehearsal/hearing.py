"""What was heard, held against what a script says: finding it, telling where it differs, and
finding what stands in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

GAP = "..."
ALIKE = 60.0
"""How alike (0 to 100) two texts must be for it to be worth telling where they differ."""
SAME_MATTER = 50.0
"""How alike two texts must be for the one to be taken for a new wording of the other."""
_SENTENCE_END = (".", "!", "?")


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said in one breath; `language` is its code, empty for a recording."""

    text: str
    language: str = ""
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A text message that was promised; `to` is E.164."""

    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Where something was heard: up to `end` of all that was, in these utterances."""

    end: int
    text: str
    utterances: tuple[Utterance, ...]


def spoken(text: str) -> str:
    """The text as it is compared: no matter how it is spaced, or where it has capitals."""
    return " ".join(text.casefold().split())


def contains(wanted: str, text: str) -> bool:
    """Whether `wanted` stands in `text`; `...` is a gap."""
    return _form(wanted).search(spoken(text)) is not None


def find(wanted: str, utterances: Sequence[Utterance], position: int) -> Passage | None:
    """Where `wanted` is heard after `position`; None when it is not."""
    pieces = [spoken(utterance.text) for utterance in utterances]
    heard = " ".join(pieces)
    match = _form(wanted).search(heard, position)
    if match is None:
        return None
    within = []
    begins = 0
    for utterance, piece in zip(utterances, pieces, strict=True):
        ends = begins + len(piece)
        spans = (match.span(number + 1) for number in range(len(match.groups())))
        if any(start < ends and begins < end for start, end in spans):
            within.append(utterance)
        begins = ends + 1
    return Passage(match.end(), match.group(), tuple(within))


def _form(wanted: str) -> re.Pattern[str]:
    parts = [re.escape(spoken(part)) for part in wanted.split(GAP)]
    return re.compile(".*?".join(f"({part})" for part in parts))


def difference(expected: str, heard: str) -> str:
    """Where the closest passage of `heard` first differs from `expected`; "" when none is close."""
    wanted = expected.split(GAP)[0].split()
    words = heard.split()
    if not wanted or not words:
        return ""
    starts = range(max(1, len(words) - len(wanted) + 1))
    closest = max(starts, key=lambda start: _closeness(wanted, words[start : start + len(wanted)]))
    passage = words[closest : closest + len(wanted) + 1]
    if _alike(wanted, passage[: len(wanted)]) < ALIKE:
        return ""
    pairs = zip(wanted, passage, strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a.casefold() != b.casefold()), None)
    if same is None:
        return ""
    before = " ".join(wanted[max(0, same - 3) : same])
    instead = " ".join(passage[same : same + 3])
    at = f"after `{before}`: " if before else ""
    return f"{at}expected `{' '.join(wanted[same : same + 3])}`, heard `{instead}`"


def _closeness(wanted: list[str], passage: list[str]) -> float:
    """How alike they are; that they begin with the same words counts most."""
    same = 0
    for one, other in zip(wanted, passage, strict=False):
        if one.casefold() != other.casefold():
            break
        same += 1
    return _alike(wanted, passage) + ALIKE * same / len(wanted)


def reworded(wanted: str, heard: str, position: int) -> str | None:
    """What was heard, after `position`, in the place of `wanted`; None when nothing is like it.

    Parts of `wanted` that were heard as they are stay as they are.
    """
    words = heard.split()
    rest = words[len(spoken(heard)[:position].split()) :]
    parts = [part.split() for part in wanted.split(GAP)]
    found: list[str] = []
    for index, part in enumerate(parts):
        at = _where(part, rest)
        if at is None:
            followed = [_where(later, rest) for later in parts[index + 1 :]]
            until = next((place[0] for place in followed if place is not None), len(rest))
            at = _closest(part, rest[:until])
        if at is None:
            return None
        begins, ends = at
        found.append(" ".join(part if _stands(part, rest[begins:ends]) else rest[begins:ends]))
        rest = rest[ends:]
    return f" {GAP} ".join(found).strip()


def _where(part: list[str], words: list[str]) -> tuple[int, int] | None:
    """Where these very words stand."""
    for begins in range(len(words) - len(part) + 1):
        if _stands(part, words[begins : begins + len(part)]):
            return begins, begins + len(part)
    return None


def _stands(part: list[str], words: list[str]) -> bool:
    """Whether `part` is all of these words, but for what is before the first and after the last."""
    return len(part) == len(words) and spoken(" ".join(part)) in spoken(" ".join(words))


def _closest(part: list[str], words: list[str]) -> tuple[int, int] | None:
    """The sentences, or where `part` is no whole one the words, that are most like it."""
    whole = part[-1].endswith(_SENTENCE_END)
    spans = list(_sentences(words) if whole else _runs(words, len(part)))
    if not spans:
        return None
    best = max(spans, key=lambda span: _alike(part, words[slice(*span)]))
    return best if _alike(part, words[slice(*best)]) >= SAME_MATTER else None


def _sentences(words: list[str]) -> Iterator[tuple[int, int]]:
    """Every run of whole sentences."""
    ends = [at + 1 for at, word in enumerate(words) if word.endswith(_SENTENCE_END)]
    if words and (not ends or ends[-1] != len(words)):
        ends.append(len(words))
    borders = [0, *ends]
    for first, begins in enumerate(borders):
        for until in borders[first + 1 :]:
            yield begins, until


def _runs(words: list[str], size: int) -> Iterator[tuple[int, int]]:
    """Every run of about as many words."""
    for length in range(max(1, size - 2), size + 3):
        for begins in range(len(words) - length + 1):
            yield begins, begins + length


def _alike(wanted: list[str], heard: list[str]) -> float:
    return ratio(spoken(" ".join(wanted)), spoken(" ".join(heard)))
