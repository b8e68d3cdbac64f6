"""`branch`: go the way whose condition holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ivr.flow.expressions import Expression, Unanswerable
from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, Move
from ivr.flow.names import Formula, Target
from ivr.flow.scene import Scene


class Way(BaseModel):
    """One way of a branch."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    when: Formula
    """The condition."""
    to: Target
    """Where the call goes when it holds."""


class Branch(Node):
    """Go the first way whose condition holds.

    A condition that cannot be answered, because a value is missing or of another kind, does not
    hold.

    ```yaml
    busy_or_not:
      kind: branch
      ways:
        - when: queue("support").waiting > 10
          to: busy_today
        - when: not caller.known
          to: leave_a_message
      otherwise: wait_for_support
    ```
    """

    kind: Literal["branch"]
    ways: Annotated[tuple[Way, ...], Field(min_length=1, max_length=20)]
    """The ways, looked at in this order."""
    otherwise: Target
    """Where the call goes when no condition holds."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        for index, way in enumerate(self.ways):
            yield ("ways", index, "to"), way.to
        yield ("otherwise",), self.otherwise

    def expressions(self) -> Iterator[tuple[Path, Expression]]:
        for index, way in enumerate(self.ways):
            yield ("ways", index, "when"), way.when

    def enter(self, scene: Scene) -> Move:
        world = scene.world
        for way in self.ways:
            try:
                if way.when.is_true(world):
                    return Go(way.to, because=way.when.text)
            except (Unanswerable, KeyError):
                continue
        return Go(self.otherwise, because="otherwise")
