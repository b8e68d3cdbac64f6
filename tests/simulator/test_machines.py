"""Answering-machine detection: what a voice is taken for, and after how long."""

import pytest

from ivr.simulator.machines import RANGES, Detection, Voice, detect, read_detection

START, END = Detection(), Detection(to_the_end=True)


@pytest.mark.parametrize(
    ("voice", "detection", "answered_by", "seconds"),
    [
        (Voice(1.0), START, "human", 2.2),
        (Voice(1.0), END, "human", 2.2),
        (Voice(8.0), START, "machine_start", 2.4),
        (Voice(8.0, beep=0.5), END, "machine_end_beep", 8.5),
        (Voice(8.0), END, "machine_end_silence", 9.2),
        (Voice(40.0, beep=0.5), END, "unknown", 30),
        (Voice(40.0), START, "machine_start", 2.4),
        (Voice(0.0), START, "unknown", 5),
        (Voice(3.0, fax=True), START, "fax", 3),
        (Voice(2.0), START, "human", 3.2),
        (Voice(2.0), Detection(speech=1.5), "machine_start", 1.5),
        (Voice(1.0), Detection(speech_end=4.0), "human", 5),
        (Voice(0.0), Detection(silence=9.0, timeout=8.0), "unknown", 8),
    ],
)
def test_speech_and_silence_tell_who_answers(
    voice: Voice, detection: Detection, answered_by: str, seconds: float
) -> None:
    found = detect(voice, detection)
    assert found.answered_by == answered_by
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("taken_for", "detection", "answered_by"),
    [
        ("machine", START, "machine_start"),
        ("machine", END, "machine_end_beep"),
        ("machine_end_silence", START, "machine_start"),
        ("machine_start", END, "machine_end_other"),
        ("machine_end_other", END, "machine_end_other"),
        ("unknown", START, "unknown"),
    ],
)
def test_somebody_may_be_taken_for_what_they_are_not(
    taken_for: str, detection: Detection, answered_by: str
) -> None:
    found = detect(Voice(1.0, taken_for=taken_for), detection)
    assert found.answered_by == answered_by
    assert found.seconds == pytest.approx(2.2)


def test_detection_has_twilios_defaults() -> None:
    assert read_detection({"machineDetection": "Enable"}) == START
    assert read_detection({"machineDetection": "DetectMessageEnd"}) == END
    assert read_detection({}) is None


@pytest.mark.parametrize("name", RANGES)
def test_every_figure_has_its_range(name: str) -> None:
    least, most, _, _ = RANGES[name]
    for good in (least, most):
        assert read_detection({"machineDetection": "Enable", name: str(good)}) is not None
    for bad in (least - 1, most + 1, "x", "-3", "2.5", "٣"):
        with pytest.raises(ValueError, match=f"{name} must be a whole number from {least}"):
            read_detection({"machineDetection": "Enable", name: str(bad)})
