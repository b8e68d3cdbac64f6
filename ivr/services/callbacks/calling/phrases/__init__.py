"""What those hear who are rung back, and their agents of it; a file for each language."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.services.phrases import load_phrase_files

Text = Annotated[str, Field(min_length=1)]


class AgentPhrases(BaseModel):
    """What the agent hears."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Text
    wrote: Text
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
    sorry: Text
    """After `hello`, where it was promised for earlier."""
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
    """Their place is kept for a day."""
    message_no_place: Text
    """The same where it is kept for less."""
    called_off: Text
    no_more: Text
    apology: Text
    agent: AgentPhrases


def load_phrases() -> dict[str, Phrases]:
    """Every language's, by code. Raises `Unreadable` when a file is broken."""
    return load_phrase_files(__name__, Phrases)
