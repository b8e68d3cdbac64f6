"""A call written down as a script: what was heard and what the caller did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from ivr.simulator.client import Event
from ivr.simulator.numbers import WITHHELD

OUTCOMES = {"completed": "answers", "busy": "busy", "failed": "failed"}
GOES_ON = ("said", "played", "dialling", "recording", "ended")
"""Events that come when a wait is over."""
WAITED = 10.0
"""Seconds in a queue that are worth a step."""


@dataclass(frozen=True)
class Names:
    """What the company calls its numbers: people to be put through to, and lines to ring.

    `first_line` is the one that is rung when a script names none.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    first_line: str = ""


class Script:
    """Collects the steps of one call. `began` is in the company's time."""

    def __init__(self, began: datetime, names: Names | None = None) -> None:
        self._began = began
        self._names = names or Names()
        self._caller = ""
        self._line = ""
        self._steps: list[dict[str, Any]] = []
        self._over = False
        self._queued: float | None = None
        """In a queue: since when nothing was written down. Seconds of the call."""
        self._in_room = False
        self._reports_silence = True
        self._waiting_for = ""
        self._begun = ""
        """The keys of an answer that is not whole yet."""

    def heard(self, event: Event) -> None:
        """An event of the call."""
        kind = event["type"]
        if kind in GOES_ON and self._waiting_for == "input":
            # The wait ran out by the clock.
            self.was_silent()
        if kind == "dialled":
            self._caller, self._line = event["from"], self._names.lines.get(event["to"], "")
        elif kind == "said":
            self._has_waited(event["at"])
            self._steps.append({"hears": event["text"]})
        elif kind == "enqueued":
            self._queued = event["at"]
        elif kind == "queue_result":
            self._has_waited(event["at"])
            self._queued = None
        elif kind == "joined":
            self._in_room = True
            self._steps.append({"agent": "accepts"})
        elif kind == "connected" and self._in_room:
            self._waiting_for = "conversation"
        elif kind == "left":
            self._in_room, self._waiting_for = False, ""
        elif kind == "listening":
            self._reports_silence = event["reports_silence"]
        elif kind == "your_move":
            self._waiting_for = event["waiting_for"]
            self._begun = event.get("so_far", "")
        elif kind == "connected":
            self._waiting_for = "conversation"
            self._put_through(event["number"], "answers")
        elif kind == "dial_ended":
            self._waiting_for = ""
            if event["status"] != "completed":
                self._put_through(event["number"], OUTCOMES.get(event["status"], "no_answer"))
        elif kind == "ended" and not self._over:
            self._over = True
            self._steps.append({"call_ends": True})

    def pressed(self, keys: str) -> None:
        """The caller pressed keys; that ends a message being left."""
        if self._moves():
            return
        last = self._steps[-1] if self._steps else {}
        if "leaves_message" in last and len(keys) == 1:
            last["key"] = _keys(keys)
        elif self._begun and "presses" in last:
            last["presses"] = _keys(f"{last['presses']}{keys}")
        else:
            self._steps.append({"presses": _keys(keys)})

    def said(self, text: str) -> None:
        """The caller said words."""
        if not self._moves():
            self._steps.append({"says": text})

    def was_silent(self) -> None:
        """The caller let a wait run out; only one that is told to the application is a step."""
        passes = self._waiting_for == "input" and (self._begun or not self._reports_silence)
        if self._moves() or passes:
            return
        if not (self._steps and "leaves_message" in self._steps[-1]):
            self._steps.append({"silent": True})

    def left_message(self, seconds: float) -> None:
        """The caller spoke for so long on a recording."""
        self._waiting_for = ""
        whole = max(round(seconds), 1)
        if self._steps and "leaves_message" in self._steps[-1]:
            self._steps[-1]["leaves_message"] += whole
        else:
            self._steps.append({"leaves_message": whole})

    def hung_up(self) -> None:
        """The caller hung up."""
        self._waiting_for = ""
        if not self._over:
            self._over = True
            self._steps.append({"hangs_up": True})

    def _has_waited(self, at: float) -> None:
        """In a queue: so long since something was last written down."""
        if self._queued is not None and at - self._queued >= WAITED:
            self._steps.append({"waits": round(at - self._queued)})
            self._queued = at

    def _moves(self) -> bool:
        """The caller does something; whether it is said to another person, and no step."""
        talks = self._waiting_for == "conversation"
        if not talks:
            self._waiting_for = ""
        return talks

    def _put_through(self, number: str, outcome: str) -> None:
        step = {"put_through": self._names.people.get(number, number), "outcome": outcome}
        if step not in self._steps[-1:]:
            self._steps.append(step)

    def as_yaml(self) -> str:
        """The script, indented as an item of a file's ``calls``."""
        call = {
            "call": f"A call on {self._began:%Y-%m-%d} at {self._began:%H:%M}",
            "at": f"{self._began:%Y-%m-%d %H:%M}{' again' if self._began.fold else ''}",
            "from": "withheld" if self._caller == WITHHELD else self._caller,
            "line": self._line,
            "script": self._steps,
        }
        if not self._line or self._line == self._names.first_line:
            del call["line"]
        text: str = yaml.safe_dump([call], sort_keys=False, allow_unicode=True, width=96)
        return "".join(f"  {line}\n" for line in text.splitlines())

    def append_to(self, path: Path) -> None:
        """Add the script to a file of calls, which is made if it is not there."""
        old = path.read_text("utf-8") if path.exists() else ""
        if not old.strip():
            old = "calls:\n"
        path.write_text(old.rstrip("\n") + "\n" + self.as_yaml(), "utf-8")


def _keys(keys: str) -> int | str:
    """Keys as they are written: a number where that loses nothing."""
    return int(keys) if keys.isdigit() and str(int(keys)) == keys else keys
