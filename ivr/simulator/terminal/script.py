"""A call written down as a script: what was heard and what the caller did."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from ivr.simulator.client import Event
from ivr.simulator.numbers import WITHHELD

OUTCOMES = {"completed": "answers", "busy": "busy", "failed": "failed"}


class Script:
    """Collects the steps of one call."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._caller = ""
        self._steps: list[dict[str, Any]] = []
        self._over = False

    def heard(self, event: Event) -> None:
        """An event of the call."""
        kind = event["type"]
        if kind == "dialled":
            self._caller = event["from"]
        elif kind == "said":
            self._steps.append({"hears": event["text"]})
        elif kind == "connected":
            self._put_through(event["number"], "answers")
        elif kind == "dial_ended" and event["status"] != "completed":
            self._put_through(event["number"], OUTCOMES.get(event["status"], "no_answer"))
        elif kind == "ended" and not self._over:
            self._over = True
            self._steps.append({"call_ends": True})

    def pressed(self, keys: str) -> None:
        """The caller pressed keys; that ends a message being left."""
        if self._steps and "leaves_message" in self._steps[-1] and len(keys) == 1:
            self._steps[-1]["key"] = _keys(keys)
        else:
            self._steps.append({"presses": _keys(keys)})

    def said(self, text: str) -> None:
        """The caller said words."""
        self._steps.append({"says": text})

    def was_silent(self) -> None:
        """The caller let a wait run out."""
        if not (self._steps and "leaves_message" in self._steps[-1]):
            self._steps.append({"silent": True})

    def left_message(self, seconds: float) -> None:
        """The caller spoke for so long on a recording."""
        whole = max(round(seconds), 1)
        if self._steps and "leaves_message" in self._steps[-1]:
            self._steps[-1]["leaves_message"] += whole
        else:
            self._steps.append({"leaves_message": whole})

    def hung_up(self) -> None:
        """The caller hung up."""
        if not self._over:
            self._over = True
            self._steps.append({"hangs_up": True})

    def _put_through(self, number: str, outcome: str) -> None:
        step = {"put_through": number, "outcome": outcome}
        if step not in self._steps[-1:]:
            self._steps.append(step)

    def as_yaml(self) -> str:
        """The script, indented as an item of a file's ``calls``."""
        call = {
            "call": f"A call on {self._began:%Y-%m-%d}",
            "at": f"{self._began:%Y-%m-%d %H:%M}",
            "from": "withheld" if self._caller == WITHHELD else self._caller,
            "script": self._steps,
        }
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
