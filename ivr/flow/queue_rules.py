"""What holds for a queue, as nodes and the engine need it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class QueueRules(Struct, frozen=True):
    """The settings of one queue. Times are seconds; `config.yaml` explains them.

    `music` is a recording, played `music_times` times between two announcements.
    """

    hours: str | None = None
    most_waiting: int = 100
    at_closing: Literal["serve", "send_away"] = "serve"
    announce_every: int = 45
    music: str = ""
    music_times: int = 1
    keep_place: int = 300
    callbacks: bool = False
    """Whether any are offered."""
    again_after: float = 240.0
    most_offers: int = 2
    long_wait: float = 300.0
    """Nobody who is likely to wait less is offered one again."""
