"""Only what the carrier signed is answered, and only as it was signed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from ivr.carrier.signature import sign
from ivr.web import Parts
from tests.web.calling import CALL, FORM, PUBLIC, TOKEN, Carrier, fields_of, is_sentence
from tests.web.serving import Told, serve

ROUTES = [
    "/voice",
    "/voice/turn/2?l=fi",
    "/voice/status",
    "/voice/recording",
    "/voice/fallback",
    "/voice/fallback/ended?l=sv",
]


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("signature", [None, "", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "\xe5"])
def test_a_request_that_is_not_signed_is_refused_in_a_sentence(
    carrier: Carrier, calls: Told, path: str, method: str, signature: str | None
) -> None:
    body = urlencode(fields_of()).encode() if method == "POST" else b""
    reply = carrier.send(method, path, body, FORM, signature)
    assert reply.status == 403
    assert is_sentence(reply.text)
    assert calls.told == []


@pytest.mark.parametrize("path", ["/voice", "/voice/turn/2?l=fi"])
def test_a_signed_request_is_answered_by_post_and_by_get(
    carrier: Carrier, calls: Told, path: str
) -> None:
    assert carrier.post(path).verbs
    assert carrier.get(path).verbs
    assert len(calls.told) == 2
    assert calls.told[0] == calls.told[1]


def test_the_address_that_counts_is_the_public_one_and_not_what_a_header_claims(
    carrier: Carrier, calls: Told
) -> None:
    claimed = {
        "Host": "evil.example.com",
        "X-Forwarded-Host": "evil.example.com",
        "X-Forwarded-Proto": "http",
        "Forwarded": "host=evil.example.com",
    }
    body = urlencode(fields_of()).encode()

    def reply(address: str) -> int:
        signature = sign(TOKEN, f"{address}/voice", fields_of())
        return carrier.send("POST", "/voice", body, FORM, signature, claimed).status

    assert reply("http://evil.example.com") == 403
    assert reply(carrier.address) == 403
    assert reply(PUBLIC) == 200


def test_a_wrong_port_is_refused(parts: Parts) -> None:
    with serve(replace(parts, public_url="http://voice.example.com:8080")) as carrier:
        assert carrier.post("/voice").status == 200
        other = replace(carrier, public_url="http://voice.example.com:9090")
        assert other.post("/voice").status == 403


def test_a_repeated_field_is_signed_with_each_of_its_values(carrier: Carrier, calls: Told) -> None:
    twice = [*fields_of(), ("Digits", "1"), ("Digits", "2")]
    assert carrier.post("/voice/turn/2", twice).status == 200
    body = urlencode(twice).encode()
    once = sign(TOKEN, PUBLIC + "/voice/turn/2", twice[:-1])
    assert carrier.send("POST", "/voice/turn/2", body, FORM, once).status == 403
    assert len(calls.told) == 1


def test_a_changed_field_is_refused(carrier: Carrier) -> None:
    signature = sign(TOKEN, PUBLIC + "/voice", fields_of())
    body = urlencode(fields_of(From="+46701740606")).encode()
    assert carrier.send("POST", "/voice", body, FORM, signature).status == 403


def test_the_turn_in_the_address_cannot_be_changed(carrier: Carrier) -> None:
    signature = sign(TOKEN, PUBLIC + "/voice/turn/2?l=fi", fields_of())
    body = urlencode(fields_of()).encode()
    for path in ("/voice/turn/3?l=fi", "/voice/turn/2?l=sv", "/voice/turn/2"):
        assert carrier.send("POST", path, body, FORM, signature).status == 403


@pytest.mark.parametrize("query", ["?l=fi&x=a%20b", "?l=fi&x=a+b", "?x=%c3%a4&l=fi", "?l=fi&x="])
def test_the_query_is_taken_as_it_was_sent(carrier: Carrier, query: str) -> None:
    assert carrier.post("/voice/turn/2" + query).status == 200


def test_a_public_address_below_a_path_is_part_of_what_is_signed(parts: Parts) -> None:
    with serve(replace(parts, public_url="https://example.com/ringback")) as carrier:
        assert carrier.post("/voice").status == 200


def test_a_body_that_is_no_form_is_refused_unless_its_hash_is_signed(
    carrier: Carrier, calls: Told
) -> None:
    body = f'{{"CallSid": "{CALL}"}}'.encode()

    def reply(path: str, content_type: str) -> int:
        signature = sign(TOKEN, PUBLIC + path, [])
        return carrier.send("POST", path, body, content_type, signature).status

    hashed = f"/voice?bodySHA256={hashlib.sha256(body).hexdigest()}"
    for content_type in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        assert reply("/voice", content_type) == 403
        # Then it is the carrier's, but it names no call.
        assert reply(hashed, content_type) == 400
    assert calls.told == []


def test_a_form_of_bytes_that_are_no_text_is_refused(carrier: Carrier) -> None:
    assert carrier.send("POST", "/voice", b"CallSid=\xff\xfe&%ff=%zz", FORM, "x").status == 403


def test_a_field_that_we_do_not_know_changes_nothing(carrier: Carrier, calls: Told) -> None:
    carrier.post("/voice")
    carrier.post("/voice", SomethingNew="1", StirVerstat="TN-Validation-Passed-A", Empty="")
    assert calls.told[0] == calls.told[1]


@pytest.mark.parametrize("call_id", ["", "CA1", "SM" + "1" * 32, CALL + "0", "../" + CALL])
@pytest.mark.parametrize("path", ["/voice", "/voice/turn/2", "/voice/status", "/voice/recording"])
def test_a_request_about_no_call_is_refused_in_a_sentence(
    carrier: Carrier, calls: Told, path: str, call_id: str
) -> None:
    reply = carrier.post(path, call_id=call_id)
    assert reply.status == 400
    assert is_sentence(reply.text)
    assert calls.told == []
