"""A call and a company as expressions see them, with everything given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ivr.flow.expressions import QueueState, Value

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY_AFTERNOON = datetime(2026, 11, 23, 14, 30, 20, tzinfo=STOCKHOLM)


@dataclass(frozen=True)
class CallWorld:
    variables: Mapping[str, Value] = field(default_factory=dict)
    now: datetime = MONDAY_AFTERNOON
    language: str = "fi"
    line: str = "main"
    caller_known: bool = True
    caller_mobile: bool = False
    schedules: Mapping[str, bool] = field(
        default_factory=lambda: {"customer_service": True, "outages": False}
    )
    queues: Mapping[str, QueueState] = field(
        default_factory=lambda: {
            "support": QueueState(12, 3, Decimal("7.5")),
            "billing": QueueState(0, 0, None),
        }
    )

    def variable(self, name: str) -> Value:
        return self.variables[name]

    def is_open(self, schedule: str) -> bool:
        return self.schedules[schedule]

    def queue(self, name: str) -> QueueState:
        return self.queues[name]
