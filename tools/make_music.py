"""Makes the music that callers hear while they wait, unless a company has its own: calm, quiet, and
nobody's but ours.

    python tools/make_music.py ivr/services/music/waiting.wav

Four slow chords of soft tones, each fading into the next, and the last into the first: it can be
played again and again without a seam. 8 kHz, 16 bits, one channel: what a telephone carries.
"""

from __future__ import annotations

import math
import struct
import sys
import wave

RATE = 8000
CHORD = 3.75
"""Seconds of one chord; four of them make the piece."""
CHORDS = (
    (196.00, 246.94, 293.66, 392.00),
    (164.81, 246.94, 329.63, 392.00),
    (174.61, 261.63, 329.63, 440.00),
    (146.83, 220.00, 293.66, 369.99),
)
"""G, E minor, F with its seventh, D: frequencies in Hz."""
MELODY = (587.33, 493.88, 523.25, 440.00)
LOUDNESS = 0.16
"""Of what there is room for: quieter than a voice."""


def tone(frequency: float, at: float, length: float) -> float:
    """A soft tone `at` seconds after its beginning, with two quiet overtones."""
    if not 0 <= at < length:
        return 0.0
    swell = math.sin(math.pi * at / length) ** 2
    turn = 2 * math.pi * frequency * at
    return swell * (math.sin(turn) + 0.25 * math.sin(2 * turn) + 0.08 * math.sin(3 * turn))


def sample(at: float) -> float:
    """The piece at `at` seconds; before its beginning is its end."""
    whole, length = CHORD * len(CHORDS), 2 * CHORD
    value = 0.0
    for number, chord in enumerate(CHORDS):
        since = (at - number * CHORD) % whole
        value += sum(tone(frequency, since, length) for frequency in chord) / len(chord)
        value += 0.35 * tone(MELODY[number], (since - CHORD / 2) % whole, CHORD)
    return value / 2


def main() -> None:
    frames = round(RATE * CHORD * len(CHORDS))
    values = [sample(frame / RATE) for frame in range(frames)]
    loudest = max(map(abs, values))
    with wave.open(sys.argv[1], "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        scale = 32767 * LOUDNESS / loudest
        recording.writeframes(b"".join(struct.pack("<h", round(v * scale)) for v in values))


if __name__ == "__main__":
    main()
