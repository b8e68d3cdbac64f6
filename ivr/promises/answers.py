"""What a person wants who answers a text.

Whoever answers writes as they talk. What is taken for a wish is all that the text says: words
that are left over, a `not` or an `if`, and two wishes at once make it a letter to the agent
instead. The less can be undone, the more certain it must be: a question after the wait may have
strange words around it, a cancellation may not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from ivr.flow.language import load_languages
from ivr.promises.parsing import Piece, cheapest_reading
from ivr.promises.vocabulary import Sense, folded, stop_words, words_of

Wish = Literal[
    "how_long", "later", "pick", "cancel", "again", "help", "stop", "start", "thanks", "text"
]
"""`again`: to be called now, or to stand in the line again. `thanks`: nothing is wanted. `text`:
written to the agent."""
CarrierWord = Literal["", "STOP", "START", "HELP"]

CARRIER_WORDS: Mapping[CarrierWord, frozenset[str]] = {
    "STOP": frozenset(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")
    ),
    "START": frozenset(("START", "YES", "UNSTOP")),
    "HELP": frozenset(("HELP", "INFO")),
}
"""Twilio's own words. It acts on them, and answers, before we hear of them; each counts only as
the whole text, in capitals or not."""

LONGEST = 400
"""Characters looked at; who writes more writes to a person."""
MOST_STRANGE: Mapping[Wish, int] = {"how_long": 1, "later": 1}
"""Words not known that may stand beside each wish; none beside the others."""
_HARMLESS = ("how_long", "later", "again", "help")
"""Wishes that may be put as a question: `another time?`, `can I get another time?`"""


class Asked(Struct, frozen=True, omit_defaults=True):
    """How we stand with whoever answers.

    `windows`: how many times the last text offered by number. `may_drop`: that text said that NO
    gives the call up. `stopped`: they get no texts any more. `opt_out_type`: what Twilio says that
    it did with this text (its parameter OptOutType), empty where it says nothing.
    """

    language: str = "en"
    windows: int = 0
    may_drop: bool = False
    stopped: bool = False
    opt_out_type: str = ""


class Answer(Struct, frozen=True, omit_defaults=True):
    """What is wanted.

    `carrier`: what Twilio did by itself: after STOP it sends this person nothing of ours any more,
    and to all three it has answered already. `perhaps` is what a `text` may have meant. `unsure`:
    there were other words too, for the agent to read. `language`: in which it was written.
    """

    wish: Wish
    language: str
    number: int | None = None
    carrier: CarrierWord = ""
    perhaps: Wish | None = None
    unsure: bool = False


@dataclass(frozen=True)
class _Read:
    """The pieces of a text, in their order, and the language that explains it best. `question`:
    there is a question mark in it."""

    pieces: Sequence[Piece]
    language: str
    question: bool

    def of(self, *senses: Sense | None) -> list[Piece]:
        return [piece for piece in self.pieces if piece.sense in senses]


def carrier_word(text: str, opt_out_type: str = "") -> CarrierWord:
    """What Twilio takes a text for: what it says itself, else one of its words alone."""
    said = opt_out_type.strip().upper()
    word = text.strip().upper()
    for kind, words in CARRIER_WORDS.items():
        if said == kind or (not said and word in words):
            return kind
    return ""


def understand(text: str, asked: Asked) -> Answer:
    """What the person wants who wrote `text`."""
    carrier = carrier_word(text, asked.opt_out_type)
    if carrier:
        return _by_carrier(text, carrier, asked)
    if len(text) > LONGEST:
        return Answer("text", asked.language)
    if words_of(text) in stop_words():
        return Answer("stop", asked.language)
    if asked.windows:
        number = _number(text, asked)
        if number is not None:
            if 1 <= number <= asked.windows:
                return Answer("pick", asked.language, number)
            return Answer("text", asked.language, perhaps="pick")
    pieces, language = cheapest_reading(text, asked.language)
    if not pieces:
        return Answer("thanks" if _is_kind_sign(text) else "text", asked.language)
    return _decide(_Read(pieces, language, "?" in text), asked)


def _by_carrier(text: str, carrier: CarrierWord, asked: Asked) -> Answer:
    meant: Wish = "stop"
    if carrier == "HELP":
        meant = "help"
    elif carrier == "START":
        affirmed = text.strip().upper() == "YES" and not asked.stopped
        meant = "thanks" if affirmed else "start"
    elif any(piece.sense == "cancel" for piece in cheapest_reading(text, asked.language)[0]):
        # To Twilio CANCEL is a STOP; whoever writes it to us does not want to be called either.
        meant = "cancel"
    return Answer(meant, asked.language, carrier=carrier)


def _decide(read: _Read, asked: Asked) -> Answer:
    wishes = [piece for piece in read.pieces if piece.is_wish]
    kinds: dict[Wish, None] = dict.fromkeys(_as_wish(piece.sense) for piece in wishes)
    language = read.language
    if not kinds:
        return _without_wish(read, asked)
    perhaps = next(iter(kinds)) if len(kinds) == 1 else None
    letter = Answer("text", language, perhaps=perhaps)
    if perhaps is None or read.of("against") or _says_no_to_it(read) or _turned_round(read.pieces):
        return letter
    asks = read.of("asking") or (read.question and not read.of("request"))
    if asks and perhaps not in _HARMLESS:
        return letter
    strange = len(read.of(None))
    if strange > MOST_STRANGE.get(perhaps, 0) or strange > sum(len(one.words) for one in wishes):
        return letter
    return Answer(perhaps, language, unsure=strange > 0)


def _without_wish(read: _Read, asked: Asked) -> Answer:
    """Thanks, yes, no, or a letter."""
    if read.of(None, "asking"):
        return Answer("text", read.language)
    no = read.of("no")
    if no and not read.of("yes"):
        if asked.may_drop and not read.of("against"):
            return Answer("cancel", read.language)
        return Answer("text", read.language, perhaps="cancel")
    if read.of("against"):
        return Answer("text", read.language)
    if read.of("yes") and not no:
        return Answer("start" if asked.stopped else "thanks", read.language)
    if read.of("thanks") and not no:
        return Answer("thanks", read.language)
    return Answer("text", read.language)


def _says_no_to_it(read: _Read) -> bool:
    """`no cancel`: a no in the same breath as the wish. `No, cancel it` is two breaths."""
    wished = {piece.clause for piece in read.pieces if piece.is_wish}
    return any(piece.clause in wished for piece in read.of("no"))


def _turned_round(pieces: Sequence[Piece]) -> bool:
    """`no need to` and then `cancel`: what refuses the call may refuse its end instead."""
    telling = [piece for piece in pieces if piece.sense not in ("filler", "request")]
    return any(
        before.refuses
        and after.is_wish
        and not after.refuses
        and after.sense in ("cancel", "stop")
        and before.clause == after.clause
        for before, after in pairwise(telling)
    )


def _as_wish(sense: Sense | None) -> Wish:
    match sense:
        case "how_long" | "later" | "cancel" | "again" | "help" | "stop" | "start":
            return sense
    raise AssertionError(sense)


def _number(text: str, asked: Asked) -> int | None:
    """The number that the whole text names, in figures or in words."""
    words = words_of(text)
    if not 1 <= len(words) <= 6:
        return None
    by_word = _number_words(asked.language)
    found = [int(word) if word.isdecimal() else by_word.get(word) for word in words]
    numbers = {number for number in found if number is not None}
    others = [word for word, number in zip(words, found, strict=True) if number is None]
    if len(numbers) != 1:
        return None
    pieces, _ = cheapest_reading(" ".join(others), asked.language)
    if any(piece.sense not in ("filler", "request", "thanks", "yes") for piece in pieces):
        return None
    return numbers.pop()


def _number_words(code: str) -> dict[str, int]:
    languages = load_languages()
    chosen = [languages[name] for name in dict.fromkeys((code, "en")) if name in languages]
    found: dict[str, int] = {}
    for language in chosen:
        for named in (language.numbers[1:], language.spoken.hearing.ordinals[:9]):
            for number, words in enumerate(named, start=1):
                for word in words:
                    if " " not in word:
                        found.setdefault(folded(word), number)
    return found


def _is_kind_sign(text: str) -> bool:
    return any(sign in text for sign in "👍🙏👌❤😊🙂😀✅💪🎉🥰😁")
