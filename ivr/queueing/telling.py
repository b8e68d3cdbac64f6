"""What may be told of a wait: data, from which sentences are made elsewhere.

Nobody can promise a narrow range to one who is nearly there (with n ahead the wait varies by
1 / sqrt(n + 1) of itself, Whitt 1999), so it is told in words there, and in minutes only further
back. A told range is a promise: that it will be longer is said, and nothing is told twice.
"""

from __future__ import annotations

from math import ceil, floor, isfinite
from typing import Literal

from msgspec import Struct, structs

from ivr.queueing.protocol import Estimate

SOON = 120.0
"""Seconds below which a wait is told in words."""
FINE_MINUTES = 10
"""Up to here in steps of one minute, beyond in steps of five."""


class Told(Struct, frozen=True, array_like=True, omit_defaults=True):
    """Something told to one who waits: a time, or how many are ahead.

    "soon": less than two minutes. "minutes": from `low` to `high`; a `low` of 0 is "up to".
    "ahead": `ahead` people; 0 is "you are next". `longer`: it takes longer than was told (or more
    are ahead), and that is to be said first.
    """

    kind: Literal["soon", "minutes", "ahead"]
    at: float
    low: int = 0
    high: int = 0
    ahead: int | None = None
    longer: bool = False
    not_before: float | None = None
    """When, of the clock that `at` is of, the told time begins; kept when no time is told anew."""
    not_after: float | None = None
    """When the told time ends."""


def tell(
    now: float,
    estimate: Estimate | None,
    sound: bool,
    ahead: int | None = None,
    before: Told | None = None,
) -> Told | None:
    """What to tell now, or None: nothing, or nothing new.

    `sound`: enough was seen, and what was told before came true. `ahead`: how many are served
    before this person, None if that is not known or not to be told. `before`: what was told last.
    """
    if (
        sound
        and estimate is not None
        and isfinite(estimate.high)
        and _has_changed(now, estimate, before)
    ):
        return _time(now, estimate, ahead, before)
    if ahead is None:
        return None
    if before is None:
        return Told("ahead", now, ahead=ahead)
    overdue = before.not_after is not None and now > before.not_after
    more = before.ahead is not None and ahead > before.ahead
    # While a told time holds, that more are ahead is no matter of theirs.
    if not overdue and (ahead == before.ahead or (more and before.not_after is not None)):
        return None
    return Told(
        "ahead", now, ahead=ahead, longer=overdue or more, low=before.low, high=before.high,
        not_before=before.not_before, not_after=None if overdue else before.not_after,
    )  # fmt: skip


def tell_again(
    now: float, estimate: Estimate | None, sound: bool, ahead: int | None, before: Told | None
) -> Told | None:
    """What to tell somebody who asks: what is new, or else what still holds."""
    told = tell(now, estimate, sound, ahead, before)
    if told is not None or before is None:
        return told
    fresh = tell(now, estimate, sound, ahead)
    if fresh is None:
        return None
    # What was told binds, not how it is worded now.
    return structs.replace(
        fresh, low=fresh.low or before.low, high=fresh.high or before.high,
        not_before=before.not_before, not_after=before.not_after,
    )  # fmt: skip


def minutes(low: float, high: float) -> tuple[int, int]:
    """Seconds as a range of minutes: rounded outward, and never narrower than one step."""
    first = floor(low / 60)
    last = max(ceil(high / 60), 1)
    if first > FINE_MINUTES:
        first -= first % 5
    if last > FINE_MINUTES:
        last += -last % 5
    if first == last:
        last += 5 if last >= FINE_MINUTES else 1
    return first, last


def _has_changed(now: float, estimate: Estimate, before: Told | None) -> bool:
    if before is None or before.not_before is None or before.not_after is None:
        return True
    if estimate.high < SOON:
        told_soon = (before.low, before.high) == (0, 2)
        return not told_soon or now + estimate.high > before.not_after
    earlier = now + estimate.low < before.not_before
    return earlier or now + estimate.high > before.not_after


def _time(now: float, estimate: Estimate, ahead: int | None, before: Told | None) -> Told:
    longer = (
        before is not None
        and before.not_after is not None
        and now + estimate.high > before.not_after
    )
    if estimate.high < SOON:
        return Told("soon", now, 0, 2, ahead, longer, now, now + SOON)
    low, high = minutes(estimate.low, estimate.high)
    return Told("minutes", now, low, high, ahead, longer, now + 60 * low, now + 60 * high)
