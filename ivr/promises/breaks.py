"""What is known of a broken promise: why it was, and what the person has heard about it."""

from __future__ import annotations

from ivr.promises.account import APOLOGY_WITHIN, Account, Apology, Fact, Promise, Why


def owed(account: Account) -> Promise | None:
    """The broken promise for which the person has heard no apology, while they wait or could ring;
    None also while a text with one is on its way."""
    broken = [
        one for one in account.promises
        if one.outcome == "broken" and one.kind not in ("apology", "text") and not one.renewed
    ]  # fmt: skip
    if not broken:
        return None
    last = max(broken, key=lambda one: (one.ended or 0.0, one.id))
    assert last.ended is not None
    since = [fact for fact in account.facts if fact.at >= last.ended]
    if any(_makes_good(fact) for fact in since):
        return None
    texts = [fact.kind for fact in since if fact.kind in ("apologising", "not_apologised")]
    return None if texts and texts[-1] == "apologising" else last


def _makes_good(fact: Fact) -> bool:
    left = fact.kind == "left" and fact.by == "person"
    return left or fact.kind in ("apologised", "answered")


def is_late(account: Account, now: float) -> bool:
    """Whether the time that they were told last is over, and it has not been kept."""
    told = [one for one in account.promises if one.kind in ("told_wait", "call_back", "window")]
    last = max(told, key=lambda one: (one.made, one.until), default=None)
    return last is not None and last.outcome in ("open", "broken") and last.until < now


def why_broken(promise: Promise, account: Account) -> tuple[Why, float | None]:
    """Why it was, and how many seconds late it was kept after all."""
    assert promise.ended is not None
    at_the_end = {fact.kind for fact in account.facts if fact.at == promise.ended}
    if promise.kind == "apology":
        return "not_apologised", _late(promise, account, ("apologised",))
    if promise.kind == "text":
        if at_the_end & {"failed", "dropped"} and promise.ended < promise.until:
            return "text_failed", None
        return "text_late", _late(promise, account, ("sent", "delivered"))
    by_us = {fact.kind for fact in account.facts if fact.at == promise.ended and fact.by == "us"}
    if "moved" in by_us:
        return "moved_by_us", None
    if "left" in by_us:
        return "ended_by_us", None
    return "late", _late(promise, account, ("dialled", "rang", "answered"))


def apology_for(promise: Promise, account: Account) -> Apology:
    """What the person has heard about a broken promise, beside what came of it."""
    assert promise.ended is not None
    if promise.renewed:
        return "told_before"
    for fact in account.facts:
        if fact.at < promise.ended:
            continue
        if fact.kind == "apologised":
            return "given" if fact.at <= promise.ended + APOLOGY_WITHIN else "given_late"
        if fact.kind == "answered":
            return "talked"
        if fact.kind == "left" and fact.by == "person":
            return "gone"
    return "owed"


def _late(promise: Promise, account: Account, kinds: tuple[str, ...]) -> float | None:
    kept = (one.at for one in account.facts if one.kind in kinds and one.at > promise.until)
    first = min(kept, default=None)
    return None if first is None else first - promise.until
