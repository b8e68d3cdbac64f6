"""`recognise_callback`: whoever has a callback already hears how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from ivr.flow.actions import Prompt
from ivr.flow.callback_talk import KnownCallback
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.kinds.node import Path
from ivr.flow.moves import Go, Move
from ivr.flow.names import Name, Target
from ivr.flow.scene import Scene


class RecogniseCallback(CallbackDialogue):
    """Tell somebody who has a callback, or whom we could not reach lately, how it stands.

    They can keep it, move it, cancel it, or wait on the line at its place. Who asked for a text in
    an earlier call, which could not be sent, has it read out. All others go on at `otherwise` and
    hear nothing of it: it belongs at the beginning of a flow.

    ```yaml
    do_we_know_them:
      kind: recognise_callback
      waits:
        support: wait_for_support   # the node where one waits for this queue
      settled: goodbye
      otherwise: topics
    ```
    """

    comes_back_at_once: ClassVar[bool] = False

    kind: Literal["recognise_callback"]
    waits: Mapping[Name, Target] = {}
    """By queue: where those go who would rather wait on the line, at the place of their callback.
    Of other queues that is not offered."""
    settled: Target
    """Where the call goes when the callback is kept, moved or cancelled."""
    otherwise: Target
    """Where everybody else goes, and who has something else to ask."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        for queue, target in self.waits.items():
            yield ("waits", queue), target
        yield ("settled",), self.settled
        yield ("otherwise",), self.otherwise

    def queues(self) -> Iterator[tuple[Path, str]]:
        for queue in self.waits:
            yield ("waits", queue), queue

    def enter(self, scene: Scene) -> Move:
        if not any([rules.callbacks for rules in scene.around.rules.values()]):
            return Go(self.otherwise)
        return self.ask_desk(scene, asked=False)

    def callback_queue(self) -> str:
        return ""

    def without_callback(self, scene: Scene, said: tuple[Prompt, ...] = ()) -> Move:
        return Go(self.otherwise, said)

    def with_callback(self, scene: Scene, said: tuple[Prompt, ...]) -> Move:
        return Go(self.settled, said)

    def to_old_place(self, scene: Scene, known: KnownCallback, said: tuple[Prompt, ...]) -> Move:
        return Go(self.waits.get(known.queue, self.otherwise), said)

    def can_wait_for(self, scene: Scene, known: KnownCallback) -> bool:
        return known.queue in self.waits
