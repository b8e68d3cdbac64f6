"""What a listener hears of a Say: flat text, how long it takes, whether it can be said at all."""

import re
from dataclasses import dataclass
from functools import cache

from ivr.simulator.data import load
from ivr.simulator.twiml.document import Element

VOICE_LANGUAGES = {
    "Polly.Suvi-Neural": "fi-FI",
    "Polly.Elin-Neural": "sv-SE",
    "Polly.Ida-Neural": "nb-NO",
}
BREAK_STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 0.75}
SLOW_RATES = ("x-slow", "slow")
SLOW_FACTOR = 1.4
BLOCKS = ("p", "s")


@dataclass(frozen=True)
class Speech:
    """What is said. `seconds` is how long it takes at the given rate."""

    text: str
    language: str
    voice: str
    slow: bool
    seconds: float


def flatten(say: Element, rate: float) -> Speech:
    """A Say element as it is heard; `rate` is in characters a second."""
    pieces: list[str] = []
    breaks, slow = _walk(say, pieces)
    text = re.sub(r"\s+([,.!?;:])", r"\1", " ".join("".join(pieces).split()))
    seconds = len(text) / rate * (SLOW_FACTOR if slow else 1.0) + breaks
    voice = say.get("voice")
    return Speech(text, say.get("language") or voice_language(voice), voice, slow, seconds)


def _walk(element: Element, pieces: list[str]) -> tuple[float, bool]:
    breaks, slow = 0.0, _is_slow(element)
    for part in element.content:
        if isinstance(part, str):
            pieces.append(part)
        elif part.tag == "break":
            breaks += _break_seconds(part)
            pieces.append(" ")
        elif part.tag == "sub":
            pieces.append(part.get("alias") or part.text)
        else:
            if part.tag in BLOCKS:
                pieces.append(" ")
            inner_breaks, inner_slow = _walk(part, pieces)
            breaks, slow = breaks + inner_breaks, slow or inner_slow
            if part.tag in BLOCKS:
                pieces.append(" ")
    return breaks, slow


def _is_slow(element: Element) -> bool:
    if element.tag != "prosody":
        return False
    rate = element.get("rate")
    percent = re.fullmatch(r"(-?\d+)%", rate)
    if percent:
        value = int(percent[1])
        return value < 0 or 0 < value < 100
    return rate in SLOW_RATES


def _break_seconds(element: Element) -> float:
    length = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", element.get("time"))
    if length:
        return float(length[1]) / (1000 if length[2] == "ms" else 1)
    return BREAK_STRENGTHS.get(element.get("strength", "medium"), 1.0)


def voice_language(voice: str) -> str:
    """The language of a voice when Say names none; en-US when the voice does not tell."""
    google = re.match(r"Google\.([a-z]{2,3}-[A-Z]{2})-", voice)
    return google[1] if google else VOICE_LANGUAGES.get(voice, "en-US")


@cache
def _say_voices() -> frozenset[str]:
    return frozenset(load("twiml-voices.json")["say_voices"]) - {"alice"}


@cache
def _say_languages() -> frozenset[str]:
    return frozenset(load("twiml-voices.json")["say_languages"])


@cache
def gather_languages() -> frozenset[str]:
    """The languages that Gather recognises."""
    return frozenset(load("twiml-voices.json")["gather_languages"])


def why_unsayable(say: Element, speech: Speech) -> tuple[int, str] | None:
    """The code and the reason for which Twilio would not say this, if it would not."""
    voice, language = say.get("voice"), say.get("language")
    if voice and voice not in _say_voices():
        return 13511, f"there is no voice {voice!r}"
    if language and language not in _say_languages():
        return 13512, f"there is no language {language!r} to speak"
    if language and voice.startswith("Google.") and voice_language(voice) != language:
        return 13512, f"the voice {voice} does not speak {language}"
    known = VOICE_LANGUAGES.get(voice)
    if language and known and known != language:
        return 13512, f"the voice {voice} does not speak {language}"
    if not speech.text:
        return 13520, "there is nothing to say"
    limit = 3_000 if voice.startswith("Polly.") else 5_000 if voice.startswith("Google.") else 4_096
    if len(speech.text) > limit:
        return 13521, f"{len(speech.text)} characters, at most {limit} for this voice"
    return None
