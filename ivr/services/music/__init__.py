"""What callers hear while they wait: the company's own recording, or ours."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ivr.flow.queue_rules import QueueRules
from ivr.flow.reader import AUDIO_FOLDER
from ivr.staff import QueueSettings

OURS = "ringback-waiting.wav"
"""The name under which ours is served, beside the company's recordings."""


@cache
def our_music() -> bytes:
    """A WAV file, made by `tools/make_music.py`."""
    return files(__package__).joinpath("waiting.wav").read_bytes()


def rules_of(
    queues: Mapping[str, QueueSettings], recordings: Mapping[str, bytes]
) -> dict[str, QueueRules]:
    """What holds for each queue. `recordings` are the files that belong to the flows."""
    return {name: _rules(queue, recordings) for name, queue in queues.items()}


def _rules(queue: QueueSettings, recordings: Mapping[str, bytes]) -> QueueRules:
    music = queue.music or OURS
    content = our_music() if music == OURS else recordings.get(f"{AUDIO_FOLDER}/{music}", b"")
    length = seconds(content)
    # Of what is fetched from elsewhere, or is no WAV file, the length is not known.
    times = max(round(queue.announce_every / length), 1) if length else 1
    return QueueRules(
        queue.hours, queue.most_waiting, queue.at_closing, queue.announce_every,
        music, times, queue.keep_place,
        callbacks=queue.callbacks.offer and bool(queue.callbacks.kinds),
        again_after=queue.callbacks.again_after,
        most_offers=queue.callbacks.most_offers,
        long_wait=queue.overload.wait,
    )  # fmt: skip


def seconds(recording: bytes) -> float | None:
    """The length of a WAV file; None for anything else, or a broken one."""
    try:
        with wave.open(io.BytesIO(recording)) as opened:
            length: float = opened.getnframes() / opened.getframerate()
            return length
    except (wave.Error, EOFError, ZeroDivisionError):
        return None
