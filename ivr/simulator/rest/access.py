"""Who may ask: the account by its token or by an API key, and its test credentials."""

import base64
import binascii
import hmac
from enum import Enum

from aiohttp import web

from ivr.simulator.errors import RestError
from ivr.simulator.settings import Settings


class Access(Enum):
    """By what somebody came in."""

    FULL = "full"
    TEST = "test"


def authenticate(settings: Settings, request: web.Request) -> Access:
    """Raise 401 unless the right credentials are given, for their own account's paths.

    An API key opens what the account's token opens; test credentials open an account of their own.
    """
    user, secret = _given(request)
    account = request.match_info.get("account", "")
    for sid, right, opened, access in _known(settings):
        if _same(user, sid) and _same(secret, right) and account in ("", opened):
            return access
    raise RestError(401, 20003, "Authenticate")


def _known(settings: Settings) -> list[tuple[str, str, str, Access]]:
    """User, password, the account that they open, and how far."""
    account, test = settings.account_sid, settings.test_account_sid
    return [
        (account, settings.auth_token, account, Access.FULL),
        *((sid, secret, account, Access.FULL) for sid, secret in settings.api_keys),
        (test, settings.test_auth_token, test, Access.TEST),
    ]


def _given(request: web.Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    user, _, secret = pair.partition(":")
    return user, secret


def _same(given: str, right: str) -> bool:
    return bool(right) and hmac.compare_digest(given.encode(), right.encode())
