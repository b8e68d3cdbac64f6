"""The capacity clock, quickly, while people wait in one queue only and no agent comes or goes.

Most lines are of this kind, and the longest ones must not take long.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from ivr.queueing.patience import Curve
from ivr.queueing.protocol import Name
from ivr.queueing.work import Group, Head, Queue


def run_alone(
    t: float,
    until: float,
    now: float,
    index: int,
    queue: Queue,
    head: Head,
    groups: Sequence[Group],
    speeds: Sequence[float],
    curve: Curve,
    lasting: bool,
    found: dict[Name, tuple[float, float]],
) -> float:
    """Run the clock on from `t`, at most to `until`, and return how far it came.

    All agents who serve the queue are worked as one group. `head.index` has moved past those who
    are `found`; if it has not, there was nothing to do.
    """
    groups = [group for group in groups if group.target is head]
    doing = [sum(counts) for counts in zip(*(group.doing for group in groups), strict=True)]
    agents = sum(doing)
    voice, dialled = 2 * index, 2 * index + 1
    others = [kind for kind, count in enumerate(doing) if count and kind // 2 != index]
    in_voice, in_dialled = (doing[voice], doing[dialled]) if doing else (0.0, 0.0)
    voice_speed, dialled_speed = speeds[voice], speeds[dialled]
    least = queue.floor * voice_speed
    kept = head.rate / max(head.gross, least) if head.gross > 0 or least > 0 else 0.0
    priority, overtaking = head.priority, head.overtaking
    places = queue.places
    still_there, more, mean_handling = curve.still_there, queue.variation - 1, queue.mean
    doubt = queue.variation / queue.weight
    variance, share, hazard = head.variance, head.share, head.hazard
    left, number = head.left, head.index
    while True:
        rate = in_voice * voice_speed + in_dialled * dialled_speed
        for kind in others:
            rate += doing[kind] * speeds[kind]
        rate = (rate if rate > least else least) * kept
        if rate <= 0:
            break
        seconds = left / rate
        own = t + (left + 1 - share) / rate
        if own >= until:
            break
        t += seconds
        callback = places[number].callback
        if in_dialled or others or callback:
            moved = 0.0
            for kind in others:
                gone = doing[kind] * min(speeds[kind] * seconds, 1.0)
                doing[kind] -= gone
                moved += gone
            if callback:
                gone = in_voice * min(voice_speed * seconds, 1.0)
                in_voice -= gone
                in_dialled += gone + moved
            else:
                gone = in_dialled * min(dialled_speed * seconds, 1.0)
                in_dialled -= gone
                in_voice += gone + moved
        kappa = 1 + more * (1 - exp(-t / mean_handling))
        pace = 1 / (rate * rate)
        ahead = 2 * overtaking / rate
        found[places[number].caller] = (
            own,
            variance + (kappa + ahead) * pace + own * own * doubt,
        )
        slope = 1 - hazard * share / rate
        if slope < 0:
            slope = 0.0
        variance = variance * slope * slope + (share * (kappa + 1 - share) + ahead * share) * pace
        number += 1
        if number == len(places):
            break
        place = places[number]
        if place.newcomer:
            share = hazard = 0.0
        elif place.callback:
            share, hazard = 1.0, 0.0
        else:
            share, hazard = still_there(now - place.joined, t)
            if lasting:
                share *= rate / (rate + hazard)
        left = share
        if place.priority != priority:
            break
    head.index, head.variance = number, variance
    if doing:
        doing[voice], doing[dialled] = in_voice, in_dialled
    for group in groups:
        part = sum(group.doing) / agents if agents else 0.0
        group.doing = [count * part for count in doing]
    return t
