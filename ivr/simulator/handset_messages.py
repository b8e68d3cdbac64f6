"""What a handset's messages say, or the sentence that says why they make no sense."""

from typing import Any

from ivr.simulator import addresses
from ivr.simulator.directory import Directory, Line, read_person
from ivr.simulator.errors import SimulatorError
from ivr.simulator.numbers import AD_HOC_LINE, DEFAULT_CALLER, tidy
from ivr.simulator.urls import is_http_url

Message = dict[str, Any]

CARRIED = {
    "forwarded_from": "ForwardedFrom", "caller_name": "CallerName", "stir_verstat": "StirVerstat",
}  # fmt: skip


class HandsetError(SimulatorError):
    """A message that makes no sense now; one sentence."""


def caller_of(value: object) -> str:
    """Who calls, as the application sees them; raises HandsetError."""
    shown = addresses.caller(str(value)) if value else DEFAULT_CALLER
    if shown is None:
        raise HandsetError(
            f"from: {value!r} is neither a number like {DEFAULT_CALLER} nor withheld"
        )
    return shown


def carried_of(message: Message) -> list[tuple[str, str]]:
    """What the caller's carrier tells of the call, as the application gets it."""
    return [(field, str(message[key])) for key, field in CARRIED.items() if message.get(key)]


def parameters_of(message: Message) -> dict[str, str]:
    """What a softphone tells the app that it calls; raises HandsetError."""
    value = message.get("parameters") or {}
    if not isinstance(value, dict):
        raise HandsetError("parameters: write names and values")
    return {str(name): str(each) for name, each in value.items()}


def line_of(directory: Directory, message: Message) -> Line:
    """The line that is phoned, or an ad-hoc one for an address; raises HandsetError."""
    to = str(message.get("to") or "").strip()
    if not is_http_url(to):
        return known_line(directory, to)
    extras = {key: str(message.get(key) or "") for key in ("fallback", "status_callback")}
    for key, url in extras.items():
        if url and not is_http_url(url):
            raise HandsetError(f"{key}: {url!r} is no http:// or https:// address")
    method = str(message.get("method") or "POST").upper()
    if method not in ("GET", "POST"):
        raise HandsetError(f"method: {method!r} is neither GET nor POST")
    return Line(
        AD_HOC_LINE, to, method, fallback_url=extras["fallback"],
        status_callback=extras["status_callback"],
    )  # fmt: skip


def known_line(directory: Directory, number: str) -> Line:
    """The line of that number, or the app of that identifier; raises HandsetError."""
    address = tidy(number).removeprefix("app:")
    line = directory.lines.get(address) or directory.apps.get(address)
    if line is None:
        known = ", ".join(sorted(directory.lines)) or "none"
        raise HandsetError(f"{number!r} is no line of this network (lines: {known})")
    return line


def people_of(people: Any) -> dict[str, Any]:
    """Who answers dialled numbers; raises HandsetError or DirectoryError."""
    if not isinstance(people, dict):
        raise HandsetError("people: write numbers and what they do")
    for number, spec in people.items():
        if spec != "ask":
            read_person(spec, f"people: {number}")
    return {number if number == "*" else tidy(str(number)): spec for number, spec in people.items()}


def choice(message: Message, key: str, choices: tuple[str, ...]) -> str:
    """One of some words, the first by default; raises HandsetError."""
    value = str(message.get(key) or choices[0])
    if value not in choices:
        raise HandsetError(f"{key}: {value!r} is none of {', '.join(choices)}")
    return value


def seconds_of(message: Message) -> float:
    """A length of time; raises HandsetError."""
    value = message.get("seconds")
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise HandsetError(f"seconds: {value!r} is no number of seconds")
    return float(value)


def list_of(message: Message, key: str) -> list[str]:
    """A list of words; raises HandsetError."""
    value = message.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise HandsetError(f"{key}: {value!r} is no list of words")
    return value


def confidence_of(message: Message) -> float | None:
    """How sure a recogniser is of what was said, if the speaker tells; raises HandsetError."""
    value = message.get("confidence")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise HandsetError(f"confidence: {value!r} is no number from 0 to 1")
    return float(value)
