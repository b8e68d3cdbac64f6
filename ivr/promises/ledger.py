"""What was promised, and what came of it: an account for each person, call or text.

Events come late, twice and out of order. So an account keeps the facts, each once, and a promise
ends by what the facts say of its own time: before it was made nothing counts. It ends once, and
what is heard afterwards changes nothing. A promise is late only when the clock says so, and some
time after: the event that kept it may be on its way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import structs

from ivr.promises.account import (
    APOLOGY_WITHIN,
    LATENESS,
    Account,
    Fact,
    Folded,
    How,
    Kind,
    Outcome,
    Promise,
    Standing,
    Wish,
)
from ivr.promises.events import (
    Answered,
    Apologised,
    Apologising,
    CallPromised,
    Dialled,
    Event,
    Joined,
    Left,
    MovedOn,
    NotApologised,
    NotRung,
    Rang,
    TextPromised,
    TextStood,
    TimePassed,
    TimeTold,
)


def fold(account: Account, event: Event) -> Folded:
    """The account after one event more. The same event again changes nothing."""
    facts, clock = account.facts, max(account.clock, event.at)
    fact = _fact(event)
    if fact is not None and fact not in facts:
        facts = tuple(sorted((*facts, fact)))
    known = {promise.id for promise in account.promises}
    made = _promise(event)
    opened = (made,) if made is not None and made.id not in known else ()
    account = structs.replace(
        account, promises=(*account.promises, *opened), facts=facts, clock=clock,
        standing=_standing(account.standing, event),
        moved_on=event.at if isinstance(event, MovedOn) else account.moved_on,
    )  # fmt: skip
    account, closed, wishes = _settle(account)
    apologies = [promise for promise in account.promises if promise.id not in known]
    return Folded(account, tuple(apologies), closed, wishes)


def fold_all(account: Account, events: Iterable[Event]) -> Folded:
    """The account after many, and all that came of them."""
    opened: list[Promise] = []
    closed: list[Promise] = []
    wishes: list[Wish] = []
    for event in events:
        folded = fold(account, event)
        account = folded.account
        opened += folded.opened
        closed += folded.closed
        wishes += folded.wishes
    return Folded(account, tuple(opened), tuple(closed), tuple(wishes))


def _promise(event: Event) -> Promise | None:
    match event:
        case TimeTold():
            kind: Kind = "told_wait"
        case CallPromised():
            kind = "window" if event.window else "call_back"
        case TextPromised():
            kind = "text"
        case _:
            return None
    return Promise(
        f"{kind}:{event.id}", kind, event.subject, event.queue, event.at, event.until, event.id
    )


def _fact(event: Event) -> Fact | None:
    match event:
        case Dialled():
            return Fact(event.at, "dialled")
        case NotRung():
            return Fact(event.at, "not_rung")
        case Rang():
            return Fact(event.at, "rang")
        case Answered():
            return Fact(event.at, "answered")
        case Left():
            return Fact(event.at, "left", event.by, hung_up=event.hung_up)
        case CallPromised():
            return Fact(event.at, "moved", event.by)
        case TimeTold():
            return Fact(event.at, "told", until=event.until)
        case TextStood():
            return Fact(event.at, event.state)
        case Apologising():
            return Fact(event.at, "apologising")
        case NotApologised():
            return Fact(event.at, "not_apologised")
        case Apologised():
            return Fact(event.at, "apologised")
        case Joined() | MovedOn() | TextPromised() | TimePassed():
            return None


def _standing(standing: Standing | None, event: Event) -> Standing | None:
    """Who joins again, after the menu or a talk, stands there since they first did."""
    if not isinstance(event, Joined):
        return standing
    new = Standing(event.queue, event.first_rang, event.at, event.id, event.at, event.callback)
    if standing is None:
        return new
    first = min(standing, new, key=lambda one: (one.joined, one.source))
    return structs.replace(first, again=max(standing.again, event.at))


def _settle(account: Account) -> tuple[Account, tuple[Promise, ...], tuple[Wish, ...]]:
    """End what can be ended; a break opens its apology, which may end at once as well."""
    closed: list[Promise] = []
    wishes: list[Wish] = []
    promises = [*account.promises]
    for at, promise in enumerate(promises):  # An apology that is opened comes last.
        ended = _ended(promise, account)
        if ended is None:
            continue
        promises[at] = ended
        closed.append(ended)
        wish = _wish(ended, account, promises)
        if wish is not None:
            wishes.append(wish)
            if wish.how == "now":
                promises.append(_apology(ended, wish))
    return structs.replace(account, promises=tuple(promises)), tuple(closed), tuple(wishes)


def _ended(promise: Promise, account: Account) -> Promise | None:
    """The promise as it ended, or None while it is open, or was ended before."""
    if promise.outcome != "open":
        return None
    for fact in account.facts:
        outcome = _by(fact, promise)
        if outcome is not None and fact.at <= promise.until:
            return _dialled(promise, account, fact.at) or _close(promise, outcome, fact.at, account)
    if account.clock <= promise.until + LATENESS:
        return None
    return _dialled(promise, account, promise.until) or _close(
        promise, _at_its_time(promise, account), promise.until, account
    )


def _dialled(promise: Promise, account: Account, before: float) -> Promise | None:
    """Kept, where the number was dialled in time and before that. Few networks tell that it rings:
    it does, unless it is soon told that it did not."""
    if promise.kind not in ("told_wait", "window", "call_back"):
        return None
    heard_of = promise.until + LATENESS
    not_rung = max(
        (one.at for one in account.facts if one.kind == "not_rung" and one.at <= heard_of),
        default=float("-inf"),
    )
    at = next(
        (one.at for one in account.facts
         if one.kind == "dialled" and promise.made <= one.at <= before and one.at > not_rung),
        None,
    )  # fmt: skip
    return None if at is None else structs.replace(promise, outcome="kept", ended=at)


def _at_its_time(promise: Promise, account: Account) -> Outcome:
    """Not every network tells that a text has arrived: one that went in time, and of which nothing
    bad was heard, is kept."""
    sent = any(promise.made <= f.at <= promise.until and f.kind == "sent" for f in account.facts)
    return "kept" if promise.kind == "text" and sent else "broken"


def _by(fact: Fact, promise: Promise) -> Literal["kept", "broken", "withdrawn"] | None:
    """How the fact ends the promise, if it does."""
    moved_away = fact.kind == "moved" and promise.kind in ("window", "call_back", "told_wait")
    if moved_away and fact.at > promise.made:
        return "withdrawn" if fact.by == "person" else "broken"
    if fact.at < promise.made:
        return None
    match promise.kind, fact.kind:
        case ("text", "delivered") | ("apology", "apologised"):
            return "kept"
        case "text", "failed" | "dropped":
            return "broken"
        case ("text", "opted_out") | ("apology", "answered"):
            return "withdrawn"
        case "apology", "left":
            return "withdrawn" if fact.by == "person" else None
        case "told_wait" | "window" | "call_back", "rang" | "answered":
            return "kept"
        case "told_wait" | "window" | "call_back", "left":
            return "withdrawn" if fact.by == "person" else "broken"
    return None


def _close(promise: Promise, outcome: Outcome, at: float, account: Account) -> Promise:
    renewed = outcome == "broken" and any(
        fact.kind == "told" and fact.at > promise.made and fact.until > promise.until
        for fact in account.facts
    )
    return structs.replace(promise, outcome=outcome, ended=at, renewed=renewed)


def _wish(promise: Promise, account: Account, others: Iterable[Promise]) -> Wish | None:
    """None for an apology, for whoever has been told a later time, and while an apology is on its
    way already."""
    if promise.outcome != "broken" or promise.kind == "apology" or promise.renewed:
        return None
    assert promise.ended is not None
    how = _how(promise, account)
    if how == "now" and any(one.kind == "apology" and one.outcome == "open" for one in others):
        return None
    by = promise.ended + APOLOGY_WITHIN
    return Wish(promise.subject, promise.queue, promise.id, promise.kind, how, by)


def _how(promise: Promise, account: Account) -> How:
    since = [fact for fact in account.facts if fact.at >= promise.made]
    if promise.kind == "text" or any(f.kind == "left" and f.by == "person" for f in since):
        return "when_they_ring"
    return "by_agent" if any(fact.kind == "answered" for fact in since) else "now"


def _apology(broken: Promise, wish: Wish) -> Promise:
    assert broken.ended is not None
    return Promise(
        f"apology:{broken.id}", "apology", broken.subject, broken.queue, broken.ended, wish.by,
        broken.source,
    )  # fmt: skip
