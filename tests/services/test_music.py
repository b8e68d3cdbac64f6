"""What callers hear while they wait: the company's own recording, or ours."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

from ivr.config import load
from ivr.services.company import read_company
from ivr.services.music import OURS, our_music, rules_of, seconds
from ivr.staff import QueueSettings
from tests.services.folders import make_folder


def wav(length: float) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8000)
        recording.writeframes(bytes(round(8000 * length) * 2))
    return content.getvalue()


def test_ours_is_what_a_telephone_carries_and_no_longer_than_a_round() -> None:
    with wave.open(io.BytesIO(our_music())) as recording:
        assert (recording.getframerate(), recording.getnchannels()) == (8000, 1)
        frames = memoryview(recording.readframes(recording.getnframes())).cast("h")
    assert len(our_music()) < 300_000
    # Quieter than a voice, and not silent; its end goes over into its beginning.
    assert 2_000 < max(map(abs, frames)) < 8_000
    assert abs(frames[0] - frames[-1]) < 1_500


@pytest.mark.parametrize(
    ("music", "files", "every", "played"),
    [
        (None, {}, 45, (OURS, 3)),
        (None, {}, 20, (OURS, 1)),
        ("hold.wav", {"audio/hold.wav": wav(10)}, 45, ("hold.wav", 4)),
        ("hold.wav", {"audio/hold.wav": wav(120)}, 45, ("hold.wav", 1)),
        ("hold.mp3", {"audio/hold.mp3": b"ID3"}, 45, ("hold.mp3", 1)),
        ("https://example.com/a.wav", {}, 45, ("https://example.com/a.wav", 1)),
    ],
)
def test_music_is_played_until_about_the_next_announcement(
    music: str | None, files: dict[str, bytes], every: int, played: tuple[str, int]
) -> None:
    settings = QueueSettings(music=music, announce_every=every)
    rules = rules_of({"support": settings}, files)["support"]
    assert (rules.music, rules.music_times) == played


@pytest.mark.parametrize("broken", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", wav(1)[:30]])
def test_what_is_no_wav_file_has_no_length(broken: bytes) -> None:
    assert seconds(broken) is None


def test_music_that_there_is_not_is_found(tmp_path: Path) -> None:
    make_folder(tmp_path)
    settings = tmp_path / "config.yaml"
    queues = "queues: {support: {music: hold.wav}}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + queues, encoding="utf-8")
    (finding,) = read_company(load(settings, {})).errors
    assert finding.code == "unknown-recording"
    assert "There is no recording `hold.wav` in flows/audio." in str(finding)
