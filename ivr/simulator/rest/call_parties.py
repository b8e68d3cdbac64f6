"""Who is phoned, and who is shown as calling: ``To``, ``From``, ``CallerId`` and ``CallToken``."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from ivr.simulator.addresses import is_client, is_sip, written
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.numbers import is_e164, is_possible, tidy

NOT_DIALLED = {"invalid": 21217, "unreachable": 21214, "forbidden": 21215, "blocked": 21216}
"""Twilio's codes for numbers that it does not dial."""
SIP_CALLER = re.compile(r"^[A-Za-z0-9+_.\-]+$")
CREDENTIAL = re.compile(r"^[\x21-\x7e]+$")
LONGEST_CREDENTIAL = 255


def called(carrier: Carrier, fields: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The address to phone, and what its query tells a client or a SIP endpoint."""
    address, _, query = tidy(fields.get("To", "")).partition("?")
    if not address:
        raise RestError(400, 21201, "No 'To' number is specified")
    if is_client(address) or is_sip(address):
        return address, tuple(parse_qsl(query, keep_blank_values=True))
    if not is_e164(address) or not is_possible(address):
        detail = f"The phone number you are attempting to call, {address}, is not valid."
        raise RestError(400, 21211, detail)
    refusal = carrier.roster.refusal(address)
    if refusal:
        raise RestError(400, NOT_DIALLED[refusal])
    return address, ()


def caller(carrier: Carrier, fields: Mapping[str, str], called: str) -> str:
    """Who is shown as calling; raises RestError when the account may not show them."""
    shown = written(fields.get("From", ""))
    if not shown:
        raise RestError(400, 21213, "No 'From' number is specified")
    token = fields.get("CallToken", "").strip()
    if not (token and _passes_on(carrier, shown, token)):
        _check_caller(carrier, shown, called)
    other = written(fields.get("CallerId", ""))
    if other:
        _check_caller(carrier, other, called)
    return other or shown


def _check_caller(carrier: Carrier, shown: str, called: str) -> None:
    if is_e164(shown):
        if not carrier.directory.owns(shown):
            detail = f"The source phone number provided, {shown}, is not yet verified"
            raise RestError(400, 21210, f"{detail} for your account.")
        return
    to_softphone = is_client(called) and is_client(shown)
    to_sip = is_sip(called) and (is_client(shown) or is_sip(shown) or SIP_CALLER.match(shown))
    if not to_softphone and not to_sip:
        raise RestError(400, 21212, f"The source phone number provided, {shown}, is not valid.")


def _passes_on(carrier: Carrier, shown: str, token: str) -> bool:
    """Whether the token is that of a call from this caller which is still under way."""
    return any(call.token == token and call.caller == shown for call in carrier.calls.live())


def credentials(fields: Mapping[str, str]) -> tuple[str, str]:
    """User name and password for a SIP endpoint."""
    username, password = fields.get("SipAuthUsername", ""), fields.get("SipAuthPassword", "")
    for value, too_long, illegal in ((username, 21221, 21222), (password, 21223, 21224)):
        if len(value) > LONGEST_CREDENTIAL:
            raise RestError(400, too_long)
        if value and CREDENTIAL.match(value) is None:
            raise RestError(400, illegal)
    if username and not password:
        raise RestError(400, 21225)
    return username, password
