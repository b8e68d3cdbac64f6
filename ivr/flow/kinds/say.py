"""`say`: tell the caller something, then go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, Move
from ivr.flow.names import Target, Texts, Told
from ivr.flow.scene import Scene


class Say(Node):
    """Tell the caller something, then go on.

    ```yaml
    greeting:
      kind: say
      text:
        en: Welcome to Northern Lights Energy.
        fi: Tervetuloa Revontulten Energiaan.
      to: topics
    ```
    """

    kind: Literal["say"]
    text: Texts
    """What is said, in every language of the flow."""
    to: Target
    """Where the call goes on."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("to",), self.to

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        yield ("text",), self.text

    def enter(self, scene: Scene) -> Move:
        return Go(self.to, scene.say(self.text))
