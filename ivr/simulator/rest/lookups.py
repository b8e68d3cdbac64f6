"""Lookup v2: what is known of a number."""

import phonenumbers
from aiohttp import web
from phonenumbers import PhoneNumber, ValidationResult

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import RestError
from ivr.simulator.numbers import is_e164
from ivr.simulator.rest.resource import Json, Parameters, route_at

PATH = "/v2/PhoneNumbers/{number}"
PACKAGES = (
    "caller_name", "sim_swap", "call_forwarding", "line_type_intelligence", "line_status",
    "identity_match", "reassigned_number", "sms_pumping_risk", "phone_number_quality_score",
    "pre_fill",
)  # fmt: skip
CARRIED_OUT = ("validation", "line_type_intelligence")
FETCH = Parameters(
    carried_out="Fields CountryCode",
    no_effect="FirstName LastName AddressLine1 AddressLine2 City State PostalCode"
    " AddressCountryCode NationalId DateOfBirth LastVerifiedDate VerificationSid PartnerSubId",
)
COUNTRY = "US"
"""Where a number without a plus is, unless CountryCode says otherwise."""
UNPROVISIONED = 60600
WRONG_LENGTH = {
    ValidationResult.TOO_SHORT: "TOO_SHORT",
    ValidationResult.TOO_LONG: "TOO_LONG",
    ValidationResult.INVALID_LENGTH: "INVALID_LENGTH",
    ValidationResult.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
}
MOBILE_COUNTRY_CODES = {
    "DK": "238", "FI": "244", "GB": "234", "NO": "242", "SE": "240", "US": "310",
}  # fmt: skip
NETWORK = "Loopback"


def routes(carrier: Carrier) -> list[web.RouteDef]:
    """The path of this resource."""
    return [route_at("GET", PATH, carrier, fetch, FETCH)]


async def fetch(carrier: Carrier, request: web.Request) -> tuple[int, Json]:
    """One number: its formats, whether it is valid, and its line type if that is asked for."""
    written = request.match_info["number"]
    wanted = _fields(request.query.get("Fields", ""))
    region = request.query.get("CountryCode", "").upper() or COUNTRY
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise RestError(400, 20001, f"CountryCode {region} is no country")
    parsed, wrong = _parse(written, region)
    if parsed is None:
        return 200, _answer(written, {"valid": False, "validation_errors": wrong})
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if wrong == ["INVALID_BUT_POSSIBLE"] and _is_on_this_network(carrier, number):
        wrong = []
    known: Json = {
        "calling_country_code": str(parsed.country_code),
        "country_code": phonenumbers.region_code_for_number(parsed)
        or phonenumbers.region_code_for_country_code(parsed.country_code or 0),
        "national_format": phonenumbers.format_number(
            parsed, phonenumbers.PhoneNumberFormat.NATIONAL
        ),
        "valid": not wrong,
        "validation_errors": wrong,
    }
    if "line_type_intelligence" in wanted and not wrong:
        known["line_type_intelligence"] = _line_type(carrier, number, known["country_code"])
    return 200, _answer(number, known)


def _fields(text: str) -> set[str]:
    """What is asked for; raises RestError for what Twilio or this simulator does not have."""
    wanted = {field.strip() for field in text.split(",") if field.strip()}
    for field in sorted(wanted):
        if field not in ("validation", *PACKAGES):
            raise RestError(400, 20001, f"Fields: there is no {field}")
        if field not in CARRIED_OUT:
            raise RestError(400, 20001, f"this simulator does not carry out the field {field}")
    return wanted


def _parse(written: str, region: str) -> tuple[PhoneNumber | None, list[str]]:
    """The number, if it is one, and what is wrong with it."""
    try:
        parsed = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as error:
        kinds = phonenumbers.NumberParseException
        names = {
            kinds.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
            kinds.TOO_SHORT_NSN: "TOO_SHORT",
            kinds.TOO_SHORT_AFTER_IDD: "TOO_SHORT",
            kinds.TOO_LONG: "TOO_LONG",
        }
        return None, [names.get(error.error_type, "NOT_A_NUMBER")]
    reason = WRONG_LENGTH.get(phonenumbers.is_possible_number_with_reason(parsed))
    if reason is not None:
        return parsed, [reason]
    return parsed, [] if phonenumbers.is_valid_number(parsed) else ["INVALID_BUT_POSSIBLE"]


def _is_on_this_network(carrier: Carrier, number: str) -> bool:
    """Numbers kept for fiction are in no numbering plan, and may well be in the directory."""
    return number in carrier.directory.people or number in carrier.directory.lines


def _line_type(carrier: Carrier, number: str, country: str) -> Json:
    kind = carrier.messages.line_type(number)
    known = kind != "unknown"
    mobile = kind == "mobile"
    return {
        "type": kind if known else None,
        "carrier_name": (carrier.messages.person(number).network or NETWORK) if known else None,
        "mobile_country_code": MOBILE_COUNTRY_CODES.get(country) if mobile else None,
        "mobile_network_code": "99" if mobile else None,
        "error_code": None if known else UNPROVISIONED,
    }


def _answer(number: str, known: Json) -> Json:
    return {
        "calling_country_code": None,
        "country_code": None,
        "phone_number": number if is_e164(number) else None,
        "national_format": None,
        **dict.fromkeys(PACKAGES),
        "url": f"https://lookups.twilio.com/v2/PhoneNumbers/{number}",
        **known,
    }
