"""A language as the telephone needs it: voice, phrases, and the words that people say in it.

One YAML file a language in `languages/`. The phrases are all that the engine itself ever says;
what the company says is in its flows.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.flow.callback_phrases import CallbackPhrases
from ivr.flow.speech import SpeechRate
from ivr.flow.spoken_words import SpokenWords
from ivr.flow.waiting_phrases import WaitingPhrases
from ivr.reading import Unreadable, read_tree, validate

Text = Annotated[str, Field(min_length=1)]
Words = Annotated[tuple[Text, ...], Field(min_length=1)]


class Phrases(BaseModel):
    """What the engine says by itself. `{label}` and `{key}` are filled in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    option: Text
    """One option of a menu, the first time it is said."""
    option_again: Text
    """The same in other words, after a miss."""
    option_slowly: Text
    """The same once more, slowly, one thing at a time."""
    person: Text
    """How to reach a person, while one can be reached."""
    person_again: Text
    person_slowly: Text
    message: Text
    """How to leave a message instead, while no person can be reached."""
    message_again: Text
    message_slowly: Text
    or_say_it: Text
    """After the options: the caller may also say it."""
    not_heard: Text
    """After silence."""
    not_understood: Text
    """After a key or words that fit nothing."""
    one_at_a_time: Text
    """Before the slow wording."""
    choose_language: Text
    """One option of a choice of languages, said in the language itself; `{key}` is filled in."""
    choose_language_again: Text
    choose_language_slowly: Text
    end_with_hash: Text
    """After a question for digits of which the number is not known."""
    without: Text
    """What to do without what is asked for: press star."""
    right: Text
    """Whether what was given is right; `{value}` is filled in."""
    right_again: Text
    right_slowly: Text
    yes_or_no: Text
    """After a question of the company's own: how to say yes or no."""
    yes_or_no_again: Text
    yes_or_no_slowly: Text
    helped: Text
    """After an answer: did that help?"""
    helped_again: Text
    helped_slowly: Text
    giving_up: Text
    """After three misses, when a person can be reached."""
    giving_up_message: Text
    """After three misses, when only a message can be left."""
    told_already: Text
    """Instead of the same answer a second time."""
    going_round: Text
    """When a call comes to the same place a third time."""
    apology: Text
    """Something of ours failed, and the caller is put through to a person."""
    nobody: Text
    """The last number did not answer either."""


class Language(BaseModel):
    """A language pack. `code` is how flows name it, `locale` how Twilio does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Text
    locale: Text
    name: Text
    """Its own name for itself."""
    voice: Text
    """A voice of Twilio's that speaks it."""
    stemmer: Text
    """The Snowball stemmer that cuts its endings off."""
    numbers: Annotated[tuple[Words, ...], Field(min_length=10, max_length=10)]
    """The words for 0 to 9, as people say them."""
    yes: Words
    no: Words
    person: Words
    """Words that ask for a person."""
    complaint: Words
    """Words of complaint: they lead to a person at once."""
    slower: Words
    """Words that ask to hear it once more, or more slowly."""
    without: Words
    """Words of somebody who does not have what is asked for."""
    choose: Words
    """Words that choose this language, in it and in its neighbours."""
    dialling_codes: tuple[Text, ...] = ()
    """Callers whose numbers begin so (`+358`) are greeted in it until they choose."""
    speech: SpeechRate
    """How fast it is spoken."""
    spoken: SpokenWords
    """How values are said and heard."""
    phrases: Phrases
    waiting: WaitingPhrases
    """What is said to those who wait for a person."""
    callbacks: CallbackPhrases
    """What is said to those who would rather be called back."""


@cache
def load_languages() -> dict[str, Language]:
    """Every language that ships, by code, in the order of the files' names.

    Raises `Unreadable` when a pack is broken.
    """
    packs: dict[str, Language] = {}
    folder = resources.files("ivr.flow") / "languages"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        document = read_tree(file.read_bytes(), f"languages/{file.name}")
        pack = validate(Language, document)
        if f"{pack.code}.yaml" != file.name:
            raise Unreadable(
                [document.finding(("code",), "language-name", "`code` is not the file's name.")]
            )
        packs[pack.code] = pack
    return packs
