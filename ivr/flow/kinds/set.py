"""`set`: remember a value under a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ivr.flow.expressions import Expression, Unanswerable
from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, Move
from ivr.flow.names import Formula, Name, Target
from ivr.flow.scene import Scene
from ivr.flow.variables import variable


class Set(Node):
    """Remember a value under a name, for the rest of the call.

    ```yaml
    note_the_matter:
      kind: set
      variable: matter
      value: '"invoice"'
      to: topics
    ```
    """

    kind: Literal["set"]
    variable: Name
    """The name."""
    value: Formula
    """What is remembered, worked out now; words stand in quotes of their own."""
    to: Target
    """Where the call goes on."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("to",), self.to

    def assigns(self) -> Iterator[tuple[Path, str]]:
        yield ("variable",), self.variable

    def expressions(self) -> Iterator[tuple[Path, Expression]]:
        yield ("value",), self.value

    def enter(self, scene: Scene) -> Move:
        try:
            value = self.value.value(scene.world)
        except Unanswerable:
            # Nothing is as good as any: whoever reads it next must be ready for that.
            value = None
        private = any(
            name in scene.variables and scene.variables[name].private
            for name in self.value.variables
        )
        return Go(self.to, assigned={self.variable: variable(value, private=private)})
