"""The form fields of a call create or update, judged as Twilio judges them."""

from urllib.parse import urlsplit

from multidict import MultiMapping

from ivr.simulator.call import CALL_EVENTS, Progress
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import ApplicationError, RestError
from ivr.simulator.inputs import Fetch, Inline, Source
from ivr.simulator.lines import Line
from ivr.simulator.rest.resource import text
from ivr.simulator.settings import Settings
from ivr.simulator.twiml.document import Element, parse
from ivr.simulator.urls import is_http_url

ADDRESSES = (
    "action", "url", "waitUrl", "statusCallback", "recordingStatusCallback", "partialResultCallback"
)  # fmt: skip
LONGEST_DIGITS = 32


def source(settings: Settings, fields: MultiMapping[str]) -> Source | None:
    """What the call is to do: ``Url`` goes before ``Twiml``; nothing when there is neither."""
    url = address(fields, "Url", 21205)
    if url:
        return Fetch(url, method(fields, "Method"))
    twiml = str(fields.get("Twiml", ""))
    if not twiml.strip():
        return None
    limit = settings.inline_characters
    if len(twiml) > limit:
        raise RestError(400, 32018, f"Twiml has {len(twiml)} characters, at most {limit}")
    try:
        root = parse(twiml.encode())
    except ApplicationError as error:
        raise RestError(400, error.code, f"Twiml: {error.detail}") from None
    relative = _relative_address(root)
    if relative:
        raise RestError(400, 15004, f"Twiml: {relative!r} is not an absolute address")
    return Inline(twiml)


def _relative_address(element: Element) -> str:
    found = [element.get(name) for name in ADDRESSES]
    if element.tag == "Redirect":
        found.append(element.text)
    for value in found:
        if value.strip() and not is_http_url(value.strip()):
            return value
    return next((a for child in element if (a := _relative_address(child))), "")


def progress(fields: MultiMapping[str]) -> Progress | None:
    """Who is told how the call goes, if anybody."""
    url = address(fields, "StatusCallback", 21609)
    events = [str(event) for event in fields.getall("StatusCallbackEvent", [])]
    for event in events:
        if event not in CALL_EVENTS:
            raise RestError(400, 21626, f"StatusCallbackEvent {event!r} is invalid")
    if not url:
        return None
    if "_" in (urlsplit(url).hostname or ""):
        raise RestError(400, 21609, f"StatusCallback {url}: underscore in the host name")
    how = method(fields, "StatusCallbackMethod")
    return Progress(url, how, frozenset(events or ["completed"]))


def address(fields: MultiMapping[str], name: str, code: int) -> str:
    """An absolute http or https address, or nothing."""
    url = text(fields, name)
    if url and not is_http_url(url):
        raise RestError(400, code, f"{name} is not a valid URL: {url}")
    return url


def method(fields: MultiMapping[str], name: str) -> str:
    """GET or POST."""
    value = text(fields, name, "POST").upper()
    if value not in ("GET", "POST"):
        raise RestError(400, 21209, f"{name} must be GET or POST")
    return value


def whole(
    fields: MultiMapping[str], name: str, default: int, least: int, most: int, code: int
) -> int:
    """A whole number within its limits."""
    value = text(fields, name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise RestError(400, code, f"{name} must be a whole number from {least} to {most}")
    return int(value)


def app(carrier: Carrier, fields: MultiMapping[str]) -> Line | None:
    """The TwiML app that says what the call is to do, if one is named; raises RestError 21218."""
    sid = text(fields, "ApplicationSid")
    if not sid:
        return None
    found = carrier.directory.apps.get(sid)
    if found is None:
        raise RestError(400, 21218, f"ApplicationSid {sid} is not an application of the account")
    return found


def send_digits(fields: MultiMapping[str]) -> str:
    """Keys to send once the call is answered."""
    digits = text(fields, "SendDigits")
    if len(digits) > LONGEST_DIGITS or not set(digits) <= set("0123456789*#wW"):
        raise RestError(400, 21206, f"SendDigits {digits!r} is invalid")
    return digits
