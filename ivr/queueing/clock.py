"""The capacity clock: when will it be whose turn?

The crew works off, in the order of service, what is ahead; each one ahead uses up one call's turn
times the probability that he is still there when it comes. The idea is the fluid model of Ibrahim
and Whitt (2011, Operations Research 59(5), "Wait-time predictors for customer service systems with
time-varying demand and capacity"), started from the line as it stands. With one skill, constant
capacity and exponential patience it is the QLm of Whitt (1999), nearly to the second.

Agents with several skills take whoever comes first of those whom they can serve; groups of agents
with the same skills are worked as one. One pass answers for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf

from ivr.queueing import several
from ivr.queueing.alone import run_alone
from ivr.queueing.line import Place
from ivr.queueing.patience import Curve
from ivr.queueing.protocol import Name
from ivr.queueing.work import Group, Head, Queue, Step

LEAST_SHARE = 0.02
"""Of what works for a queue, whatever arrivals with priority take."""


class CapacityClock:
    """One pass over queues that share agents.

    `run` gives the mean and the variance of each wait, in seconds; who will not be served as far
    as `steps` go is left out.
    """

    def __init__(
        self,
        now: float,
        queues: Sequence[Queue],
        groups: Sequence[Group],
        steps: Sequence[Step],
        curve: Curve,
        presence: float = 1.0,
        lasting: bool = True,
    ) -> None:
        """`lasting`: those ahead must last through their own turn as well to use it up. Without it
        the clock is half a turn above the exact law."""
        self._now = now
        self._queues = queues
        self._groups = groups
        self._steps = steps
        self._curve = curve
        self._lasting = lasting
        self._speeds = [
            presence / mean for queue in queues for mean in (queue.mean, queue.callback_mean)
        ]
        self._t = 0.0
        self._next_step = 0
        self._heads = [Head() for _ in queues]
        self._found: dict[Name, tuple[float, float]] = {}
        self._overtaken = any(any(queue.overtaking.values()) for queue in queues)
        self._together = len(queues) > 1

    def run(self) -> dict[Name, tuple[float, float]]:
        for index in range(len(self._queues)):
            self._load(index)
        if self._lasting:
            self._set_rates()
            for index in range(len(self._queues)):
                self._load(index)
        while waiting := [index for index, head in enumerate(self._heads) if head.waits]:
            self._set_rates()
            if len(waiting) == 1:
                self._together = False
                if self._heads[waiting[0]].count == 1 and self._ran_alone(waiting[0]):
                    continue
            seconds, first = inf, -1
            for index, head in enumerate(self._heads):
                if head.waits and head.rate > 0 and head.left / head.rate < seconds:
                    seconds, first = head.left / head.rate, index
            until = self._until_step()
            if until <= seconds:
                if until == inf:
                    break
                self._work(until)
                self._take_step()
            else:
                self._work(seconds)
                self._served(first)
        return self._found

    def _ran_alone(self, index: int) -> bool:
        head = self._heads[index]
        before = head.index
        self._t = run_alone(
            self._t, self._t + self._until_step(), self._now, index, self._queues[index], head,
            self._groups, self._speeds, self._curve, self._lasting, self._found,
        )  # fmt: skip
        if head.index == before:
            return False
        self._load(index)
        return True

    def _load(self, index: int) -> None:
        """The next of the queue is its head from now on."""
        head, queue = self._heads[index], self._queues[index]
        if head.index >= len(queue.places):
            head.waits = False
            return
        place = queue.places[head.index]
        head.key, head.priority = place.key, place.priority
        head.overtaking = queue.overtaking.get(place.priority, 0.0)
        head.work = 2 * index + place.callback
        head.since = self._t
        head.count = 1
        if self._together and head.rate > 0:
            head.count = several.how_many(queue.places, head.index)
        if head.count > 1:
            places = queue.places[head.index : head.index + head.count]
            several.load(head, places, self._t, self._now, self._curve, self._lasting)
            return
        head.share, head.hazard = self._chance(place, head.rate, self._t)
        head.voice = 0.0 if place.callback else 1.0
        head.left = head.share

    def _chance(self, place: Place, rate: float, t: float) -> tuple[float, float]:
        """That somebody is there when their turn comes, `t` seconds from now, and the rate at which
        they hang up then."""
        if place.newcomer:
            return 0.0, 0.0
        if place.callback:
            return 1.0, 0.0
        share, hazard = self._curve.still_there(self._now - place.joined, t)
        if self._lasting and rate > 0:
            share *= rate / (rate + hazard)
        return share, hazard

    def _set_rates(self) -> None:
        """Each group works for the one, of those it can serve, whose turn it is first."""
        heads, speeds = self._heads, self._speeds
        for head in heads:
            head.rate = head.gross = 0.0
        for group in self._groups:
            rate = 0.0
            for work, count in enumerate(group.doing):
                if count:
                    rate += count * speeds[work]
            group.rate, group.target = rate, None
            for index in group.queues:
                heads[index].gross += rate
            group.target = self._target(group)
        for group in self._groups:
            if group.target is not None:
                group.target.rate += group.rate
        for queue, head in zip(self._queues, heads, strict=True):
            # Nobody's turn is thought to come by a small part of an agent, while those who are
            # there still work for others.
            if head.waits and (head.rate > 0 or head.gross <= 0):
                least = queue.floor * speeds[head.work & ~1]
                if head.gross < least:
                    head.rate += least - head.gross
        if self._overtaken:
            self._yield()

    def _yield(self) -> None:
        """What those take of the rates who will yet go ahead."""
        rates = [head.rate for head in self._heads]
        for group in self._groups:
            target = group.target
            if target is not None:
                target.rate -= group.rate * self._overtaken_share(group, target.priority)
        for rate, head in zip(rates, self._heads, strict=True):
            head.rate = max(head.rate, LEAST_SHARE * rate)

    def _target(self, group: Group) -> Head | None:
        """Whose turn it is next, of those whom the group can serve."""
        target = None
        if not group.weights:
            for index in group.queues:
                head = self._heads[index]
                if head.waits and (target is None or head.key < target.key):
                    target = head
            return target
        now, most = self._now + self._t, -inf
        for index, weight in zip(group.queues, group.weights, strict=True):
            head = self._heads[index]
            if head.waits and (now - head.key[1]) * weight > most:
                target, most = head, (now - head.key[1]) * weight
        return target

    def _overtaken_share(self, group: Group, priority: int) -> float:
        """The share of a group's work that goes to those who will yet go ahead."""
        share = 0.0
        for index in group.queues:
            arriving = self._queues[index].overtaking.get(priority, 0.0)
            if arriving and self._heads[index].gross > 0:
                share += arriving / self._heads[index].gross
        return min(share, 1.0)

    def _until_step(self) -> float:
        if self._next_step < len(self._steps):
            return max(self._steps[self._next_step].after - self._t, 0.0)
        return inf

    def _work(self, seconds: float) -> None:
        """Time passes; agents who end a call begin one of the kind that is then served."""
        if seconds <= 0:
            return
        self._t += seconds
        for head in self._heads:
            head.left -= head.rate * seconds
        for group in self._groups:
            target = group.target
            if target is None:
                continue
            work, ended = target.work, 0.0
            mixed = 0.0 < target.voice < 1.0
            for kind, count in enumerate(group.doing):
                if count and (kind != work or mixed):
                    gone = count * min(self._speeds[kind] * seconds, 1.0)
                    group.doing[kind] = count - gone
                    ended += gone
            if mixed:
                group.doing[work & ~1] += ended * target.voice
                group.doing[work | 1] += ended * (1 - target.voice)
            elif ended:
                group.doing[work] += ended

    def _take_step(self) -> None:
        step = self._steps[self._next_step]
        self._next_step += 1
        group = self._groups[step.group]
        if not step.comes:
            keep = _without_one(sum(group.doing))
            group.doing = [count * keep for count in group.doing]
            return
        free = 1.0
        while free > 0:
            target = self._target(group)
            if target is None:
                break
            self._set_rates()
            taken = min(free, target.left)
            free -= taken
            target.left -= taken
            group.doing[target.work] += taken
            if target.left <= 0:
                self._served(target.work // 2, free)
        if free > 0:
            group.doing[2 * group.queues[0]] += free

    def _served(self, index: int, free: float = 0.0) -> None:
        """The head's turn is used up; note when it would have come for certain."""
        head, queue = self._heads[index], self._queues[index]
        if head.count > 1:
            several.served(head, queue, self._t, free, self._seconds_for, self._found)
            self._load(index)
            return
        place = queue.places[head.index]
        rate = head.rate
        kappa = 1 + (queue.variation - 1) * (1 - exp(-self._t / queue.mean))
        mean = self._t + self._seconds_for(1 - head.share - free, head)
        if rate > 0:
            overtaking = 2 * head.overtaking / rate
            own = (kappa + overtaking) / (rate * rate)
            slope = max(1 - head.hazard * head.share / rate, 0.0)
            share = head.share
            spread = (kappa * share + share * (1 - share) + overtaking * share) / (rate * rate)
        else:
            own = spread = 0.0
            slope = 1.0
        uncertain = mean * mean * queue.variation / queue.weight
        self._found[place.caller] = (mean, head.variance + own + uncertain)
        head.variance = head.variance * slope * slope + spread
        head.index += 1
        self._load(index)

    def _seconds_for(self, turns: float, head: Head) -> float:
        """Seconds until so many more turns are worked off, through the steps to come; infinite
        where nobody is left who would do it."""
        if turns <= 0:
            return 0.0
        rate, t = head.rate, self._t
        agents = sum(sum(group.doing) for group in self._groups if group.target is head)
        speed = self._speeds[head.work & ~1]
        index = head.work // 2
        least = self._queues[index].floor * speed
        for number in range(self._next_step, len(self._steps)):
            step = self._steps[number]
            if rate > 0 and t + turns / rate <= step.after:
                break
            turns -= rate * (step.after - t)
            t = step.after
            group = self._groups[step.group]
            if step.comes and index in group.queues:
                rate, agents, turns = rate + speed, agents + 1, turns - 1
            elif not step.comes and group.target is head:
                keep = _without_one(agents)
                rate, agents = max(rate * keep, least), agents * keep
            if turns <= 0:
                return t - self._t
        return t + turns / rate - self._t if rate > 0 else inf


def _without_one(agents: float) -> float:
    """The share of so many agents that is left when one of them goes.

    Their number is a whole one, but for rounding: what would be left of the last one is nobody, and
    must not work on for ever, infinitely slowly.
    """
    return (agents - 1) / agents if agents > 1.5 else 0.0
