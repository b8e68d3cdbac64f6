"""What is told to somebody who waits, as sentences.

Wordings take turns: `turn` counts how often something was said before, and two announcements in a
row never share a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ivr.flow.language import Language
from ivr.flow.spoken.figures import say_number
from ivr.flow.spoken.moments import say_duration
from ivr.queueing.telling import Told

_HOUR = 60
"""Minutes from which a range names the unit of both its ends."""


def announcement(
    language: Language, told: Told, before: Told | None, turn: int, *, whole: bool = False
) -> Iterator[str]:
    """The sentences for `told`; of what was told `before` only what is new, unless it is to be the
    `whole`."""
    phrases = language.waiting
    if told.longer:
        late = told.kind != "ahead" or (
            before is not None and before.not_after is not None and told.not_after is None
        )
        yield wording(phrases.longer if late else phrases.more_ahead, turn)
    if told.ahead is not None and (whole or before is None or told.ahead != before.ahead):
        if told.ahead == 0:
            yield wording(phrases.next, turn)
        else:
            yield phrases.ahead[turn % len(phrases.ahead)].of(told.ahead)
    match told.kind:
        case "soon":
            yield wording(phrases.soon, turn)
        case "minutes":
            yield _minutes(language, told, turn)


def wording(wordings: tuple[str, ...], turn: int) -> str:
    """The wording whose turn it is."""
    return wordings[turn % len(wordings)]


def _minutes(language: Language, told: Told, turn: int) -> str:
    phrases = language.waiting
    low, high = Decimal(told.low), Decimal(told.high)
    last = say_duration(high, language)
    if not told.low:
        return wording(phrases.up_to, turn).replace("{high}", last)
    first = say_number(low, language) if high < _HOUR else say_duration(low, language)
    return wording(phrases.between, turn).replace("{low}", first).replace("{high}", last)
