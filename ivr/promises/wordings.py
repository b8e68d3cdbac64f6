"""What our texts say: one segment each, in every language, whatever is filled in.

One YAML file a language in `wordings/`, in the template language of flows. Times are told as times
of day, which stay true until the text is read.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from ivr.flow.language import load_languages
from ivr.flow.spoken import BadTemplate, Template, parse_template
from ivr.reading import read_tree, validate

TextKind = Literal[
    "receipt_place", "receipt_place_open", "receipt_window",
    "update_first", "update_worse", "update_better", "soon", "sorry", "sorry_open", "not_reached",
    "kept_place", "kept_place_open", "windows", "no_windows",
    "status_time", "status_open", "status_on_line", "status_window", "back_in_line",
    "cancelled", "withdrawn", "nothing_open", "passed_on", "help", "stopped", "started",
]  # fmt: skip
"""`_open`: where no time can be told. `status_*` answer `how long?`, `status_on_line` whoever waits
on the telephone; `sorry` is for a promise that was not kept, `withdrawn` for one that will not be;
`passed_on` answers what the agent will read."""
TEXT_KINDS: tuple[TextKind, ...] = get_args(TextKind)

_Text = Annotated[str, Field(min_length=1)]
_Week = Annotated[tuple[_Text, ...], Field(min_length=7, max_length=7)]


class Wording(BaseModel):
    """`reply` is what the person may answer; `may_drop`: a bare NO gives the call up."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    text: Template
    reply: Template | None = None
    may_drop: bool = False

    @field_validator("text", "reply", mode="before")
    @classmethod
    def _template(cls, written: object, info: ValidationInfo) -> object:
        if not isinstance(written, str):
            return written
        try:
            return parse_template(written)
        except BadTemplate as error:
            raise ValueError(str(error)) from None


class Wordings(BaseModel):
    """One language's texts, and how it tells times in them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: _Text
    span: _Text
    """From one time of a day to another, in a sentence."""
    span_short: _Text
    """The same in a list."""
    moment: _Text
    clock: _Text
    this_week: _Text
    """A day within a week."""
    weekdays: _Week
    date: _Text
    """A day further off, or in a list."""
    short_weekdays: _Week
    texts: dict[TextKind, Wording]

    @field_validator("texts")
    @classmethod
    def _all_of_them(cls, texts: dict[TextKind, Wording]) -> dict[TextKind, Wording]:
        missing = [kind for kind in TEXT_KINDS if kind not in texts]
        if missing:
            raise ValueError(f"`{missing[0]}` has no wording.")
        return texts


@cache
def load_wordings() -> dict[str, Wordings]:
    """Every language's texts, by code. Raises `Unreadable` when a file is broken."""
    found = {}
    for code in load_languages():
        name = f"{code}.yaml"
        data = (resources.files("ivr.promises") / "wordings" / name).read_bytes()
        found[code] = validate(Wordings, read_tree(data, f"wordings/{name}"))
    return found


def may_drop(kind: TextKind, language: str) -> bool:
    """Whether a bare NO to this text gives the call up."""
    return load_wordings()[language].texts[kind].may_drop
