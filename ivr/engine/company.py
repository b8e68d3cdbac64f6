"""The company whose telephone is answered, as the engine needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property

from ivr.engine.speaking import Reached
from ivr.flow.actions import Listen
from ivr.flow.flow import FlowSet
from ivr.flow.language import Language
from ivr.flow.notice import Notice
from ivr.flow.queue_rules import QueueRules
from ivr.flow.scene import Around
from ivr.flow.schedule import Schedule
from ivr.queueing.board import Board


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
    zone: tzinfo = UTC
    rules: Mapping[str, QueueRules] = field(default_factory=dict)
    """What holds for each queue."""
    boards: Mapping[str, Board] = field(default_factory=dict)
    """How the queues stand now."""
    notices: tuple[Notice, ...] = ()
    currency: str = "EUR"

    listening: dict[tuple[str, str, str, int, bool, Reached | None], Listen] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """How questions that are always the same are put: by flow, node, language, wording, calm, and
    what the way to a person reaches."""

    @cached_property
    def around(self) -> Around:
        """What of it the nodes of a flow can see."""
        return Around(
            self.schedules,
            self.numbers,
            self.languages,
            self.boards,
            self.zone,
            self.notices,
            self.rules,
            self.speech,
            self.currency,
        )
