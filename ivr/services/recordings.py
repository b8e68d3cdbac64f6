"""How long the company's recordings are."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.flow.reader import AUDIO_FOLDER
from ivr.services.music import seconds


def recording_seconds(files: Mapping[str, bytes]) -> dict[str, float]:
    """The length of each WAV file of the folder of recordings, by its name there. What is no WAV
    file, or a broken one, is left out."""
    lengths: dict[str, float] = {}
    for name, content in files.items():
        if not name.startswith(f"{AUDIO_FOLDER}/"):
            continue
        length = seconds(content)
        if length is not None:
            lengths[name.removeprefix(f"{AUDIO_FOLDER}/")] = length
    return lengths
