"""What the engine says to those who wait for a person: part of a language's pack.

Where several wordings are asked for, they take turns: nobody hears the same sentence twice in a
row.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.flow.spoken_words import Counted

Text = Annotated[str, Field(min_length=1)]
Wordings = Annotated[tuple[Text, ...], Field(min_length=2)]


class WaitingPhrases(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    full: Text
    """So many wait already that nobody more can."""
    closed: Text
    """The queue has its hours, and these are others."""
    closing: Text
    """It closes before anybody could come to this caller."""
    closing_message: Text
    """The same, and a message can be left."""
    nobody_there: Text
    """No agent is there, and none comes within the hour."""
    failed: Text
    """The line could not be come into, through a fault of ours or of the carrier's."""
    closed_meanwhile: Text
    """It has closed, and whoever waits is sent away."""
    nobody_left: Text
    """All agents have gone while the caller waited."""
    place_kept: Text
    """Back from the menu: the place was kept."""
    cut_off: Text
    """The agent who had taken the caller is gone: back in the line."""
    next: Wordings
    """Nobody is ahead."""
    ahead: Annotated[tuple[Counted, ...], Field(min_length=2)]
    """How many are ahead; `{n}` is filled in."""
    soon: Wordings
    """Less than two minutes."""
    between: Wordings
    """`{low}` and `{high}` minutes, `{high}` with its unit."""
    up_to: Wordings
    """At most `{high}`."""
    longer: Wordings
    """It takes longer than was told: said before anything else."""
    more_ahead: Wordings
    """More are ahead than before: said before anything else."""
    thanks: Annotated[tuple[Text, ...], Field(min_length=3)]
    """Now and then, when there is nothing new to tell."""
    already: Wordings
    """To somebody who asks for a person while they wait for one."""
    leave_message: Wordings
    """How to leave a message instead: with 1."""
    back: Wordings
    """How to go back to the menu, with star; `{time}`, how long the place is kept, is filled in."""
