"""What is wished on the page `Call me back`, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ivr.callbacks.reachable import Reachable, Unreachable
from ivr.callbacks.record import Window
from ivr.flow.callback_talk import Kind
from ivr.promises.mail_rules import LONGEST_ADDRESS, read_address

Field = Literal["queue", "number", "when", "name", "about", "email"]
Trouble = Literal[
    "token_old", "token_forged", "token_used", "program", "too_often", "too_many", "not_now",
    "queue_unknown", "number_missing", "number_wrong", "number_kind", "number_country",
    "number_ours", "number_stopped", "number_open", "number_often", "when_missing", "when_gone",
    "name_long", "about_long", "email_wrong",
]  # fmt: skip
"""Why a form is refused; ivr.web.form_words has the sentences."""

PLACE = "place"
LONGEST_NAME, LONGEST_ABOUT, LONGEST_EMAIL = 40, 200, LONGEST_ADDRESS
_WRONG: Mapping[Unreachable, Trouble] = {
    "withheld": "number_missing", "not_a_telephone": "number_wrong",
    "not_a_number": "number_wrong", "short_number": "number_wrong",
    "does_not_exist": "number_wrong",
    "country_not_allowed": "number_country", "own_number": "number_ours",
    "opted_out": "number_stopped",
}  # fmt: skip
"""All others are of a kind that is not rung."""


@dataclass(frozen=True)
class Wish:
    """What was filled in, as it was. `when`: `place`, or a window as BEGINS-ENDS."""

    queue: str = ""
    number: str = ""
    when: str = ""
    name: str = ""
    about: str = ""
    texts: bool = False
    email: str = ""
    website: str = ""
    """Nobody sees this field: only programs fill it in."""


@dataclass(frozen=True)
class Refused:
    """Why nothing was promised: of the whole form, or of its fields."""

    why: Trouble | None = None
    fields: Mapping[Field, Trouble] = field(default_factory=dict)


@dataclass(frozen=True)
class Offered:
    """What can be had for a queue now; nothing where `kinds` is empty. So many windows are shown at
    `first`; who wants them sees all."""

    kinds: tuple[Kind, ...]
    windows: tuple[Window, ...]
    first: int = 0

    def window(self, when: str) -> Window | None:
        """The window of a choice; None where it is not offered."""
        return next((one for one in self.windows if written(one) == when), None)

    def has(self, when: str) -> bool:
        return (when == PLACE and "place" in self.kinds) or self.window(when) is not None


NOTHING = Offered((), ())


def written(window: Window) -> str:
    """A window as a choice of the form."""
    return f"{window.begins:.0f}-{window.ends:.0f}"


def what_is_wrong(
    wish: Wish, number: Reachable | Unreachable, offered: Offered | None
) -> dict[Field, Trouble]:
    """By field, in the order of the page; `offered` None for a queue that is not on it."""
    wrong: dict[Field, Trouble] = {}
    if not isinstance(number, Reachable):
        missing = not wish.number.strip()
        wrong["number"] = "number_missing" if missing else _WRONG.get(number, "number_kind")
    if offered is None:
        wrong["queue"] = "queue_unknown"
    elif not offered.has(wish.when):
        wrong["when"] = "when_gone" if wish.when else "when_missing"
    if len(wish.name) > LONGEST_NAME:
        wrong["name"] = "name_long"
    if len(wish.about) > LONGEST_ABOUT:
        wrong["about"] = "about_long"
    if wish.email and read_address(wish.email) is None:
        wrong["email"] = "email_wrong"
    return wrong
