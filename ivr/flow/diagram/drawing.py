"""What is drawn, before it has any place on the paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["step", "choice", "decision", "person", "message", "end", "flow"]
"""What a card is to the eye: something said, a question to the caller, a decision without the
caller, and the ends of a call: a person, a message, a goodbye. `flow` is a flow as a whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way on from a card."""

    key: str
    """The key that takes it, or empty."""
    label: str
    to: str = ""
    """The card that it leads to, or empty when it leaves the drawing."""
    exit: str = ""
    """Where it leads when that is not drawn: another flow, or a number that rings."""
    whole: str = ""
    """The label in full, where it is shortened."""


@dataclass(frozen=True, slots=True)
class Card:
    """One step of a flow, or one flow."""

    name: str
    kind: str
    tone: Tone
    words: str = ""
    """What is heard here, in full."""
    rows: tuple[Row, ...] = ()
    badges: tuple[str, ...] = ()
    """Short marks: `start`, `0` where asking for a person leads, a line's name."""
    seconds: float | None = None
    """How long it takes to say, where that can be told."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Cards, the first one where calls begin, with a title and a line about the whole.

    `notes` are lines that whoever has it drawn adds.
    """

    title: str
    about: str
    cards: tuple[Card, ...]
    notes: tuple[str, ...] = ()
