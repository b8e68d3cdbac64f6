"""What the account owns: numbers, and the TwiML apps that softphones call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr.simulator import values
from ivr.simulator.errors import DirectoryError
from ivr.simulator.sids import is_sid
from ivr.simulator.values import Reader


@dataclass(frozen=True)
class Line:
    """A number of the account: calls to it are answered by the application's documents.

    For a TwiML app, `number` is its identifier.
    """

    number: str
    voice_url: str
    voice_method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    friendly_name: str = ""


READERS: dict[str, Reader] = {
    "voice_url": values.url,
    "voice_method": values.method,
    "fallback_url": values.url,
    "fallback_method": values.method,
    "status_callback": values.url,
    "status_callback_method": values.method,
    "sms_url": values.url,
    "sms_method": values.method,
    "sms_fallback_url": values.url,
    "sms_fallback_method": values.method,
    "friendly_name": values.text,
}
"""Every key of a line and its reader; each is a field of `Line`."""


def read_line(text: str) -> Line:
    """A line from ``+NUMBER=URL``; raises DirectoryError."""
    number, separator, url = text.partition("=")
    if not separator:
        raise DirectoryError(f"{text!r}: write +NUMBER=http://HOST:PORT/PATH")
    return line(values.number(number, "number"), url, number)


def line(number: str, value: Any, where: str) -> Line:
    """A line from its URL or a mapping; raises DirectoryError."""
    settings = {"voice_url": value} if isinstance(value, str) else value
    fields = values.read_all(values.mapping(settings, where), READERS, where)
    if "voice_url" not in fields:
        raise DirectoryError(f"{where}: voice_url is missing")
    return Line(number, **fields)


def apps(value: Any, where: str) -> dict[str, Line]:
    """TwiML apps by their identifiers; raises DirectoryError."""
    found: dict[str, Line] = {}
    settings: Mapping[str, Any] = values.mapping(value, where)
    for sid, app in settings.items():
        if not is_sid(str(sid), "AP"):
            raise DirectoryError(f"{where}: {sid!r} is not AP and 32 hexadecimal digits")
        found[str(sid)] = line(str(sid), app, f"{where}: {sid}")
    return found
