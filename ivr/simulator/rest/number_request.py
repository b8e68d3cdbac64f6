"""The form fields of a number's create or update."""

from dataclasses import replace

from multidict import MultiMapping

from ivr.simulator.errors import RestError
from ivr.simulator.lines import Line
from ivr.simulator.rest.resource import text
from ivr.simulator.urls import is_http_url

URLS = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "fallback_url",
    "StatusCallback": "status_callback",
    "SmsUrl": "sms_url",
    "SmsFallbackUrl": "sms_fallback_url",
}
METHODS = {
    "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "fallback_method",
    "StatusCallbackMethod": "status_callback_method",
    "SmsMethod": "sms_method",
    "SmsFallbackMethod": "sms_fallback_method",
}
"""Twilio's parameters, and the field of a `Line` that each sets."""
JUDGED_HERE = " ".join(["FriendlyName", *URLS, *METHODS])
SETTINGS = JUDGED_HERE
NO_APPLICATIONS = (
    "VoiceApplicationSid SmsApplicationSid TrunkSid VoiceCallerIdLookup VoiceReceiveMode"
    " EmergencyStatus EmergencyAddressSid IdentitySid AddressSid BundleSid"
)
"""What this network has nothing of."""
LONGEST_NAME = 64


def changed(line: Line, fields: MultiMapping[str]) -> Line:
    """The line as the fields want it; raises RestError with Twilio's code for what is wrong."""
    new: dict[str, str] = {}
    for name, setting in URLS.items():
        if name in fields:
            new[setting] = url = text(fields, name)
            if url and not is_http_url(url):
                raise RestError(400, 21402, f"{name} is not a valid URL: {url}")
    for name, setting in METHODS.items():
        method = text(fields, name)
        if method not in ("", "GET", "POST"):
            raise RestError(400, 21403, f"{name} must be GET or POST")
        if method:
            new[setting] = method
    if "FriendlyName" in fields:
        new["friendly_name"] = text(fields, "FriendlyName")
        if len(new["friendly_name"]) > LONGEST_NAME:
            raise RestError(400, 20002, f"FriendlyName is longer than {LONGEST_NAME} characters")
    line = replace(line, **new)
    if line.fallback_url and not line.voice_url:
        raise RestError(400, 21405)
    if line.sms_fallback_url and not line.sms_url:
        raise RestError(400, 21406)
    return line
