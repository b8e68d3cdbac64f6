"""How long a text is useful, when it may be sent again, and what an error of the carrier's means.

All of it is data, in `outbox.yaml`: the carrier changes its codes, and companies their minds.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from ivr.promises.wordings import TextKind

SentKind = TextKind | Literal["information"]
"""Every text there is: `information` is what a caller asked for in a flow."""
ErrorClass = Literal[
    "opted_out", "permanent", "landline", "temporary", "busy", "full", "once", "perhaps", "late",
    "content", "route", "sender", "server", "account", "unknown",
]  # fmt: skip
ERROR_CLASSES: tuple[ErrorClass, ...] = get_args(ErrorClass)

LONGEST_WAIT = 600.0
"""Seconds between two tries, at most."""
LEAST_VALIDITY, MOST_VALIDITY = 1, 36_000
"""Seconds that the carrier keeps trying to hand a text over: what it takes for its parameter
ValidityPeriod."""


class KindRule(Struct, frozen=True, forbid_unknown_fields=True):
    """Of a kind of text; see `outbox.yaml`."""

    useful_for: float
    urgency: int
    answer: bool = False
    quiet: bool = False


class Treatment(Struct, frozen=True, forbid_unknown_fields=True):
    """What is done about a class of errors; see `outbox.yaml`."""

    retries: int = 0
    wait: float = 0.0
    reach: Literal["", "number", "text"] = ""
    stop: Literal["", "consent", "sender", "all"] = ""
    look_up: bool = False
    other_sender: bool = False
    alarm: bool = False


class Verdict(Struct, frozen=True):
    """What an error means, in words too, and what is done."""

    error: ErrorClass
    meaning: str
    treatment: Treatment


class _Rules(Struct, frozen=True, forbid_unknown_fields=True):
    kinds: dict[str, KindRule]
    classes: dict[ErrorClass, Treatment]
    codes: dict[int, tuple[ErrorClass, str]]


def kind_rule(kind: SentKind) -> KindRule:
    """What is known of a kind of text."""
    return rules().kinds[kind]


def useful_until(kind: SentKind, wanted_at: float, ends: float | None = None) -> float:
    """When the text is to be dropped; `ends` is when the time that it tells is over."""
    last = wanted_at + kind_rule(kind).useful_for
    return last if ends is None else min(last, ends)


def validity(now: float, until: float) -> int | None:
    """For how many seconds the carrier may try to hand it over; None: not at all any more."""
    left = int(until - now)
    return min(left, MOST_VALIDITY) if left >= LEAST_VALIDITY else None


def judge(code: int | None, status: int | None = None, *, created: bool = False) -> Verdict:
    """What an error means. `status` is the HTTP status of a refused request, None where there was
    no answer. `created`: the carrier had the text already, and tells now that it failed."""
    known = rules()
    found = known.codes.get(code) if code is not None else None
    if found is None:
        found = _by_status(status, created=created)
    error, meaning = found
    if created and error in ("temporary", "busy", "unknown"):
        # It had the text, and may have sent it: only what says that it did not is sent again.
        error = "perhaps"
    return Verdict(error, meaning, known.classes[error])


def next_try(
    verdict: Verdict, tries: int, now: float, until: float, share: float = 0.0
) -> float | None:
    """When to try again, or None: never. `tries` have been made so far, one at least; `share`
    (0 to 1) is by chance, so that many do not come back at the same moment."""
    treatment = verdict.treatment
    if treatment.retries >= 0 and tries > treatment.retries:
        return None
    wait = min(treatment.wait * 2.0 ** min(tries - 1, 30), LONGEST_WAIT)
    at = now + wait * (1 + share / 2)
    return at if at < until else None


def _by_status(status: int | None, *, created: bool) -> tuple[ErrorClass, str]:
    if created:
        return "perhaps", "the text failed for a reason that is not known"
    if status is None or status >= 500 or status == 408:
        return "unknown", "whether the text was sent is not known"
    if status == 429:
        return "busy", "too many requests at once"
    if status in (401, 403):
        return "account", "the account or its token is refused"
    return "content", "the carrier refuses the text"


@cache
def rules() -> _Rules:
    """The whole table. Raises msgspec.ValidationError when it is broken."""
    text = (resources.files("ivr.promises") / "outbox.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=_Rules)
