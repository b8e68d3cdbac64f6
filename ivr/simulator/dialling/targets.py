"""Whom a Dial rings: its numbers, clients and SIP endpoints, as far as they can be rung."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ivr.simulator import addresses
from ivr.simulator.numbers import is_e164, is_possible, tidy
from ivr.simulator.session import Session
from ivr.simulator.twiml.document import Element

NOT_DIALLED = {"invalid": 13224, "unreachable": 13224, "blocked": 13225, "forbidden": 13227}
"""Twilio's codes for numbers that it does not dial."""
SIP_CALLER = re.compile(r"^[A-Za-z0-9+_.\-]{1,255}$")
SIP_HEADERS = frozenset(
    {"user-to-user", "remote-party-id", "p-preferred-identity", "p-called-party-id"}
)
"""Headers that may be sent although their names do not begin with ``x-``."""
SIP_HEADER_NAME = re.compile(r"^[A-Za-z0-9\-]+$")
LONGEST_SIP_HEADERS = 1_024


@dataclass(frozen=True)
class Target:
    """An address to ring, and the element around it if there is one.

    `parameters` and `credentials` are what the client or the SIP endpoint is given.
    """

    address: str
    noun: Element | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    credentials: tuple[str, str] = ("", "")


def targets(session: Session, dial: Element) -> list[Target]:
    """Everything that the Dial names, at most as many as may ring at once."""
    if dial.text:
        return [Target(tidy(dial.text))]
    found = [READERS[noun.tag](session, noun) for noun in dial if noun.tag in READERS]
    most = session.settings.parallel_numbers
    if len(found) > most:
        session.warn(13215, f"line {dial.line}: {len(found)} numbers, at most {most} are rung")
    return found[:most]


def can_be_rung(session: Session, dial: Element, target: Target) -> bool:
    """Whether the network dials this address; when it does not, a warning says why."""
    address, where = target.address, f"line {(target.noun or dial).line}:"
    if target.noun is not None and target.noun.tag == "Client":
        if not addresses.is_client(address):
            session.warn(13223, f"{where} {address!r} is no name of a client")
            return False
        return True
    if target.noun is not None and target.noun.tag == "Sip":
        if not addresses.is_sip(address):
            session.warn(13243, f"{where} {address!r} is no SIP address")
            return False
        return True
    if not is_e164(address) or not is_possible(address):
        session.warn(13223, f"{where} {address!r} is no telephone number")
        return False
    refusal = session.carrier.roster.refusal(address)
    if refusal:
        session.warn(NOT_DIALLED[refusal], f"{where} {address}")
    return not refusal


def caller_id(session: Session, dial: Element, target: Target) -> str | None:
    """Who is shown to this target, or nothing when the account may not show them.

    Numbers are shown the caller's, the called or an own number; clients also a client; SIP
    endpoints also any word.
    """
    call = session.call
    wanted = addresses.written(dial.get("callerId"))
    shown = wanted or call.caller
    tag = target.noun.tag if target.noun is not None else "Number"
    is_own = shown in (call.caller, call.called) or session.carrier.directory.owns(shown)
    if tag == "Number":
        allowed = is_own and not addresses.is_client(shown) and not addresses.is_sip(shown)
    elif tag == "Client":
        allowed = is_own or addresses.is_client(shown)
    else:
        allowed = is_own or addresses.is_client(shown) or SIP_CALLER.match(shown) is not None
    if allowed:
        return shown
    why = "is neither the caller's nor ours" if wanted else "can be shown to no telephone"
    session.warn(13214, f"line {dial.line}: callerId {shown} {why}")
    return None


def _number(session: Session, noun: Element) -> Target:
    return Target(tidy(noun.text), noun)


def _client(session: Session, noun: Element) -> Target:
    name = noun.text or next((part.text for part in noun if part.tag == "Identity"), "")
    told = [(p.get("name"), p.get("value")) for p in noun if p.tag == "Parameter"]
    return Target(addresses.client(name), noun, tuple(told))


def _sip(session: Session, noun: Element) -> Target:
    inner = [part for part in noun if part.tag == "Uri"]
    uri = inner[0] if inner and not noun.text else noun
    if len(inner) > 1:
        session.warn(13250, f"line {noun.line}: {len(inner)} addresses, the first is rung")
    address, _, query = uri.text.partition("?")
    headers = parse_qsl(query, keep_blank_values=True)
    for group in (part for part in noun if part.tag == "Headers"):
        headers += [(h.get("name"), h.get("value")) for h in group if h.tag == "Header"]
    credentials = (
        uri.get("username") or noun.get("username"), uri.get("password") or noun.get("password")
    )  # fmt: skip
    return Target(address, noun, _headers(session, noun, headers), credentials)


def _headers(
    session: Session, noun: Element, headers: list[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """The headers that may be sent; the others are warned of."""
    if sum(len(name) + len(value) for name, value in headers) > LONGEST_SIP_HEADERS:
        session.warn(13253, f"line {noun.line}: more than {LONGEST_SIP_HEADERS} characters")
        return ()
    sent = []
    for name, value in headers:
        known = name.lower().startswith("x-") or name.lower() in SIP_HEADERS
        if known and SIP_HEADER_NAME.match(name):
            sent.append((name, value))
        else:
            session.warn(13252, f"line {noun.line}: {name!r} does not begin with x-")
    return tuple(sent)


READERS = {"Number": _number, "Client": _client, "Sip": _sip}
"""How each noun that is a telephone is read."""
