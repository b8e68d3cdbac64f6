"""What agents hear, one file a language beside this one; values stand in braces."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.services.phrases import load_phrase_files

Text = Annotated[str, Field(min_length=1)]


class Phrases(BaseModel):
    """One language. Each is read aloud as it stands, with its values filled in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: dict[str, Text]
    """The languages as `speaks` names them."""
    call_for: Text
    callback_for: Text
    from_colleague: Text
    a_colleague: Text
    """Who passes on a call and has no name with us."""
    person: Text
    waited: Text
    rang_ago: Text
    """Of somebody who is to be rung back."""
    just_now: Text
    later: Text
    """After either: the time that they were told is over."""
    speaks: Text
    chose: Text
    said: Text
    note: Text
    decide: Text
    decide_again: Text
    declined: Text
    set_away: Text
    person_gone: Text
    taken_back: Text
    """A colleague's call is not passed on any more, or its caller has hung up."""
    too_late: Text
    unknown: Text
    talk_over: Text
    after_talk: Text
    after_talk_waiting: Text
    available: Text
    away: Text
    away_after_call: Text
    apology: Text
    on_hold: Text
    option: Text
    or_back: Text
    no_other_queue: Text
    no_colleague: Text
    nobody_there: Text
    give_note: Text
    looking: Text
    still_looking: Text
    not_taken: Text
    back_with_caller: Text
    colleague_there: Text
    meet_colleague: Text
    caller_on_hold: Text
    caller_in_line: Text
    caller_alone: Text
    welcome: Text
    ask_pin: Text
    ask_number: Text
    wrong_pin: Text
    locked: Text
    no_pin: Text
    menu: Text
    waiting_nobody: Text
    waiting_one: Text
    waiting_many: Text
    guest: Text
    agent_key: Text
    wait_here: Text
    nobody_now: Text
    not_allowed: Text
    goodbye: Text


def load_phrases() -> dict[str, Phrases]:
    """Every language's, by code. Raises `Unreadable` when a file is broken."""
    return load_phrase_files(__name__, Phrases)
