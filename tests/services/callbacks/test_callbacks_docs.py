"""docs/callbacks.md tells every setting with what is usual, and every state in its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from ivr.callback_settings import CallbacksSettings, QueueCallbackSettings
from ivr.callbacks.states import ENDS, STATES
from ivr.services.callbacks import words

MANUAL = (Path(__file__).parents[3] / "docs" / "callbacks.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z_.]+)` \| ([^|]*) \|([^|]*)\|$", re.MULTILINE)
IN_WORDS = {"the queue's name": "", "from rosters and forecast": None, "the first line's": (),
            "yes": True, "no": False}  # fmt: skip


def settings(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting by its path, with its default."""
    for name, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        grouped = name in ("attempts", "limits")
        if grouped:
            yield from settings(type(default), f"{name}.")
        elif name != "form":
            yield before + name, default


def as_written(default: Any, written: str) -> Any:
    """What a cell of the table says a default is."""
    if written == "none":
        return () if isinstance(default, tuple) else None
    if written in IN_WORDS:
        return IN_WORDS[written]
    found = yaml.safe_load(written)
    return tuple(found) if isinstance(found, list) else found


def test_every_setting_stands_in_the_manual_with_what_is_usual() -> None:
    rows = {name: usual for name, usual, _ in ROW.findall(MANUAL.partition("## Settings")[2])}
    there = dict([*settings(QueueCallbackSettings), *settings(CallbacksSettings)])
    assert rows.keys() == there.keys()
    for name, default in there.items():
        plain = default.model_dump() if isinstance(default, BaseModel) else default
        assert as_written(default, rows[name]) == plain, name


def test_every_state_stands_in_the_manual_in_its_words() -> None:
    part = MANUAL.partition("## The states")[2].partition("## For supervisors")[0]
    rows = {name: (short, meaning.strip()) for name, short, meaning in ROW.findall(part)}
    assert tuple(rows) == STATES
    assert tuple(rows)[-len(ENDS) :] == tuple(ENDS)
    for state in STATES:
        short, meaning = rows[state]
        assert short == words.STATES[state]
        assert meaning.startswith(words.MEANINGS[state])
