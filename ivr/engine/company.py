"""The company whose telephone is answered, as the engine needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.flow.flow import FlowSet
from ivr.flow.language import Language
from ivr.flow.schedule import Schedule


@dataclass(frozen=True)
class Line:
    """A number that people ring, and the flow that answers it."""

    name: str
    number: str
    flow: str


@dataclass(frozen=True)
class Company:
    """Everything that is the same for every call until something is published.

    `numbers` are the names that flows use for telephone numbers; `fallback` (E.164) is rung when
    nothing else is left.
    """

    flows: FlowSet
    lines: Mapping[str, Line]
    languages: Mapping[str, Language]
    schedules: Mapping[str, Schedule]
    numbers: Mapping[str, str]
    fallback: str
    speech: bool = True
