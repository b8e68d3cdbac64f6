"""The small words of a flow file: names, targets, texts in several languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from ivr.flow.expressions import Expression, parse
from ivr.reading.findings import WrongWithin
from ivr.reading.validation import suggestion

T = TypeVar("T")

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
TARGET = re.compile(r"(?:(?P<flow>[a-z][a-z0-9_]*)/)?(?P<node>[a-z][a-z0-9_]*)?\Z")

ANY_LANGUAGE = "*"
"""The key of a text that was written without naming a language (a flow with one language)."""
PROMPT = "prompt"
"""`text: {prompt: welcome}` says a text of a prompt file."""


def _name(value: Any) -> Any:
    if isinstance(value, str) and not NAME.match(value):
        raise ValueError(
            f"`{value}` is not a name. Use small letters a to z, digits and `_`, a letter first."
        )
    return value


def _target(value: Any) -> Any:
    if isinstance(value, str) and (not value or not TARGET.match(value)):
        raise ValueError(
            f"`{value}` is not a place to go. Write a node of this flow (`menu`), "
            "another flow (`invoices/`) or a node in it (`invoices/paid`)."
        )
    return value


def _key(value: Any) -> Any:
    if value == "0":
        raise ValueError("Key 0 always leads to a person. Use one of 1 to 9.")
    if not isinstance(value, str) or value not in "123456789" or len(value) != 1:
        raise ValueError(f"`{value}` is not one key. Use one of 1 to 9.")
    return value


def _files(value: Any) -> Any:
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


class UnknownPrompt(WrongWithin):
    """A text names a prompt that there is not."""

    code = "unknown-prompt"
    at = (PROMPT,)


def _texts(value: Any, info: ValidationInfo) -> Any:
    if not is_prompt(value):
        return _files(value)
    prompts = (info.context or {}).get("prompts")
    name = value[PROMPT]
    if prompts is None or name not in prompts.by_name:
        known = () if prompts is None else prompts.by_name
        advice = suggestion(name, known)
        if prompts is not None and prompts.broken:
            advice = f"Mend {prompts.broken[0]} first: it cannot be read."
        raise UnknownPrompt(f"There is no prompt `{name}`.", 1, advice)
    prompts.used.add(name)
    return prompts.by_name[name].texts


def is_prompt(value: object) -> bool:
    """Whether a text, as it was written, names one of a prompt file: `{prompt: welcome}`."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get(PROMPT), str)


Name = Annotated[str, BeforeValidator(_name)]
Target = Annotated[str, BeforeValidator(_target)]
"""`menu` is a node of the same flow, `invoices/` the start of another, `invoices/paid` in it."""

_Text = Annotated[str, Field(min_length=1)]


class Recorded(BaseModel):
    """A text that was recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    audio: _Text
    """A file name under `flows/audio/`, or an https address."""
    text: _Text
    """The words of the recording, for those who read."""


_Words = Annotated[tuple[_Text, ...], Field(min_length=1)]
Told = _Text | Recorded
Texts = Annotated[dict[str, Told], BeforeValidator(_texts), Field(min_length=1)]
"""What is said, by language code; a plain text where the flow has one language."""
Files = Annotated[dict[str, _Text], BeforeValidator(_files), Field(min_length=1)]
"""Recordings by language code: file names under `flows/audio/`, or https addresses."""
WordLists = dict[str, _Words]
"""Words a caller may say, by language code."""


def _formula(value: Any) -> Any:
    return parse(value) if isinstance(value, str) else value


Formula = Annotated[Expression, BeforeValidator(_formula)]
"""An expression, such as `queue("support").waiting > 10`."""
Key = Annotated[str, BeforeValidator(_key)]
"""A key an author may use; 0 always leads to a person."""


def in_language(texts: Mapping[str, T], language: str) -> T:
    """The text in `language`; where it is missing, the first (a checked flow has them all)."""
    return texts.get(language) or texts.get(ANY_LANGUAGE) or next(iter(texts.values()))
