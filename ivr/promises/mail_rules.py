"""Which notices go by mail, how long they are useful there, and what a mail server's answer means.

All of it is data, in `mail.yaml`; the classes of errors are those of `outbox.yaml`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

from ivr.promises.outbox_rules import ErrorClass, Verdict, rules
from ivr.promises.wordings import TextKind

Stage = Literal["connect", "login", "sender", "recipient", "content", "end"]
"""How far a mail had come. `end`: the server has been given the whole of it."""
Trouble = Literal["certificate", "unencrypted"]
Meaning = tuple[ErrorClass, str]

LONGEST_ADDRESS = 254


class _Rules(Struct, frozen=True, forbid_unknown_fields=True):
    useful_for: dict[TextKind, float]
    lost: dict[Stage, Meaning]
    codes: dict[int, Meaning]
    stages: dict[Stage, dict[int | Literal["other"], Meaning]]
    details: dict[str, Meaning]
    certificate: Meaning
    unencrypted: Meaning


def is_mailed(kind: TextKind) -> bool:
    """Whether such a notice goes by mail at all."""
    return kind in _rules().useful_for


def mail_useful_until(kind: TextKind, wanted_at: float, ends: float | None = None) -> float:
    """When the mail is to be dropped; `ends` is when the time that it tells is over."""
    last = wanted_at + _rules().useful_for[kind]
    return last if ends is None else min(last, ends)


def judge_mail(stage: Stage, code: int | None, detail: str = "") -> Verdict:
    """What a mail server's answer means, or None for its having given none. `detail` is the code of
    RFC 3463 that came with it (`5.1.1`)."""
    known = _rules()
    if code is None:
        return _verdict(known.lost[stage])
    found = known.codes.get(code)
    if stage in ("recipient", "content", "end"):
        fitting = [one for one in known.details if f"{detail}.".startswith(f"{one}.")]
        if fitting:
            found = known.details[max(fitting, key=len)]
    if found is None:
        by_stage = known.stages[stage]
        found = by_stage.get(code)
        if found is None:
            later = ("temporary", "the mail server wants the mail again later")
            found = by_stage["other"] if code >= 500 else later  # type: ignore[assignment]
    assert found is not None
    return _verdict(found)


def judge_trouble(trouble: Trouble) -> Verdict:
    """What is wrong with a server whom nothing was said to."""
    return _verdict(getattr(_rules(), trouble))


def read_address(written: str) -> str | None:
    """An address of somebody's as mail servers take it, or None where it is none. Nothing is looked
    up: whether there is such a mailbox, only a mail tells."""
    # It takes as long to import as all else of a command: who needs none need not wait for it.
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(written.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    address = found.ascii_email
    return address if address is not None and len(address) <= LONGEST_ADDRESS else None


def _verdict(found: Meaning) -> Verdict:
    error, meaning = found
    return Verdict(error, meaning, rules().classes[error])


@cache
def _rules() -> _Rules:
    text = (resources.files("ivr.promises") / "mail.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=_Rules)
