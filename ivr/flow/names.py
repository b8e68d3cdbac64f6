"""The small words of a flow file: names, targets, texts in several languages."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
TARGET = re.compile(r"(?:(?P<flow>[a-z][a-z0-9_]*)/)?(?P<node>[a-z][a-z0-9_]*)?\Z")

ANY_LANGUAGE = "*"
"""The key of a text that was written without naming a language (a flow with one language)."""


def _name(value: Any) -> Any:
    if isinstance(value, str) and not NAME.match(value):
        raise ValueError(
            f"`{value}` is not a name: use small letters a to z, digits and `_`, a letter first."
        )
    return value


def _target(value: Any) -> Any:
    if isinstance(value, str) and (not value or not TARGET.match(value)):
        raise ValueError(
            f"`{value}` is not a place to go: write a node of this flow (`menu`), "
            "another flow (`invoices/`) or a node in it (`invoices/paid`)."
        )
    return value


def _key(value: Any) -> Any:
    if value == "0":
        raise ValueError("Key 0 always leads to a person. Use one of 1 to 9.")
    if not isinstance(value, str) or value not in "123456789" or len(value) != 1:
        raise ValueError(f"`{value}` is not one key. Use one of 1 to 9.")
    return value


def _texts(value: Any) -> Any:
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


Name = Annotated[str, BeforeValidator(_name)]
Target = Annotated[str, BeforeValidator(_target)]
"""`menu` is a node of the same flow, `invoices/` the start of another, `invoices/paid` in it."""

_Text = Annotated[str, Field(min_length=1)]
_Words = Annotated[tuple[_Text, ...], Field(min_length=1)]
Texts = Annotated[dict[str, _Text], BeforeValidator(_texts), Field(min_length=1)]
"""What is said, by language code; a plain text where the flow has one language."""
WordLists = dict[str, _Words]
"""Words a caller may say, by language code."""
Key = Annotated[str, BeforeValidator(_key)]
"""A key an author may use; 0 always leads to a person."""


def in_language(texts: dict[str, str], language: str) -> str:
    """The text in `language`; where it is missing, the first (a checked flow has them all)."""
    return texts.get(language) or texts.get(ANY_LANGUAGE) or next(iter(texts.values()))
