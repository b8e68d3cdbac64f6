"""`offer_callback`: offer to ring the caller back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, Move
from ivr.flow.names import Name, Target
from ivr.flow.scene import Scene


class OfferCallback(Node):
    """Offer to ring the caller back when it is their turn, or at a time that suits.

    It is only offered where it can be kept; where it cannot, nothing is said and the call goes on
    at `otherwise`. This version of Ringback keeps no callbacks yet, so it always does.

    ```yaml
    ring_me_back:
      kind: offer_callback
      queue: support
      booked: goodbye
      declined: wait_for_support
      otherwise: leave_a_message
    ```
    """

    not_yet: ClassVar[frozenset[Path]] = frozenset({("booked",), ("declined",)})

    kind: Literal["offer_callback"]
    queue: Name
    """The queue of `config.yaml` in which the caller keeps a place."""
    booked: Target
    """Where the call goes once a callback is promised."""
    declined: Target
    """Where it goes when the caller would rather not."""
    otherwise: Target
    """Where it goes when no callback can be offered."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("booked",), self.booked
        yield ("declined",), self.declined
        yield ("otherwise",), self.otherwise

    def queues(self) -> Iterator[tuple[Path, str]]:
        yield ("queue",), self.queue

    def enter(self, scene: Scene) -> Move:
        return Go(self.otherwise, because="no callback can be kept")
