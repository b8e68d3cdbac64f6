"""`queue`: let the caller wait for a person of a team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from ivr.flow.inputs import Outcome
from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Finish, Go, Move, Ring, ToPerson
from ivr.flow.names import Name, Target, Texts, Told
from ivr.flow.scene import Scene


class Queue(Node):
    """Let the caller wait for a person of a team.

    A queue of `config.yaml` names the number that its team answers; it rings there.

    ```yaml
    wait_for_support:
      kind: queue
      queue: support
      text:
        en: I am putting you through to support.
      otherwise: leave_a_message    # nobody can be waited for, or nobody answered
    ```
    """

    kind: Literal["queue"]
    queue: Name
    """A queue of `config.yaml`."""
    text: Texts | None = None
    """Said before."""
    ring_seconds: Annotated[int, Field(ge=5, le=120)] = 25
    """How long it rings before `otherwise`."""
    otherwise: Target
    """Where the call goes when nobody can be waited for, or nobody answers."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("otherwise",), self.otherwise

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        if self.text is not None:
            yield ("text",), self.text

    def queues(self) -> Iterator[tuple[Path, str]]:
        yield ("queue",), self.queue

    def enter(self, scene: Scene) -> Move:
        number = scene.around.queue_numbers.get(self.queue)
        if number is None:
            return ToPerson("lost")
        return Ring(number, self.ring_seconds, scene.say(self.text))

    def connected(self, scene: Scene, outcome: Outcome) -> Move:
        return Finish() if outcome == "completed" else Go(self.otherwise)
