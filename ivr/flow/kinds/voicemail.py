"""`voicemail`: let the caller leave a message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from ivr.flow.inputs import MessageLeft
from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, Move, Record
from ivr.flow.names import Target, Texts, Told
from ivr.flow.scene import Scene


class Voicemail(Node):
    """Let the caller leave a message. Any key ends it; 0 leads to a person.

    ```yaml
    leave_a_message:
      kind: voicemail
      text:
        en: Please leave your name and number after the tone. We ring back on the next working day.
      to: thanks
      nothing: goodbye              # when nothing was said
    ```
    """

    kind: Literal["voicemail"]
    text: Texts
    """Said before the tone."""
    longest: Annotated[int, Field(ge=10, le=600)] = 180
    """The longest message in seconds."""
    silence: Annotated[int, Field(ge=2, le=30)] = 5
    """Seconds of quiet that end it."""
    to: Target
    """Where the call goes after a message."""
    nothing: Target
    """Where it goes when nothing was recorded."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("to",), self.to
        yield ("nothing",), self.nothing

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        yield ("text",), self.text

    def enter(self, scene: Scene) -> Move:
        return Record(self.longest, self.silence, scene.say(self.text))

    def recorded(self, scene: Scene, message: MessageLeft | None) -> Move:
        return Go(self.nothing if message is None else self.to)
