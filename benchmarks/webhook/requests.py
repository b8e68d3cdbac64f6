"""The requests that are sent: as the carrier writes and signs them, ready for the wire."""

from __future__ import annotations

from urllib.parse import urlencode

from ivr.carrier.signature import sign

PUBLIC_URL = "https://voice.example.com"
"""What is signed, whichever application the requests are sent to."""
CALLER = "+46701740605"


def fields(call_id: str, called: str, status: str, more: dict[str, str]) -> dict[str, str]:
    """Every field that the carrier sends of an inbound call, and `more`."""
    sides = {"From": CALLER, "Caller": CALLER, "To": called, "Called": called}
    about = {
        "CallSid": call_id,
        "AccountSid": "AC" + "0" * 32,
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
        "CallStatus": status,
        "CallToken": '{"parentCallInfoToken":"' + "e" * 180 + '"}',
    }
    for side, number in sides.items():
        about |= {side: number, f"{side}City": "", f"{side}State": "", f"{side}Zip": ""}
        about[f"{side}Country"] = "SE"
    return about | more


def on_the_wire(path: str, token: str, form: dict[str, str]) -> bytes:
    """A signed POST over a connection that is kept."""
    body = urlencode(form).encode()
    head = [
        f"POST {path} HTTP/1.1",
        "Host: voice.example.com",
        "User-Agent: TwilioProxy/1.1",
        "Accept: */*",
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
        f"Content-Length: {len(body)}",
        f"X-Twilio-Signature: {sign(token, PUBLIC_URL + path, form.items())}",
        "I-Twilio-Idempotency-Token: 00000000-0000-4000-8000-000000000000",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def call_id(number: int) -> str:
    return f"CA{number:032x}"
