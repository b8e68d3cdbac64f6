"""What an estimator is fed and asked: only the attributes that are named here are ever read."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol, TypeAlias

Name: TypeAlias = str | int
"""Of a caller or an agent."""


class Event(Protocol):
    """Something that happened to the line, at `t` seconds (of any clock that runs evenly).

    sign_on (`skill` holds all skills of the agent; of one who is there, those from now on, and
    they stay), sign_off_pending (leaves after this call),
    sign_off; arrival, callback_placeholder (hung up, keeps the place), abandoned; answered,
    dial (the turn of a callback place has come), callback_failed, service_end (free again).

    Where an agent's telephone rings first: reserved (an agent was found for the caller), then
    answered or dial, or returned (the agent is free of them; the caller, if they are still there,
    stands where they stood). withdrawn: taken out of the line, not out of impatience.
    """

    @property
    def t(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def caller(self) -> Any: ...
    @property
    def agent(self) -> Any: ...
    @property
    def skill(self) -> Any: ...
    @property
    def priority(self) -> int | None: ...
    @property
    def value(self) -> float | None: ...


class Entry(Protocol):
    """One who waits, when the question is asked. Priority 0 is served before 1."""

    @property
    def caller(self) -> Any: ...
    @property
    def skill(self) -> Any: ...
    @property
    def priority(self) -> int: ...
    @property
    def mode(self) -> str: ...
    @property
    def joined(self) -> float: ...
    @property
    def ahead(self) -> int: ...


class Estimate(NamedTuple):
    """The remaining wait in seconds: 80 of 100 such waits are to end from `low` to `high`.

    All infinite where nothing can be said: nobody answers, and nobody is rostered within an hour,
    or it would take longer than anybody knows what will be.
    """

    low: float
    median: float
    high: float
    mean: float


class Stands(NamedTuple):
    """One in the line, or for whom the telephone of `agent` rings. Times as events have them."""

    caller: Name
    skill: str
    order: float
    joined: float
    callback: bool = False
    agent: Name | None = None


class IsThere(NamedTuple):
    """An agent who is there; `work` is the skill of their call and whether it is a callback place,
    since `since`, or None for one who is idle."""

    agent: Name
    skills: tuple[str, ...]
    leaving: bool = False
    work: tuple[str, bool] | None = None
    since: float = 0.0
