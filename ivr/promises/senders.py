"""From whom a text comes: by country a number, a messaging service, or a name without answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from typing import Literal

from msgspec import Struct

MOST_LETTERS = 11
"""Of a sender's name."""
_NAME = re.compile(r"[A-Za-z0-9 ]+\Z")


class Sender(Struct, frozen=True):
    """`value`: a number (E.164), a messaging service's SID, a name, or an address that mail comes
    from. Names cannot be answered."""

    kind: Literal["number", "service", "name", "mail"]
    value: str

    @property
    def two_way(self) -> bool:
        return self.kind != "name"


class Senders(Struct, frozen=True):
    """For numbers that begin so (`+46`; empty: all): our senders, the best first."""

    prefix: str
    senders: tuple[Sender, ...]


def choose_sender(
    to: str,
    by_country: Iterable[Senders],
    *,
    answer_needed: bool = False,
    stopped: Set[str] = frozenset(),
) -> Sender | None:
    """The sender for a number (E.164): the best of the longest prefix that fits, or None.

    `answer_needed`: a name will not do. `stopped`: senders (their values) that must not be used.
    A longer prefix without a sender left does not fall back to a shorter one: whoever names a
    country means it.
    """
    fitting = [group for group in by_country if to.startswith(group.prefix)]
    if not fitting:
        return None
    best = max(fitting, key=lambda group: len(group.prefix))
    for sender in best.senders:
        if sender.value not in stopped and (sender.two_way or not answer_needed):
            return sender
    return None


def name_problem(value: str) -> str | None:
    """Why something cannot be a sender's name, in a sentence; None when it can."""
    if len(value) > MOST_LETTERS:
        return f"A sender's name has at most {MOST_LETTERS} characters, and `{value}` {len(value)}."
    if not _NAME.match(value):
        return f"A sender's name has letters a to z, digits and blanks: not `{value}`."
    if not re.search("[A-Za-z]", value):
        return f"A sender's name has at least one letter: `{value}` has none."
    return None
