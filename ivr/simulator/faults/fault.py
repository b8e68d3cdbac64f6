"""What can be made to go wrong.

A fault says what it strikes (and which, by the patterns), how often, and what then happens.
Toward the application (``webhooks``, or only ``documents`` or ``callbacks``)

    late       the request is delivered late; with ``when: after`` its answer is
    lost       the request never arrives, or (after) its answer does not: the time limit runs out
    cut        the connection cannot be made, or (after) is closed as soon as the request has left
    refused    something in between answers ``status``, instead of the application or (after) of
               what it answered
    repeated   delivered ``copies`` times with one I-Twilio-Idempotency-Token; the last answer
               counts
    reordered  a callback goes out after the next one of the same call or message

and toward the REST client (``rest``), where ``after`` means that the work has been done

    late, cut  as above
    lost       no answer ever comes; the client waits until it gives up
    refused    ``status`` with Twilio's error body; 429 only ``before``
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import isfinite
from typing import Any, Literal

from ivr.simulator.errors import DirectoryError

Kind = Literal["documents", "callbacks", "rest"]
KINDS: dict[str, tuple[Kind, ...]] = {
    "webhooks": ("documents", "callbacks"),
    "documents": ("documents",),
    "callbacks": ("callbacks",),
    "rest": ("rest",),
}
"""What a fault may strike, and the kinds of request that this means."""
STRIKES = tuple(KINDS)
DOES = ("late", "lost", "cut", "refused", "repeated", "reordered")
WHEN = ("before", "after")
METHODS = ("", "GET", "POST", "PUT", "DELETE")
TIMED = ("late", "reordered")
TOO_MANY = 429


class FaultError(DirectoryError):
    """A fault that makes no sense; one sentence, for a person."""


@dataclass(frozen=True)
class Fault:
    """One rule. Patterns that are empty fit everything; ``*`` and ``?`` stand for anything."""

    strikes: str
    """One of `STRIKES`; "webhooks" are documents and callbacks alike."""
    does: str
    """What happens: one of `DOES`."""
    when: str = "before"
    """Before the work is done on the other side, or after."""
    purpose: str = ""
    """What the journal calls the request, e.g. "voice", "action", "status-callback"."""
    url: str = ""
    """The address, or its path alone."""
    method: str = ""
    call: str = ""
    """The identifier that the request is about, or a number that its From or To names."""
    seconds: float = 5.0
    """How late; and for how long at most a callback waits to be overtaken."""
    real: bool = False
    """Whether those are seconds of the real clock, in which telephony time stands still."""
    status: int = 503
    """What "refused" answers."""
    copies: int = 2
    """How often "repeated" delivers."""
    at_once: bool = False
    """Whether the copies go out together instead of one after the other's answer."""
    attempts: int | None = None
    """Only so many attempts of one request are struck; later ones, if its address asks for
    retries, pass. None: all of them."""
    times: int | None = None
    """It strikes so often and then no more. None: for ever."""
    every: int = 1
    """Of the requests that fit, every so-manieth is struck."""
    chance: float = 1.0
    """The probability with which it then really strikes."""
    seed: int = 0
    """Of the dice; the same seed throws the same."""

    def __post_init__(self) -> None:
        for sentence in _complaints(self):
            raise FaultError(sentence)

    def fits(self, request: "Request") -> bool:
        """Whether it applies to that request at all."""
        return (
            (
                self.strikes == request.kind
                or (self.strikes == "webhooks" and request.kind != "rest")
            )
            and (not self.method or self.method == request.method)
            and (not self.purpose or fnmatchcase(request.purpose, self.purpose))
            and (not self.url or _matches_address(request.url, self.url))
            and (not self.call or self.call in request.concerns())
        )


@dataclass(frozen=True)
class Request:
    """A request as faults see it. Documents are waited for, callbacks are not."""

    kind: Kind
    purpose: str
    method: str
    url: str
    sid: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    def concerns(self) -> set[str]:
        """The identifiers and numbers that it is about."""
        named = {"From", "To", "CallSid", "MessageSid", "ParentCallSid"}
        return {self.sid} | {value for name, value in self.fields if name in named}


WORDS = {"strikes": STRIKES, "does": DOES, "when": WHEN, "method": METHODS}
_NUMBERS = {"seconds": 0.0, "status": 400, "copies": 2, "attempts": 1, "times": 1, "every": 1}
_WHOLE = ("status", "copies", "attempts", "times", "every", "seed")
TEXTS = ("purpose", "url", "call")


def _complaints(fault: Fault) -> list[str]:
    """What makes no sense in it; the first is enough."""
    found = []
    for name, words in WORDS.items():
        value = getattr(fault, name)
        if value not in words:
            known = ", ".join(word for word in words if word)
            found.append(f"{name}: {value!r} is none of {known}")
    for name in TEXTS:
        if not isinstance(getattr(fault, name), str):
            found.append(f"{name}: {getattr(fault, name)!r} is no text (put it in quotes)")
    for name in ("real", "at_once"):
        if not isinstance(getattr(fault, name), bool):
            found.append(f"{name}: write true or false")
    for name in (*_NUMBERS, "chance", "seed"):
        found += _number_complaints(name, getattr(fault, name))
    return found or _contradictions(fault)


def _number_complaints(name: str, value: Any) -> list[str]:
    if value is None and name in ("attempts", "times"):
        return []
    kinds = int if name in _WHOLE else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not isfinite(value):
        return [f"{name}: {value!r} is no {'whole number' if name in _WHOLE else 'number'}"]
    if value < _NUMBERS.get(name, value):
        return [f"{name}: {value!r} is less than {_NUMBERS[name]:g}"]
    if name == "status" and value > 599:
        return [f"status: {value!r} is more than 599"]
    if name == "chance" and not 0 <= value <= 1:
        return [f"chance: {value!r} is not between 0 and 1"]
    return []


def _contradictions(fault: Fault) -> list[str]:
    if fault.strikes == "rest" and fault.does in ("repeated", "reordered"):
        return [f"the telephone company does not send REST requests, so none can be {fault.does}"]
    if fault.does == "reordered" and fault.strikes != "callbacks":
        return ["only callbacks can be reordered"]
    if fault.does in ("repeated", "reordered") and fault.when == "after":
        return [f"when: there is no after for {fault.does}"]
    if fault.strikes == "rest" and fault.status == TOO_MANY and fault.when == "after":
        return ["status: a request that is answered 429 has not been processed: write when: before"]
    return []


def _matches_address(url: str, pattern: str) -> bool:
    path = "/" + url.partition("://")[2].partition("/")[2] if "://" in url else url
    bare = path.partition("?")[0].partition("#")[0]
    return any(fnmatchcase(text, pattern) for text in (url, path, bare))
