"""Whatever happens, no estimate is absurd: odd histories, in which nobody's rate is a round one."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isfinite, nan
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.queueing.arrivals import LEAST_WATCHED
from ivr.queueing.clock import LEAST_SHARE
from ivr.queueing.crew import LEAST_PRESENT
from ivr.queueing.line import Place
from ivr.queueing.picture import LEAST_AGENTS
from ivr.queueing.protocol import Estimate
from ivr.queueing.quotes import BELIEVED, UNKNOWN, Quotes
from ivr.queueing.wait import WaitEstimator
from tests.queueing.happenings import Happening

QUEUES = ("a", "b", "c")
SKILLS = (("a",), ("b",), ("a", "b"), ("b", "a"), ("a", "c"), ("b", "c"), QUEUES, ("c",))
HANDLING = {"a": 5.0, "b": 300.0, "c": 600.0}
KINDS = ("rings", "many ring", "hangs up", "keeps a place", "comes", "goes", "goes later", "takes",
         "ends")  # fmt: skip
LIKELY = (28, 1, 8, 4, 12, 4, 2, 20, 20)


@dataclass
class Odd:
    """An odd day, by chance: `urgent`, whether some go ahead of others."""

    chance: Random
    urgent: bool
    now: float = 0.0
    rung: int = 0
    waiting: dict[int, str] = field(default_factory=dict)
    crew: dict[int, tuple[str, ...]] = field(default_factory=dict)
    busy: dict[int, int] = field(default_factory=dict)
    estimator: WaitEstimator = field(default_factory=WaitEstimator)

    def __post_init__(self) -> None:
        chance = self.chance
        begins = [chance.uniform(-3000, 6000) for _ in range(chance.randint(0, 6))]
        self.plan = [
            (agent, at, at + chance.choice([10, 100, 1000, 4000, 20000]), chance.choice(SKILLS))
            for agent, at in enumerate(begins)
        ]
        self.estimator.start({"skills": QUEUES, "plan": self.plan, "prior": {"aht": HANDLING}})
        if chance.random() < 0.5:
            weights = {"a": chance.choice([0.1, 1.0, 5.0]), "b": 1.0, "c": 0.3}
            self.estimator.prefer(dict.fromkeys(range(8), weights))

    def happens(self, kind: str) -> None:
        self.now += self.chance.choice([0, 0, 0.5, 1, 3, 20, 100])
        match kind:
            case "rings":
                self._rings(self.chance.choice(QUEUES))
            case "many ring":
                queue = self.chance.choice(QUEUES)
                for _ in range(115):
                    self._rings(queue)
            case "hangs up" if self.waiting:
                caller = self.chance.choice(list(self.waiting))
                del self.waiting[caller]
                self._tell("abandoned", caller)
            case "keeps a place" if self.waiting:
                self._tell("callback_placeholder", self.chance.choice(list(self.waiting)))
            case "comes":
                agent = self.chance.randint(0, 7)
                self.crew[agent] = self.chance.choice(SKILLS)
                self._tell("sign_on", agent=agent, skill=self.crew[agent])
            case "goes" if self.crew:
                agent = self.chance.choice(list(self.crew))
                del self.crew[agent]
                self.busy.pop(agent, None)
                self._tell("sign_off", agent=agent)
            case "goes later" if self.crew:
                self._tell("sign_off_pending", agent=self.chance.choice(list(self.crew)))
            case "takes":
                for agent in set(self.crew) - set(self.busy):
                    found = [one for one, of in self.waiting.items() if of in self.crew[agent]]
                    if found:
                        self.busy[agent] = found[0]
                        del self.waiting[found[0]]
                        self._tell("answered", found[0], agent)
                        break
            case "ends" if self.busy:
                agent = self.chance.choice(list(self.busy))
                del self.busy[agent]
                self._tell("service_end", agent=agent)

    def longest(self) -> float:
        """Seconds in which the fewest who are ever thought to work would have worked off all, one
        by one, had they begun when the roster changes for the last time."""
        seconds = (len(self.waiting) + 1) * max(HANDLING.values()) / LEAST_AGENTS / LEAST_PRESENT
        if self.urgent:
            seconds /= LEAST_SHARE
        return seconds + max([0.0, *(end - self.now for *_, end, _ in self.plan)])

    def _rings(self, queue: str) -> None:
        self.rung += 1
        self.waiting[self.rung] = queue
        order = self.chance.choice([None, self.now - 50])
        priority = self.chance.choice([0, 0, 1]) if self.urgent else 0
        self._tell("arrival", self.rung, skill=queue, priority=priority, value=order)

    def _tell(
        self,
        kind: str,
        caller: int | None = None,
        agent: int | None = None,
        skill: str | tuple[str, ...] | None = None,
        priority: int = 0,
        value: float | None = None,
    ) -> None:
        self.estimator.on_event(Happening(self.now, kind, caller, agent, skill, priority, value))


def assert_plausible(estimate: Estimate, longest: float) -> None:
    if not isfinite(estimate.mean):
        assert set(estimate) == {inf}
        return
    assert 0 <= estimate.low <= estimate.median <= estimate.high < inf
    assert estimate.mean <= min(longest, BELIEVED)


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 1 << 32), st.booleans(),
    st.lists(st.integers(1, 20), min_size=2, max_size=6),
)  # fmt: skip
def test_no_wait_is_longer_than_the_fewest_agents_would_need_for_everybody(
    seed: int, urgent: bool, course: list[int]
) -> None:
    day = Odd(Random(seed), urgent)
    estimator = day.estimator
    for steps in course:
        for kind in day.chance.choices(KINDS, LIKELY, k=steps):
            day.happens(kind)
        newcomers = estimator.newcomers(day.now)
        longest = day.longest()
        for estimate in [*estimator.peek(day.now).values(), *newcomers.values()]:
            assert_plausible(estimate, longest)
        for queue, estimate in newcomers.items():
            if longest < BELIEVED and estimator.agents(queue):
                assert isfinite(estimate.mean)
        figures = estimator.figures(day.now, {of: one.median for of, one in newcomers.items()})
        for known in figures.values():
            assert 0 <= known.rate <= day.rung / LEAST_WATCHED
            assert 0 <= known.hang_ups <= 1


def test_what_cannot_be_known_is_said_to_be_unknown_and_never_no_number() -> None:
    place = Place("one", "a", 0, 0.0, 1, 0.0)
    for found, beyond in (
        ((60.0, inf), (0.0, 0.0)),
        ((60.0, nan), (0.0, 0.0)),
        ((60.0, 900.0), (inf, inf)),
        ((60.0, 900.0), (nan, 0.0)),
    ):
        assert Quotes().answers([place], {"one": found}, 10.0, beyond) == {"one": UNKNOWN}
