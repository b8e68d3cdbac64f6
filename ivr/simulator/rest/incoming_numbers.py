"""IncomingPhoneNumbers: the account's numbers, and what of the application answers them."""

import re
from datetime import datetime

from aiohttp import web
from multidict import MultiMapping

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.fields import API_VERSION
from ivr.simulator.lines import Line
from ivr.simulator.numbers import is_possible, tidy
from ivr.simulator.rest.number_request import JUDGED_HERE, NO_APPLICATIONS, SETTINGS, changed
from ivr.simulator.rest.resource import (
    Json,
    Parameters,
    account_path,
    form,
    missing,
    page,
    rfc2822,
    route,
    text,
)
from ivr.simulator.sids import sid_for

LIST = Parameters("PhoneNumber FriendlyName Origin", no_effect="Beta")
CREATE = Parameters(
    f"{SETTINGS} PhoneNumber AreaCode", no_effect="ApiVersion", refused=NO_APPLICATIONS,
    judged_here=f"{JUDGED_HERE} PhoneNumber AreaCode",
)  # fmt: skip
UPDATE = Parameters(
    f"{SETTINGS} AccountSid", no_effect="ApiVersion", refused=NO_APPLICATIONS,
    judged_here=JUDGED_HERE,
)  # fmt: skip
FICTION = [f"5550{n}" for n in range(100, 200)]
"""What follows the area code of a number that is nobody's: ranges reserved for fiction."""


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The paths of this resource."""
    numbers = Numbers(carrier)
    path = "/IncomingPhoneNumbers"
    return [
        route("GET", f"{path}.json", carrier, numbers.list_all, LIST),
        route("POST", f"{path}.json", carrier, numbers.create, CREATE),
        route("GET", f"{path}/{{sid}}.json", carrier, numbers.fetch),
        route("POST", f"{path}/{{sid}}.json", carrier, numbers.update, UPDATE),
        route("DELETE", f"{path}/{{sid}}.json", carrier, numbers.delete),
    ]


class Numbers:
    """The views, and since when each number is as it is."""

    def __init__(self, carrier: Carrier) -> None:
        self._opened = carrier.clock.now()
        self._created: dict[str, datetime] = {}
        self._updated: dict[str, datetime] = {}

    async def list_all(self, carrier: Carrier, request: web.Request) -> tuple[int, Json]:
        """The numbers that match, the newest first."""
        lines = reversed(carrier.directory.lines.values())
        found = [line for line in lines if _matches(line, request.query)]
        return 200, page(
            request, "incoming_phone_numbers", found, lambda line: self._as_json(carrier, line),
            identity=lambda line: _sid(carrier, line),
        )  # fmt: skip

    async def create(self, carrier: Carrier, request: web.Request) -> tuple[int, Json]:
        """Take a number that nobody has."""
        fields = await form(request)
        line = changed(Line(_wanted(carrier, fields), voice_url=""), fields)
        carrier.directory.add(line)
        self._created[line.number] = self._updated[line.number] = carrier.clock.now()
        return 201, self._as_json(carrier, line)

    async def fetch(self, carrier: Carrier, request: web.Request) -> tuple[int, Json]:
        """One number."""
        return 200, self._as_json(carrier, _line(carrier, request))

    async def update(self, carrier: Carrier, request: web.Request) -> tuple[int, Json]:
        """Other addresses for the next call or text; an empty one is none."""
        line = _line(carrier, request)
        fields = await form(request)
        owner = text(fields, "AccountSid")
        if owner and owner != carrier.settings.account_sid:
            raise RestError(400, 21471)
        line = changed(line, fields)
        carrier.directory.add(line)
        self._updated[line.number] = carrier.clock.now()
        return 200, self._as_json(carrier, line)

    async def delete(self, carrier: Carrier, request: web.Request) -> tuple[int, None]:
        """Give a number back; calls under way go on."""
        del carrier.directory.lines[_line(carrier, request).number]
        return 204, None

    def _as_json(self, carrier: Carrier, line: Line) -> Json:
        created = self._created.get(line.number, self._opened)
        return as_json(carrier, line, created, self._updated.get(line.number, created))


def _line(carrier: Carrier, request: web.Request) -> Line:
    for line in carrier.directory.lines.values():
        if _sid(carrier, line) == request.match_info["sid"]:
            return line
    raise missing(request)


def _sid(carrier: Carrier, line: Line) -> str:
    return sid_for("PN", carrier.settings.account_sid, line.number)


def _matches(line: Line, query: MultiMapping[str]) -> bool:
    digits = re.escape(tidy(query.get("PhoneNumber", ""))).replace(r"\*", "[0-9]")
    name = query.get("FriendlyName", "")
    return (
        re.search(digits, line.number) is not None
        and name in ("", _name(line))
        and query.get("Origin", "twilio") != "hosted"
    )


def _wanted(carrier: Carrier, fields: MultiMapping[str]) -> str:
    """The number asked for, or one of the area asked for."""
    number, area = tidy(text(fields, "PhoneNumber")), text(fields, "AreaCode")
    taken = carrier.directory.lines.keys() | carrier.directory.people.keys()
    if number:
        if not is_possible(number):
            raise RestError(400, 21421, f"{number} is not a valid number")
        if number in taken:
            raise RestError(400, 21422, f"{number} is not available")
        return number
    if not area:
        raise RestError(400, 21401, "PhoneNumber or AreaCode is required")
    if not re.fullmatch("[2-9][0-9]{2}", area):
        raise RestError(400, 21451, f"{area!r} is not a valid area code")
    for rest in FICTION:
        if f"+1{area}{rest}" not in taken:
            return f"+1{area}{rest}"
    raise RestError(400, 21452, f"no numbers found in area code {area}")


def _name(line: Line) -> str:
    return line.friendly_name or line.number


def as_json(carrier: Carrier, line: Line, created: datetime, updated: datetime) -> Json:
    """A number as Twilio shows it."""
    sid = _sid(carrier, line)
    return {
        "sid": sid,
        "account_sid": carrier.settings.account_sid,
        "phone_number": line.number,
        "friendly_name": _name(line),
        "api_version": API_VERSION,
        "date_created": rfc2822(created),
        "date_updated": rfc2822(updated),
        "voice_url": line.voice_url,
        "voice_method": line.voice_method,
        "voice_fallback_url": line.fallback_url,
        "voice_fallback_method": line.fallback_method,
        "voice_application_sid": None,
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
        "status_callback": line.status_callback,
        "status_callback_method": line.status_callback_method,
        "sms_url": line.sms_url,
        "sms_method": line.sms_method,
        "sms_fallback_url": line.sms_fallback_url,
        "sms_fallback_method": line.sms_fallback_method,
        "sms_application_sid": None,
        "trunk_sid": None,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "address_sid": None,
        "address_requirements": "none",
        "identity_sid": None,
        "bundle_sid": None,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "uri": account_path(carrier, f"/IncomingPhoneNumbers/{sid}.json"),
    }
