"""Who waits, in the order of service, and who has hung up but whose turn is yet to be known."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ivr.queueing.protocol import Name

Key = tuple[int, float, int]


class Quote(NamedTuple):
    """An answer about one who waits, given at `at`: the remaining wait, in seconds."""

    at: float
    low: float
    median: float
    high: float
    mean: float


@dataclass(slots=True)
class Place:
    """One person's standing. Served by priority, then by `order` (seconds), then as they came."""

    caller: Name
    skill: str
    priority: int
    order: float
    number: int
    joined: float
    callback: bool = False
    told: Quote | None = None
    """The first answer about this place."""
    told_later: Quote | None = None
    """The first one after some waiting."""
    newcomer: bool = False
    """Nobody yet: whoever joins would stand here, and takes nobody's turn."""

    @property
    def key(self) -> Key:
        return self.priority, self.order, self.number

    def snapshot(self) -> list[Any]:
        return [
            self.caller, self.skill, self.priority, self.order, self.number, self.joined,
            self.callback, *(told and list(told) for told in (self.told, self.told_later)),
        ]  # fmt: skip

    @classmethod
    def restore(cls, saved: list[Any]) -> Place:
        *standing, told, told_later = saved
        place = cls(*standing)
        place.told = told and Quote(*told)
        place.told_later = told_later and Quote(*told_later)
        return place


def _key(place: Place) -> Key:
    return place.key


class Line:
    """Places by skill, each list in the order of service."""

    def __init__(self) -> None:
        self.by_skill: dict[str, list[Place]] = {}
        self.by_caller: dict[Name, Place] = {}

    def __contains__(self, caller: Name) -> bool:
        return caller in self.by_caller

    def __len__(self) -> int:
        return len(self.by_caller)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.by_caller.values())

    def join(self, place: Place) -> None:
        self.by_caller[place.caller] = place
        insort(self.by_skill.setdefault(place.skill, []), place, key=_key)

    def join_all(self, places: Iterable[Place]) -> None:
        """Let many in at once."""
        for place in places:
            self.by_caller[place.caller] = place
            self.by_skill.setdefault(place.skill, []).append(place)
        for standing in self.by_skill.values():
            standing.sort(key=_key)

    def leave(self, caller: Name) -> Place | None:
        place = self.by_caller.pop(caller, None)
        if place is not None:
            places = self.by_skill[place.skill]
            del places[bisect_left(places, place.key, key=_key)]
        return place

    def waits(self, skills: Iterable[str]) -> bool:
        """Whether anybody waits for one of the skills."""
        return any(self.by_skill.get(skill) for skill in skills)

    def before(self, skills: Iterable[str], key: Key | None) -> list[Place]:
        """Take out all of the skills who stand before `key`, or all if it is None."""
        taken: list[Place] = []
        for skill in skills:
            places = self.by_skill.get(skill, [])
            end = len(places) if key is None else bisect_left(places, key, key=_key)
            taken += places[:end]
            del places[:end]
        for place in taken:
            del self.by_caller[place.caller]
        return taken
