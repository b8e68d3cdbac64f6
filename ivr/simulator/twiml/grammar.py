"""Judges a document by Twilio's grammar, as its debugger does: warnings, and the call goes on."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from ivr.simulator.data import load
from ivr.simulator.twiml.document import Element

SPECIAL_CODES: dict[tuple[str, str], int] = {
    ("Dial", "method"): 13210,
    ("Dial", "timeout"): 13212,
    ("Dial", "hangupOnStar"): 13213,
    ("Dial", "timeLimit"): 13216,
    ("Dial", "record"): 13217,
    ("Dial", "sequential"): 13218,
    ("Dial", "answerOnBridge"): 13219,
    ("Dial", "ringTone"): 13220,
    ("Number", "method"): 13221,
    ("Sip", "method"): 13241,
    ("Dial", "recordingStatusCallbackEvent"): 13621,
    ("Record", "recordingStatusCallbackEvent"): 13621,
    ("Conference", "muted"): 13230,
    ("Conference", "endConferenceOnExit"): 13231,
    ("Conference", "startConferenceOnEnter"): 13232,
    ("Conference", "waitMethod"): 13234,
    ("Conference", "beep"): 13235,
    ("Conference", "trim"): 13239,
    ("Gather", "finishOnKey"): 13310,
    ("Gather", "method"): 13312,
    ("Gather", "timeout"): 13313,
    ("Gather", "numDigits"): 13314,
    ("Gather", "input"): 13326,
    ("Gather", "speechTimeout"): 13327,
    ("Gather", "maxSpeechTime"): 13328,
    ("Gather", "partialResultCallbackMethod"): 13329,
    ("Gather", "hints"): 13330,
    ("Gather", "bargeIn"): 13332,
    ("Gather", "profanityFilter"): 13333,
    ("Gather", "actionOnEmptyResult"): 13338,
    ("Play", "loop"): 13410,
    ("Say", "loop"): 13510,
    ("Enqueue", "method"): 14201,
    ("Enqueue", "waitUrlMethod"): 14206,
    ("Queue", "method"): 14210,
    ("Record", "method"): 13610,
    ("Record", "timeout"): 13611,
    ("Record", "maxLength"): 13612,
    ("Record", "finishOnKey"): 13613,
    ("Record", "transcribe"): 13614,
    ("Record", "playBeep"): 13616,
    ("Record", "trim"): 13699,
}
"""Twilio's own code for a bad value of an attribute; 12200 for every other."""

JUDGED_BY_THE_VERB = {("Say", "voice"), ("Say", "language"), ("Gather", "language")}
"""A bad value of these makes the verb fail, so the verb reports it."""

NESTING_CODES = {"Gather": 13320, "Dial": 13215}
NOT_IN_THE_SDK = {("Dial", "callReason")}
"""Attributes of Twilio's documentation that its SDK's declarations lack."""


@dataclass(frozen=True)
class Warning:
    """One complaint: the call goes on, what is complained of has no effect."""

    code: int
    text: str


@cache
def elements() -> dict[str, Any]:
    """Every element by its name in the grammar; the root is ``VoiceResponse``."""
    grammar: dict[str, Any] = load("twiml-grammar.json")["elements"]
    return grammar


@cache
def enumeration(name: str) -> frozenset[str]:
    """The allowed values of an enumeration, e.g. ``GatherInput``."""
    voices = {"SayVoice": "say_voices"}
    if name in voices:
        return frozenset(load("twiml-voices.json")[voices[name]])
    return frozenset(load("twiml-grammar.json")["enums"][name])


@cache
def children_of(name: str) -> dict[str, str]:
    """Allowed child tags of a grammar element, each with its grammar name."""
    pairs = (child.partition(":") for child in elements()[name]["children"])
    return {tag: other or tag for tag, _, other in pairs}


def check(root: Element) -> list[Warning]:
    """Everything that Twilio's schema warns of, in document order."""
    return list(_check(root, "VoiceResponse"))


def _check(element: Element, name: str) -> list[Warning]:
    found = _check_attributes(element, name)
    allowed = children_of(name)
    for child in element:
        if child.tag in allowed:
            found += _check(child, allowed[child.tag])
        else:
            text = f"line {child.line}: <{child.tag}> is not allowed in <{element.tag}>"
            found.append(Warning(NESTING_CODES.get(element.tag, 12200), text))
    return found


def _check_attributes(element: Element, name: str) -> list[Warning]:
    known = elements()[name]["attributes"]
    found = []
    for attribute, value in element.attributes.items():
        where = f"line {element.line}: attribute {attribute} of <{element.tag}>"
        if attribute not in known:
            if (element.tag, attribute) not in NOT_IN_THE_SDK:
                found.append(Warning(12200, f"{where} is unknown"))
        elif (element.tag, attribute) not in JUDGED_BY_THE_VERB:
            problem = _problem(element.tag, attribute, known[attribute], value)
            if problem:
                code = SPECIAL_CODES.get((element.tag, attribute), 12200)
                found.append(Warning(code, f"{where} is {value!r}: {problem}"))
    return found


def _problem(tag: str, attribute: str, rule: Any, value: str) -> str:
    """What is wrong with a value, or nothing."""
    if isinstance(rule, dict):
        allowed = enumeration(rule["one_of"])
        words = value.split() if rule.get("list") else [value]
        if not all(word in allowed for word in words):
            return "expected " + ", ".join(sorted(allowed))
    elif rule == "number":
        if not _is_number(value):
            return "expected a number"
    elif rule == "boolean":
        if value not in ("true", "false"):
            return "expected true or false"
    elif attribute == "method" or attribute.endswith("Method"):
        if value.upper() not in ("GET", "POST"):
            return "expected GET or POST"
    elif attribute == "finishOnKey":
        keys = set(value)
        if not keys <= set("0123456789*#") or (tag == "Gather" and len(value) > 1):
            return "expected keys of a telephone"
    elif attribute == "speechTimeout" and value != "auto" and not _is_number(value):
        return "expected seconds or auto"
    return ""


def _is_number(value: str) -> bool:
    try:
        return float(value) >= 0
    except ValueError:
        return False
