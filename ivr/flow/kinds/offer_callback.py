"""`offer_callback`: offer to ring the caller back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ivr.flow.actions import Prompt
from ivr.flow.callback_talk import KnownCallback
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.kinds.node import Path
from ivr.flow.kinds.queue import why_not_waited_for
from ivr.flow.moves import Go, Move, Why
from ivr.flow.names import Name, Target
from ivr.flow.scene import Scene
from ivr.flow.talk import InLine


class OfferCallback(CallbackDialogue):
    """Offer to ring the caller back when it is their turn, or at a time that suits.

    It is offered whether many wait or not, and also outside the hours (a time that suits, then),
    but only where it can be kept; where it cannot, nothing is said and the call goes on at
    `otherwise`. Within the hours the caller has a place in the line while they listen, and keeps it
    when they decline and `declined` leads to the queue. Who has a callback of this queue already
    hears how it stands instead.

    ```yaml
    ring_me_back:
      kind: offer_callback
      queue: support
      booked: goodbye
      declined: wait_for_support
      otherwise: leave_a_message
    ```
    """

    kind: Literal["offer_callback"]
    queue: Name
    """The queue of `config.yaml` in which the caller keeps a place."""
    booked: Target
    """Where the call goes once a callback is promised."""
    declined: Target
    """Where it goes when the caller would rather not, or would rather wait in the line."""
    otherwise: Target
    """Where it goes when no callback can be offered, or promised."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("booked",), self.booked
        yield ("declined",), self.declined
        yield ("otherwise",), self.otherwise

    def queues(self) -> Iterator[tuple[Path, str]]:
        yield ("queue",), self.queue

    def enter(self, scene: Scene) -> Move:
        rules = scene.around.rules.get(self.queue)
        if rules is None or not rules.callbacks:
            return self.nothing_to_offer(scene)
        return self.ask_desk(scene, asked=True)

    def callback_queue(self) -> str:
        return self.queue

    def in_line(self, scene: Scene) -> InLine | None:
        rules = scene.around.rules.get(self.queue)
        if rules is None or why_not_waited_for(self.queue, rules, scene) is not None:
            return None
        return InLine(self.queue)

    def instead_of_person(self, scene: Scene, why: Why) -> Move | None:
        return None

    def without_callback(self, scene: Scene, said: tuple[Prompt, ...] = ()) -> Move:
        # Whoever wanted one and stands in no line has nothing yet.
        left = said and self.in_line(scene) is None
        return Go(self.otherwise if left else self.declined, said)

    def nothing_to_offer(self, scene: Scene, said: tuple[Prompt, ...] = ()) -> Move:
        return Go(self.otherwise, said, because="no callback can be kept")

    def with_callback(self, scene: Scene, said: tuple[Prompt, ...]) -> Move:
        return Go(self.booked, said)

    def to_old_place(self, scene: Scene, known: KnownCallback, said: tuple[Prompt, ...]) -> Move:
        return Go(self.declined, said)

    def can_wait_for(self, scene: Scene, known: KnownCallback) -> bool:
        return known.queue == self.queue and self.in_line(scene) is not None
