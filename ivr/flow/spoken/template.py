"""Texts with values in them: `Your invoice is due {due|date}.`"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ivr.flow.language import Language
from ivr.flow.spoken.errors import BadTemplate, Unsayable
from ivr.flow.spoken.forms import Form, UnknownForm, read_form, usual_form
from ivr.flow.spoken.saying import USUAL_CURRENCY, say_in_form
from ivr.flow.values import NAME, NoValue, Value, as_value

HIDDEN = "•••"
"""What stands for a private value wherever somebody else than its caller looks."""
LONGEST = 4000
"""Characters of a text: more than a voice says in four minutes."""
MOST_VALUES = 20

_NAME_APART = re.compile(r",?\s*\Z")
"""What sets a name apart from the words before it."""
_PIECE = re.compile(r"\{\{|\}\}|\{|\}|[^{}]+")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value; without a `form` the value's kind decides. `column` counts from 1."""

    name: str
    form: Form | None
    column: int


@dataclass(frozen=True, slots=True)
class Filled:
    """`text` is spoken; `shown` is the same for logs, traces and people, without what is
    private."""

    text: str
    shown: str


@dataclass(frozen=True)
class Template:
    """A text cut into what stands there and what is filled in."""

    parts: tuple[str | Slot, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(part for part in self.parts if isinstance(part, Slot))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The variables that it needs, each with the form in which it is first said; the form is
        empty where the value's kind decides."""
        forms: dict[str, str] = {}
        for slot in self.slots:
            forms.setdefault(slot.name, "" if slot.form is None else str(slot.form))
        return forms

    def fill(
        self,
        language: Language,
        values: Mapping[str, Value],
        *,
        now: datetime,
        private: Set[str] = frozenset(),
        currency: str = USUAL_CURRENCY,
    ) -> Filled:
        """The text with its values, as `language` says them.

        `now` is in the company's time zone, `currency` the company's (ISO 4217), `private` the
        names of values that nobody but the caller may learn. A name (`{first_name|name}`) that
        nobody gave is left out, with the comma or blank before it. Raises `Unsayable`.
        """
        spoken: list[str] = []
        shown: list[str] = []
        for part in self.parts:
            if isinstance(part, str):
                spoken.append(part)
                shown.append(part)
            elif _may_be_left_out(part, values):
                for told in (spoken, shown):
                    if told:
                        told[-1] = _NAME_APART.sub("", told[-1])
            else:
                said = _said(part, language, values, now, currency)
                spoken.append(said)
                shown.append(HIDDEN if part.name in private else said)
        return Filled("".join(spoken), "".join(shown))


def _may_be_left_out(slot: Slot, values: Mapping[str, Value]) -> bool:
    """A name that nobody gave: the sentence stands without it."""
    is_name = slot.form is not None and slot.form.name == "name"
    return is_name and values.get(slot.name) is None


def _said(
    slot: Slot, language: Language, values: Mapping[str, Value], now: datetime, currency: str
) -> str:
    try:
        value = as_value(values[slot.name])
    except KeyError:
        raise Unsayable(f"`{slot.name}` has not been set in this call.") from None
    except NoValue as error:
        raise Unsayable(f"`{slot.name}` cannot be said. {error}") from None
    if value is None:
        raise Unsayable(f"`{slot.name}` is nothing, and cannot be said.")
    form = slot.form or usual_form(value)
    try:
        return say_in_form(language, value, form, now, currency)
    except Unsayable as error:
        raise Unsayable(f"`{slot.name}` cannot be said as `{form}`. {error.sentence}") from None


def parse_template(text: str) -> Template:
    """Cut a text at its `{name}` and `{name|form}`; `{{` and `}}` stand for braces.

    Raises `BadTemplate`.
    """
    if len(text) > LONGEST:
        raise BadTemplate(
            f"The text has {len(text)} characters; at most {LONGEST} are said.", LONGEST + 1,
            "Cut it into several nodes.",
        )  # fmt: skip
    parts: list[str | Slot] = []
    for part in _pieces(text):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    template = Template(tuple(parts))
    if len(template.slots) > MOST_VALUES:
        raise BadTemplate(
            f"The text has {len(template.slots)} values; at most {MOST_VALUES} are filled in.",
            template.slots[MOST_VALUES].column,
            "Cut it into several nodes.",
        )
    return template


def _pieces(text: str) -> Iterator[str | Slot]:
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        assert piece is not None
        match piece[0]:
            case "{{" | "}}" as braces:
                yield braces[0]
            case "{":
                end = text.find("}", at)
                if end < 0:
                    raise BadTemplate(
                        "A `{` is opened and never closed.", at + 1,
                        "Close it with `}`, or write `{{` for a brace.",
                    )  # fmt: skip
                yield _slot(text[at + 1 : end], at + 2)
                at = end + 1
                continue
            case "}":
                raise BadTemplate(
                    "There is no `{` for this `}`.", at + 1, "Write `}}` for a brace."
                )
            case words:
                yield words
        at = piece.end()


def _slot(written: str, column: int) -> Slot:
    name, bar, form = written.partition("|")
    stripped = name.strip()
    if not stripped:
        raise BadTemplate(
            "No value is named here.", column - 1, "Write the name of a variable: `{name}`."
        )
    if not NAME.match(stripped):
        likely = re.sub(r"[\s-]+", "_", stripped.lower())
        meant = likely if NAME.match(likely) else ""
        raise BadTemplate(
            f"`{stripped}` is not the name of a variable.", column,
            f"Did you mean `{meant}`?" if meant
            else "Names have small letters a to z, digits and `_`.",
        )  # fmt: skip
    at = column + len(name) + 1 + len(form) - len(form.lstrip())
    if not bar:
        return Slot(stripped, None, column)
    if not form.strip():
        raise BadTemplate("No form is named after `|`.", column + len(name), "Leave `|` out.")
    try:
        return Slot(stripped, read_form(form), column)
    except UnknownForm as error:
        raise BadTemplate(error.sentence, at, error.advice) from None
