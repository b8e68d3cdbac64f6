"""How long texts take to be said: the packs' rates against what was measured."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean

import pytest

from ivr.flow.language import load_languages

MEASURED: dict[str, list[tuple[str, float]]] = json.loads(
    (Path(__file__).parent / "speech_durations.json").read_text(encoding="utf-8")
)
LONG = 4.0
"""Seconds: about what is said before a caller can choose."""


def errors(code: str, rows: list[tuple[str, float]]) -> list[float]:
    rate = load_languages()[code].speech
    return [rate.seconds(text) / taken - 1 for text, taken in rows]


def test_every_language_was_measured() -> None:
    assert MEASURED.keys() == load_languages().keys()
    assert all(len(rows) >= 100 for rows in MEASURED.values())


@pytest.mark.parametrize("code", MEASURED)
def test_texts_that_a_rate_was_not_fitted_to_are_within_a_tenth(code: str) -> None:
    held_out = MEASURED[code][1::2]
    off = errors(code, held_out)
    assert fmean(map(abs, off)) <= 0.10
    assert abs(sum(error * taken for error, (_, taken) in zip(off, held_out, strict=True))) <= (
        0.03 * sum(taken for _, taken in held_out)
    )


@pytest.mark.parametrize("code", MEASURED)
def test_of_what_is_said_at_length_nine_in_ten_are_within_a_tenth(code: str) -> None:
    off = errors(code, [row for row in MEASURED[code][1::2] if row[1] >= LONG])
    assert sum(abs(error) <= 0.10 for error in off) >= 0.9 * len(off)
    assert max(map(abs, off)) <= 0.20


def test_slow_speech_takes_longer_and_silence_nothing() -> None:
    rate = load_languages()["en"].speech
    assert rate.seconds("Good morning.", slow=True) > 1.1 * rate.seconds("Good morning.")
    assert rate.seconds("") == 0.0
