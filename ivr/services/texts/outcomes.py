"""What becomes of a text, by what the carrier says of it: how it stands then, and what follows.

Pure: what is found here is written by others. A text that the carrier may have is never wanted
again; one that it certainly did not send may be.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import structs

from ivr.promises.delivery import Delivery, advance
from ivr.promises.outbox_rules import Verdict, judge, kind_rule, next_try
from ivr.store.outbox import ENDS, Change, Stands, StoredText, Waits
from ivr.store.senders import COMES_AGAIN

CHECK_AFTER = 120.0
"""Seconds after which the carrier is asked for a text of which it tells nothing more,"""
CHECK_BEFORE = 10.0
"""or so many before it is no longer useful."""
SOONEST = 5.0
LAST_CHECK_AFTER = 30.0
"""Seconds after its time: what was still on its way then did not arrive in time."""

_FAILED = ("failed", "undelivered")
_ARRIVED = ("delivered", "read")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be written, and the verdict where something went wrong."""

    change: Change
    verdict: Verdict | None = None


def sending(stored: StoredText, now: float) -> Change:
    """Before the carrier is asked. Nothing waits for it: whoever claimed it has it."""
    stands = structs.replace(
        stored.stands, state="sending", since=now, tries=stored.stands.tries + 1,
        code=None, reason="", checked=0,
    )  # fmt: skip
    return Change(stands, Waits("later", now + COMES_AGAIN))


def refused(
    stored: StoredText, now: float, code: int | None, status: int | None, share: float
) -> Outcome:
    """The carrier was asked, and answered with an error or not at all. `share` as `next_try`."""
    return _failed(stored, stored.stands, now, judge(code, status), code, share, created=False)


def judged(
    stored: StoredText, now: float, verdict: Verdict, code: int | None, share: float
) -> Outcome:
    """The same where somebody else has judged the answer."""
    return _failed(stored, stored.stands, now, verdict, code, share, created=False)


def heard(
    stored: StoredText, now: float, told_as: str, state: str, code: int | None, share: float
) -> Outcome | None:
    """The carrier says that it has the text as `told_as`, and how far that has come; None where
    that is nothing new, or concerns an earlier try."""
    stands = stored.stands
    if told_as in stands.before or (stands.told_as and told_as != stands.told_as):
        return None
    first = not stands.told_as
    before = Delivery() if first else stands.delivery
    delivery = advance(before, state, now, code)
    if delivery == before and not first:
        return None
    known = structs.replace(stands, told_as=told_as, delivery=delivery, tries=max(stands.tries, 1))
    if delivery.state in _FAILED:
        if before.state in _FAILED:
            return Outcome(Change(known))
        verdict = judge(code, created=True)
        return _failed(stored, known, now, verdict, code, share, created=True)
    if delivery.state in _ARRIVED:
        told = None if stands.state == "delivered" else delivery.told
        arrived = structs.replace(
            known, state="delivered", since=now, code=None, reason="", by_voice=False
        )
        return Outcome(Change(arrived, told=told))
    if delivery.state == "canceled":
        return Outcome(Change(_end(known, "dropped", now, "it was canceled"), told="dropped"))
    since = stands.since if stands.state == "sent" else now
    sent = structs.replace(known, state="sent", since=since, code=None, reason="", by_voice=False)
    return Outcome(Change(sent, told=delivery.told, check_at=_check_at(now, stored)))


def not_told(stored: StoredText, now: float) -> Change:
    """The carrier was asked for a text, and it has come no further."""
    stands = structs.replace(stored.stands, checked=stored.stands.checked + 1)
    if stands.delivery.told is not None:
        return Change(stands)
    last = stored.text.useful_until + LAST_CHECK_AFTER
    if now < last:
        return Change(stands, check_at=last)
    return Change(
        structs.replace(stands, by_voice=True, reason="the carrier does not say that it was sent")
    )


def dropped(stored: StoredText, now: float, why: str) -> Change:
    """It is sent no more: `why`, in words. What nobody asked for is then no news any more."""
    ended = _end(stored.stands, "dropped", now, why)
    by_voice = not kind_rule(stored.text.kind).quiet
    return Change(structs.replace(ended, by_voice=by_voice), told="dropped")


def stopped(stored: StoredText, now: float, why: str) -> Change:
    """It is sent no more, because the person wants no texts."""
    return Change(_end(stored.stands, "opted_out", now, why), told="opted_out")


def lost(stored: StoredText, now: float) -> Change:
    """Nobody can tell whether it was sent, and nobody asks any more."""
    ended = _end(stored.stands, "failed", now, "whether it was sent is not known")
    return Change(structs.replace(ended, by_voice=True), told="failed")


def unsendable(stored: StoredText, now: float, why: str) -> Change:
    """We have no sender for it."""
    ended = _end(stored.stands, "failed", now, stored.stands.reason or why)
    return Change(structs.replace(ended, by_voice=True), told="failed")


def not_found(stored: StoredText, now: float) -> Change:
    """The carrier does not have it: it was not sent, and is wanted again."""
    return Change(structs.replace(_again(stored.stands, now), reason=""), Waits("queue"))


def _failed(
    stored: StoredText,
    stands: Stands,
    now: float,
    verdict: Verdict,
    code: int | None,
    share: float,
    *,
    created: bool,
) -> Outcome:
    treatment, until = verdict.treatment, stored.text.useful_until
    stands = structs.replace(stands, code=code, reason=verdict.meaning)
    if treatment.look_up and not created:
        return Outcome(Change(stands, Waits("later", now + COMES_AGAIN)), verdict)
    again = _again(stands, now)
    if treatment.stop in ("sender", "all") and not created:
        # It was not this text's doing: it waits like the others.
        waits = Waits("new" if treatment.other_sender else "queue")
        return Outcome(Change(structs.replace(again, tries=again.tries - 1), waits), verdict)
    if treatment.other_sender:
        tried = (*stands.tried, stands.sender)
        return Outcome(Change(structs.replace(again, tried=tried), Waits("new")), verdict)
    at = next_try(verdict, stands.tries, now, until, share)
    if at is not None:
        return Outcome(Change(again, Waits("later", at)), verdict)
    opted_out = verdict.error == "opted_out"
    ended = structs.replace(
        stands, state="opted_out" if opted_out else "failed", since=now,
        by_voice=bool(treatment.reach),
    )  # fmt: skip
    return Outcome(Change(ended, told="opted_out" if opted_out else "failed"), verdict)


def _again(stands: Stands, now: float) -> Stands:
    before = (*stands.before, stands.told_as) if stands.told_as else stands.before
    return structs.replace(
        stands, state="wanted", since=now, told_as="", before=before, delivery=Delivery(),
        by_voice=False,
    )  # fmt: skip


def _end(stands: Stands, state: str, now: float, why: str) -> Stands:
    assert state in ENDS
    return structs.replace(stands, state=state, since=now, reason=why)


def _check_at(now: float, stored: StoredText) -> float | None:
    """When the carrier is asked for a text that it has."""
    if stored.stands.checked:
        return stored.text.useful_until + LAST_CHECK_AFTER
    return max(min(now + CHECK_AFTER, stored.text.useful_until - CHECK_BEFORE), now + SOONEST)
