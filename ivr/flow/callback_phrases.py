"""What is said to callers about callbacks: part of a language's pack.

`{when}` follows `we call you`: `today between 14:00 and 14:30`. Of a `Pair` the first is said at
first, the second after a miss.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Words = Annotated[tuple[Text, ...], Field(min_length=1)]
Pair = Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]


class CallbackWords(BaseModel):
    """What callers say to choose, besides yes and no."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: Words
    window: Words
    stay: Words
    """To wait on the line, or not to want a callback."""
    other: Words
    """Another number."""
    keep: Words
    move: Words
    cancel: Words
    wait_here: Words
    something_else: Words


class CallbackPhrases(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    busy: Text
    """Many wait: said before the offer."""
    place: Pair
    """We call when the turn comes: `{when}`, with `{key}`."""
    place_untimed: Pair
    window: Pair
    """A time that suits, with `{key}`."""
    or_stay: Pair
    """Whoever says nothing stays on the line; `{key}` does it too."""
    or_not: Pair
    """To somebody who stands in no line."""
    only_windows: Text
    """We can call back: said before the times, where nothing else was offered."""
    which_time: Pair
    time: Pair
    """`{when}`, and its `{key}`."""
    no_time: Pair
    right_number: Pair
    """Whether `{number}` is right: 1, or 2 for another."""
    extension: Text
    """`{number}` with its `{extension}`."""
    key_in: Pair
    """The number to call, then hash."""
    key_extension: Text
    """How an extension is keyed in: after a star."""
    key_star_stay: Text
    """With star alone: to stay on the line."""
    key_star_not: Text
    """With star alone: no callback."""
    withheld: Text
    own_not_possible: Text
    own_not_allowed: Text
    own_stopped: Text
    not_possible: Text
    not_allowed: Text
    stopped: Text
    no_number: Text
    """After so many numbers that cannot be called: no callback."""
    texts: Pair
    """Whether we may send texts about it: 1 for yes, 2 for no."""
    promised: Text
    promised_untimed: Text
    code: Text
    """The digits that we say when we call."""
    text: Text
    """They get a text about it."""
    open_already: Text
    no_room: Text
    """The time was taken by somebody else; others follow."""
    no_place: Text
    """No more places are kept just now; times follow."""
    no_room_left: Text
    too_many: Text
    number: Text
    turn_came: Text
    not_now: Text
    none_now: Text
    """They asked for a callback, and none can be offered."""
    place_safe: Text
    """They keep their place in the line."""
    reason: Text
    """What is it about? After the tone; or hang up."""
    thanks: Text
    goodbye: Text
    known: Text
    """They have a callback: `{when}`."""
    known_untimed: Text
    not_reached: Text
    not_called: Text
    """We could not call as agreed, and are sorry."""
    handed_over: Text
    """Somebody of ours takes care of it."""
    on_the_way: Text
    old_place: Text
    keep: Pair
    move: Pair
    cancel: Pair
    wait_here: Pair
    something_else: Pair
    kept: Text
    moved: Text
    """To `{when}`."""
    cancelled: Text
    was_cancelled: Text
    """Some time ago, as they wanted it."""
    text_says: Text
    """A text that they asked for could not be sent; what it says follows."""
    text_lost: Text
    """The same of one that cannot be read out: a person can help."""
    way_out: Pair
    """While they wait: key 2."""
    words: CallbackWords
