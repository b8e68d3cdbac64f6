"""`transfer`: put the caller through to a telephone number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from ivr.flow.inputs import Outcome
from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Finish, Go, Move, Ring, ToPerson
from ivr.flow.names import Target, Texts, Told
from ivr.flow.scene import Scene


class Transfer(Node):
    """Put the caller through to a telephone number.

    ```yaml
    ring_the_team:
      kind: transfer
      number: billing               # a name under `numbers` in config.yaml, or "+46846500410"
      text:
        en: One moment, I am putting you through.
      otherwise: leave_a_message    # busy, no answer, or the call failed
    ```
    """

    kind: Literal["transfer"]
    number: str
    """A name under `numbers` in `config.yaml`, or a number with its country code, in quotes."""
    text: Texts | None = None
    """Said before it rings."""
    ring_seconds: Annotated[int, Field(ge=5, le=120)] = 25
    """How long it rings before `otherwise`."""
    otherwise: Target
    """Where the call goes when nobody answers."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("otherwise",), self.otherwise

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        if self.text is not None:
            yield ("text",), self.text

    def enter(self, scene: Scene) -> Move:
        number = scene.around.numbers.get(self.number, self.number)
        if not number.startswith("+"):
            return ToPerson("lost")
        return Ring(number, self.ring_seconds, scene.say(self.text))

    def connected(self, scene: Scene, outcome: Outcome) -> Move:
        return Finish() if outcome == "completed" else Go(self.otherwise)
