"""`play`: let the caller hear a recording, then go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Go, Move
from ivr.flow.names import Files, Target
from ivr.flow.scene import Scene


class Play(Node):
    """Let the caller hear a recording, then go on.

    ```yaml
    jingle:
      kind: play
      audio:
        en: welcome-en.wav
        fi: welcome-fi.wav
      to: topics
    ```
    """

    kind: Literal["play"]
    audio: Files
    """The recordings: file names under `flows/audio/`, or https addresses."""
    to: Target
    """Where the call goes on."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        yield ("to",), self.to

    def recordings(self) -> Iterator[tuple[Path, dict[str, str]]]:
        yield ("audio",), self.audio

    def enter(self, scene: Scene) -> Move:
        return Go(self.to, scene.play(self.audio))
