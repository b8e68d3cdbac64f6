"""Text messages: one segment in every language, whatever the values are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from ivr.flow.checks.reads import parsed
from ivr.flow.language import Language
from ivr.flow.names import ANY_LANGUAGE, Told
from ivr.flow.reader import Source
from ivr.flow.segments import PLAIN, named, room, segments, strangers
from ivr.flow.spoken import BadTemplate, Form, Template, Unsayable, say_value
from ivr.flow.values import Kind, Value
from ivr.reading import Finding
from ivr.reading.tree import Path

if TYPE_CHECKING:
    from ivr.flow.checks import Surroundings

LONGEST_WORDS = "M" * 24
"""A name or another text of a value: longer ones are rare."""
LONGEST_DIGITS = "0" * 10
_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def check(source: Source, kinds: Mapping[str, Kind], around: Surroundings) -> Iterator[Finding]:
    """Findings about the messages that one flow sends; `kinds` of variables, where known."""
    for node_name, node in source.flow.nodes.items():
        for path, texts in node.messages():
            at: Path = ("nodes", node_name, *path)
            for code, told in texts.items():
                yield from _message(source, (*at, code), code, told, kinds, around)


def _message(
    source: Source,
    path: Path,
    code: str,
    told: Told,
    kinds: Mapping[str, Kind],
    around: Surroundings,
) -> Iterator[Finding]:
    if not isinstance(told, str):
        yield source.finding(
            path, "value", "A text message cannot be a recording.", "Write its words."
        )
        return
    seen: set[str] = set()
    for column, character in strangers(told):
        if character in PLAIN and character not in seen:
            seen.add(character)
            plain = PLAIN[character]
            advice = f"Write `{plain}`." if plain.strip() else "Write a blank."
            yield source.at_column(
                path, column, "message-character",
                f"This is {named(character)}, with which a segment has room for 70 characters.",
                advice if plain else "Delete it.", "warning",
            )  # fmt: skip
    language = around.languages.get(source.flow.languages[0] if code == ANY_LANGUAGE else code)
    template = parsed(told)
    if language is None or isinstance(template, BadTemplate):
        return
    longest = _filled(template, language, kinds, around.currency)
    if segments(longest) > 1:
        taken, there_is = room(longest)
        values = " with the longest sensible values" if template.slots else ""
        yield source.finding(
            path, "long-message",
            f"It takes {segments(longest)} segments: {taken} of {there_is} characters{values}.",
        )  # fmt: skip


def _filled(
    template: Template, language: Language, kinds: Mapping[str, Kind], currency: str
) -> str:
    return "".join(
        part
        if isinstance(part, str)
        else _longest(language, part.form, kinds.get(part.name), currency)
        for part in template.parts
    )


@cache
def _samples() -> Mapping[str, tuple[Value, ...]]:
    dates = tuple(date(2027, month, day) for month in range(1, 13) for day in range(22, 29))
    return {
        "digits": (LONGEST_DIGITS,),
        "spell": (LONGEST_DIGITS,),
        "number": (Decimal("9999.99"),),
        "amount": (Decimal("9999.99"), Decimal("9999.09")),
        "date": dates,
        "day": dates,
        "time": tuple(time(hour, minute) for hour in (0, 7, 12, 23) for minute in (0, 29, 30, 57)),
        "duration": (Decimal(719), Decimal(61), Decimal(59)),
        "yes_no": (True, False),
    }


_USUAL: Mapping[Kind, str] = {
    "number": "number", "date": "date", "time": "time", "yes_no": "yes_no",
}  # fmt: skip


def _longest(language: Language, form: Form | None, kind: Kind | None, currency: str) -> str:
    """The longest that a value is likely to become when it is said in this form."""
    written = str(form) if form is not None else _USUAL.get(kind or "text", "text")
    values = _samples().get(written.split()[0], (LONGEST_WORDS,))
    return max((_said(language, value, written, currency) for value in values), key=len)


def _said(language: Language, value: Value, form: str, currency: str) -> str:
    try:
        return say_value(language, value, form, _NOW, currency)
    except Unsayable:
        return LONGEST_WORDS
