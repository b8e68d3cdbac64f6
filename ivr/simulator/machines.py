"""Answering-machine detection: what a voice is taken for, and how long it takes to find out."""

from collections.abc import Mapping
from dataclasses import dataclass

FAX_TONE = 3.0
"""Seconds of a fax's tone before it is known for one."""


@dataclass(frozen=True)
class Voice:
    """What is heard when a call is answered: so many seconds of speech, perhaps a beep.

    `taken_for` is what detection makes of it whatever it is; empty: what it sounds like.
    """

    seconds: float = 1.0
    beep: float = 0.0
    fax: bool = False
    taken_for: str = ""


@dataclass(frozen=True)
class Detection:
    """How to listen. Times are seconds; `to_the_end` waits for the end of a machine's greeting."""

    to_the_end: bool = False
    timeout: float = 30.0
    speech: float = 2.4
    speech_end: float = 1.2
    silence: float = 5.0


@dataclass(frozen=True)
class Finding:
    """Who answered, in Twilio's word, and after how many seconds that is known."""

    answered_by: str
    seconds: float

    @property
    def milliseconds(self) -> int:
        return round(self.seconds * 1000)


def detect(voice: Voice, detection: Detection) -> Finding:
    """What detection makes of a voice.

    Speech shorter than the threshold and a silence after it are a person, longer speech is a
    machine, none at all is nobody knows whom; as is everything that takes longer than the time-out.
    """
    found = _heard(voice, detection)
    if voice.taken_for:
        found = Finding(_in_mode(voice.taken_for, detection), found.seconds)
    if found.seconds > detection.timeout:
        return Finding("unknown", detection.timeout)
    return found


def _heard(voice: Voice, detection: Detection) -> Finding:
    if voice.fax:
        return Finding("fax", FAX_TONE)
    if voice.seconds == 0:
        return Finding("unknown", detection.silence)
    if voice.seconds < detection.speech:
        return Finding("human", voice.seconds + detection.speech_end)
    if not detection.to_the_end:
        return Finding("machine_start", detection.speech)
    if voice.beep:
        return Finding("machine_end_beep", voice.seconds + voice.beep)
    return Finding("machine_end_silence", voice.seconds + detection.speech_end)


def _in_mode(word: str, detection: Detection) -> str:
    """Only who waits for the end of a greeting can hear how it ends."""
    if word == "machine":
        return "machine_end_beep" if detection.to_the_end else "machine_start"
    if word.startswith("machine_end") and not detection.to_the_end:
        return "machine_start"
    if word == "machine_start" and detection.to_the_end:
        return "machine_end_other"
    return word


MODES = {"Enable": False, "DetectMessageEnd": True}
RANGES = {
    "machineDetectionTimeout": (3, 59, 30, 1),
    "machineDetectionSpeechThreshold": (1_000, 6_000, 2_400, 1_000),
    "machineDetectionSpeechEndThreshold": (500, 5_000, 1_200, 1_000),
    "machineDetectionSilenceTimeout": (2_000, 10_000, 5_000, 1_000),
}
"""Least, most and default, and how many of them are a second."""


def read_detection(given: Mapping[str, str]) -> Detection | None:
    """Detection as attributes ask for it, if they do; raises ValueError with a sentence."""
    mode = given.get("machineDetection", "")
    if mode and mode not in MODES:
        raise ValueError(f"machineDetection must be Enable or DetectMessageEnd, not {mode}")
    timeout, speech, speech_end, silence = (
        _in_range(name, given.get(name, "")) / RANGES[name][3] for name in RANGES
    )
    return Detection(MODES[mode], timeout, speech, speech_end, silence) if mode else None


def _in_range(name: str, value: str) -> int:
    least, most, default, _ = RANGES[name]
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}")
    return int(value)
