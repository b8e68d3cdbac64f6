"""Putting new words into the `hears` of scripts, with everything else of the file as it stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from ivr.services.rehearsal.player import Heard
from ivr.services.rehearsal.script import Script


@dataclass(frozen=True)
class Rewording:
    """What one script should say."""

    script: Script
    heard: Heard


class CannotRewrite(Exception):
    """The words stand in the file in a way that cannot be changed by itself; says where."""


@dataclass(frozen=True)
class _Written:
    """Where words stand in the text, and how."""

    begins: int
    ends: int
    style: str | None
    in_flow: bool
    """Between `{` and `}`, where a comma ends a text."""


def rewritten(text: str, rewordings: Sequence[Rewording]) -> str:
    """The text of one file of scripts with these words in it. Raises CannotRewrite."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    changes = []
    for rewording in rewordings:
        script = rewording.script
        for step, words in rewording.heard.items():
            written = _where(root, text, script, step)
            if written is None:
                raise CannotRewrite(
                    f"{script.file}:{script.line_of(step)}: these words are named (`*` or `&`); "
                    "change them by hand."
                )
            changes.append((written, words))
    # From the end, so that what comes before stays where it is.
    for written, words in sorted(changes, key=lambda change: change[0].begins, reverse=True):
        text = text[: written.begins] + _form(words, written) + text[written.ends :]
    return text


def _where(root: Any, text: str, script: Script, step: int) -> _Written | None:
    """None for words that are written elsewhere, or written here for elsewhere too."""
    holder = _value(_value(root, "calls").value[script.index], "script").value[step]
    hears = _value(holder, "hears")
    begins, ends = hears.start_mark.index, hears.end_mark.index
    here = script.document.value_mark(("calls", script.index, "script", step, "hears"))
    if (hears.start_mark.line + 1, hears.start_mark.column + 1) != here or text[begins] in "&!":
        return None
    if hears.style in ("|", ">"):
        # The end of a block is where the next line begins.
        ends = begins + len(text[begins:ends].rstrip())
    return _Written(begins, ends, hears.style, bool(holder.flow_style))


def _value(mapping: Any, name: str) -> Any:
    return next(value for key, value in mapping.value if key.value == name)


def _form(words: str, written: _Written) -> str:
    """The words as YAML takes them, in the way they were written where that can be."""
    if written.style == "'":
        return "'" + words.replace("'", "''") + "'"
    if written.style != '"' and not written.in_flow and _is_plain(words):
        return words
    return json.dumps(words, ensure_ascii=False)


def _is_plain(words: str) -> bool:
    try:
        return bool(yaml.load(f"- hears: {words}\n", yaml.BaseLoader) == [{"hears": words}])  # noqa: S506
    except yaml.YAMLError:
        return False
