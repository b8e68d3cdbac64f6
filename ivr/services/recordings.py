"""How long the company's recordings are."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping

from ivr.flow.reader import AUDIO_FOLDER


def recording_seconds(files: Mapping[str, bytes]) -> dict[str, float]:
    """The length of each WAV file of the folder of recordings, by its name there. What is no WAV
    file, or a broken one, is left out."""
    lengths: dict[str, float] = {}
    for name, content in files.items():
        if not name.startswith(f"{AUDIO_FOLDER}/"):
            continue
        try:
            with wave.open(io.BytesIO(content)) as recording:
                seconds = recording.getnframes() / recording.getframerate()
        except (wave.Error, EOFError, ZeroDivisionError):
            continue
        lengths[name.removeprefix(f"{AUDIO_FOLDER}/")] = seconds
    return lengths
