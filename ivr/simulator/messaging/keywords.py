"""STOP, START and HELP: which words they are, what is answered, and who has opted out."""

from dataclasses import dataclass, field
from typing import Any

from ivr.simulator import values
from ivr.simulator.errors import DirectoryError
from ivr.simulator.values import Reader

STOP, START, HELP = "STOP", "START", "HELP"


@dataclass(frozen=True)
class Keywords:
    """The words that mean something when they are all of a text, and Twilio's answers to them."""

    words: dict[str, frozenset[str]] = field(
        default_factory=lambda: {
            STOP: frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE",
                             "OPTOUT"}),
            START: frozenset({"START", "YES", "UNSTOP"}),
            HELP: frozenset({"HELP", "INFO"}),
        }
    )  # fmt: skip
    answers: dict[str, str] = field(
        default_factory=lambda: {
            STOP: "You have successfully been unsubscribed. You will not receive any more messages"
            " from this number. Reply START to resubscribe.",
            START: "You have successfully been re-subscribed to messages from this number."
            " Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
            HELP: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
        }
    )

    def kind(self, body: str) -> str:
        """STOP, START or HELP when the whole text is such a word, else nothing."""
        word = body.strip().upper()
        return next((kind for kind, words in self.words.items() if word in words), "")


DEFAULT_KEYWORDS = Keywords()


def read_keywords(value: Any, where: str) -> Keywords | None:
    """Advanced Opt-Out of a service, if it has any; raises DirectoryError.

    ``true``, or {stop: {words: [...], answer: text}, start: ..., help: ...}; what is left out is as
    by default. Twilio's English words stay in force beside those of the service.
    """
    if value is False:
        return None
    settings = {} if value is True else values.mapping(value, where)
    words, answers = dict(DEFAULT_KEYWORDS.words), dict(DEFAULT_KEYWORDS.answers)
    for name, rule in values.read_all(settings, KINDS, where).items():
        kind = name.upper()
        words[kind] = words[kind] | rule.get("words", frozenset())
        answers[kind] = rule.get("answer", answers[kind])
    return Keywords(words, answers)


def _words(value: Any, where: str) -> frozenset[str]:
    if not isinstance(value, list):
        raise DirectoryError(f"{where}: write a list of words")
    return frozenset(values.text(word, where).strip().upper() for word in value)


def _rule(value: Any, where: str) -> dict[str, Any]:
    readers: dict[str, Reader] = {"words": _words, "answer": values.text}
    return values.read_all(values.mapping(value, where), readers, where)


KINDS: dict[str, Reader] = {"stop": _rule, "start": _rule, "help": _rule}


class OptOuts:
    """Who wants no more texts, from which number or service."""

    def __init__(self) -> None:
        self._out: set[tuple[str, str]] = set()
        self._decided: set[tuple[str, str]] = set()

    def decide(self, scope: str, person: str, *, out: bool) -> None:
        """Note what a person wrote to a number, or to a number of a service (its SID)."""
        self._decided.add((scope, person))
        if out:
            self._out.add((scope, person))
        else:
            self._out.discard((scope, person))

    def has_decided(self, scope: str, person: str) -> bool:
        """Whether the person ever wrote STOP or START there."""
        return (scope, person) in self._decided

    def is_out(self, scope: str, person: str) -> bool:
        """Whether the person has opted out there."""
        return (scope, person) in self._out
