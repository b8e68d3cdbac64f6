"""What those hear who are rung back, and their agents of it; a file for each language."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.reading import read_tree, validate

Text = Annotated[str, Field(min_length=1)]


class AgentPhrases(BaseModel):
    """What the agent hears."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Text
    tried: Text
    tried_once: Text
    ringing: Text
    busy: Text
    no_answer: Text
    machine: Text
    fax: Text
    hung_up: Text
    failed: Text
    moved: Text
    number_changed: Text
    stopped: Text
    not_now: Text
    again: Text
    no_more: Text
    free: Text


class Phrases(BaseModel):
    """One language. Each is read aloud as it stands, with its values filled in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hello: Text
    hello_about: Text
    code: Text
    options: Text
    moment: Text
    hold: Text
    offer: Text
    or_stay: Text
    moved: Text
    no_other_time: Text
    not_possible: Text
    ask_number: Text
    bad_number: Text
    number_changed: Text
    stopped: Text
    message_again: Text
    message_last: Text
    no_more: Text
    apology: Text
    agent: AgentPhrases


@cache
def load_phrases() -> dict[str, Phrases]:
    """Every language's, by code. Raises `Unreadable` when a file is broken."""
    found = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        code, _, ending = file.name.rpartition(".")
        if ending == "yaml":
            found[code] = validate(Phrases, read_tree(file.read_bytes(), f"phrases/{file.name}"))
    return found
