"""Events and questions, as an estimator is fed them."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.queueing.protocol import Name


@dataclass(frozen=True)
class Happening:
    t: float
    kind: str
    caller: Name | None = None
    agent: Name | None = None
    skill: str | tuple[str, ...] | None = None
    priority: int | None = None
    value: float | None = None


@dataclass(frozen=True)
class Asked:
    caller: Name
    skill: str = "q"
    priority: int = 0
    mode: str = "voice"
    joined: float = 0.0
    ahead: int = 0
