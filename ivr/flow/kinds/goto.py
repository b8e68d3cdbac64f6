"""`goto`: go on elsewhere, in this flow or another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, Move
from ivr.flow.names import Target
from ivr.flow.scene import Scene


class Goto(Node):
    """Go on elsewhere, in this flow or another.

    ```yaml
    invoices:
      kind: goto
      to: invoices/          # the start of flows/invoices.yaml
    ```
    """

    kind: Literal["goto"]
    to: Target
    """Where the call goes on."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("to",), self.to

    def enter(self, scene: Scene) -> Move:
        return Go(self.to)
