"""What a turn changes in the lines, as the script that writes the turn takes it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from ivr.engine.call import Call
from ivr.flow.moves import JoinLine, LeaveLine
from ivr.store.line import NewPlace, Person, new_place

NAMES = ("name", "first_name")
"""The variables that hold what a caller is called; a lookup gives them only with consent."""

_encode = msgspec.json.Encoder().encode


class Joining(Struct, frozen=True):
    join: NewPlace
    again: bool = False


class Leaving(Struct, frozen=True):
    leave: str


def changes_of(call: Call, effects: Sequence[JoinLine | LeaveLine]) -> bytes:
    """The changes as JSON."""
    return _encode(
        [
            Leaving(effect.why)
            if isinstance(effect, LeaveLine)
            else Joining(_place(call, effect), effect.again)
            for effect in effects
        ]
    )


def person_of(call: Call) -> Person:
    """What whoever talks to the caller next is told; nothing private."""
    given = {name: known for name, known in call.variables.items() if not known.private}
    return Person(
        line=call.line,
        language=call.language,
        caller=call.caller,
        name=next((given[name].text for name in NAMES if name in given), ""),
        path=call.path,
        said=call.said,
        given=given,
    )


def _place(call: Call, effect: JoinLine) -> NewPlace:
    return new_place(
        call.id, effect.queue, person_of(call), first=effect.first, call=call.id,
        boost=effect.boost, number=call.caller or "",
    )  # fmt: skip
