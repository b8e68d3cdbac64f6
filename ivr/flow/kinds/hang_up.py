"""`hang_up`: say goodbye and end the call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Finish, Move
from ivr.flow.names import Texts, Told
from ivr.flow.scene import Scene


class HangUp(Node):
    """Say goodbye and end the call. The caller can still press 0 while it is said.

    ```yaml
    goodbye:
      kind: hang_up
      text:
        en: Thank you for calling. Goodbye.
        fi: Kiitos soitosta. Kuulemiin.
    ```
    """

    kind: Literal["hang_up"]
    text: Texts | None = None
    """The last words; none when left out."""

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        if self.text is not None:
            yield ("text",), self.text

    def enter(self, scene: Scene) -> Move:
        return Finish(scene.say(self.text))
