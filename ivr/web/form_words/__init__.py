"""What the page `Call me back` says; a file for each language.

`{company}`, `{line}` (the number to ring instead), `{city}` and `{when}` are filled in.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from ivr.reading import read_tree, validate
from ivr.services.callbacks.form_wish import Trouble

Text = Annotated[str, Field(min_length=1)]


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PageWords(_Words):
    """The form itself."""

    title: Text
    lead: Text
    language: Text
    """Of the switch, for those who do not see it."""
    wrong: Text
    """Before the list of what is wrong."""
    error: Text
    """Before the title of a page on which something is wrong."""
    queue: Text
    next: Text
    about_queue: Text
    other_queue: Text
    number: Text
    number_hint: Text
    name: Text
    name_hint: Text
    about: Text
    about_hint: Text
    when: Text
    as_soon: Text
    as_soon_hint: Text
    zone: Text
    more: Text
    choose: Text
    texts: Text
    texts_hint: Text
    email: Text
    email_hint: Text
    website: Text
    send: Text
    use: Text
    or_ring: Text
    nothing_now: Text
    away: Text


class MineWords(_Words):
    """The page of a callback."""

    promised: Text
    title: Text
    moved: Text
    planned: Text
    on_the_way: Text
    again: Text
    looked_at: Text
    done: Text
    cancelled: Text
    superseded: Text
    not_reached: Text
    withdrawn: Text
    when: Text
    in_line: Text
    ahead: Text
    there: Text
    """The same time where the number is: {when} in {city}."""
    about: Text
    shown: Text
    """From which number the call comes."""
    number: Text
    code: Text
    code_hint: Text
    keep: Text
    move: Text
    move_button: Text
    no_other_time: Text
    cancel: Text
    cancel_hint: Text
    cancel_button: Text
    another: Text
    no_mail: Text
    no_mail_hint: Text
    no_mail_done: Text
    gone: Text


class Troubles(RootModel[dict[Trouble, Text]]):
    """A sentence for everything for which a form is refused."""

    @model_validator(mode="after")
    def _whole(self) -> Troubles:
        missing = set(get_args(Trouble)) - self.root.keys()
        if missing:
            raise ValueError(f"No sentence for: {', '.join(sorted(missing))}.")
        return self


class Words(_Words):
    """One language; `locale` is that of its dates and times."""

    locale: Text
    name: Text
    """The language's own."""
    page: PageWords
    mine: MineWords
    troubles: Troubles


@cache
def load_form_words() -> dict[str, Words]:
    """Every language's, by code. Raises `Unreadable` when a file is broken."""
    found = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        code, _, ending = file.name.rpartition(".")
        if ending == "yaml":
            found[code] = validate(Words, read_tree(file.read_bytes(), f"form_words/{file.name}"))
    return found
