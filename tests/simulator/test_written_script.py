"""A call written down as a script: what is heard and done in a queue and with whoever takes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import yaml

from ivr.simulator.terminal.script import Script


def written(*events: dict[str, Any]) -> list[dict[str, Any]]:
    script = Script(datetime(2026, 11, 25, 10, 15, tzinfo=UTC))
    for event in (
        {"type": "dialled", "from": "+46701740605", "to": "+46846500400", "at": 0.0}, *events
    ):  # fmt: skip
        script.heard(event)
    (call,) = yaml.safe_load(script.as_yaml())
    return list(call["script"])


def said(text: str, at: float) -> dict[str, Any]:
    return {"type": "said", "text": text, "at": at}


def test_time_in_a_queue_is_written_before_what_is_heard_after_it() -> None:
    assert written(
        {"type": "enqueued", "queue": "billing", "at": 20.0},
        said("Two are ahead.", 21.0),
        said("Press 1 to leave a message.", 24.0),
        said("One is ahead.", 68.0),
        {"type": "queue_result", "queue": "billing", "result": "redirected", "at": 90.0},
        {"type": "joined", "conference": "R1", "at": 90.5},
        {"type": "connected", "number": "R1", "at": 91.0},
        {"type": "left", "conference": "R1", "at": 200.0},
        {"type": "ended", "status": "completed", "at": 200.0},
    ) == [
        {"hears": "Two are ahead."},
        {"hears": "Press 1 to leave a message."},
        {"waits": 48},
        {"hears": "One is ahead."},
        {"waits": 22},
        {"agent": "accepts"},
        {"call_ends": True},
    ]


def test_a_number_that_is_rung_is_written_as_before() -> None:
    assert written(
        {"type": "connected", "number": "+46846500410", "at": 9.0},
        {"type": "ended", "status": "completed", "at": 60.0},
    ) == [
        {"put_through": "+46846500410", "outcome": "answers"},
        {"call_ends": True},
    ]
