"""Signatures: the verdicts of Twilio's own library, and nothing that raises."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.carrier.signature import is_valid, sign

VECTORS = json.loads(
    (Path(__file__).parent / "data" / "signature-vectors.json").read_text(encoding="utf-8")
)["vectors"]
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TOKEN = "12345"
URL = "https://voice.example.com/voice?l=fi"
FIELDS = [("CallSid", "CA" + "0" * 32), ("Digits", "1"), ("From", "+46701740605")]

names = st.text(min_size=1, max_size=12)
fields = st.lists(st.tuples(names, st.text(max_size=12)), max_size=8)


def verdict(vector: dict[str, Any]) -> bool:
    body = vector.get("body")
    return is_valid(
        vector["auth_token"],
        vector["signature"],
        vector["url"],
        [(name, value) for name, value in vector["params"]],
        body=b"a form" if body is None else body.encode(),
        content_type=FORM if body is None else JSON,
    )


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_every_verdict_is_that_of_twilios_own_library(vector: dict[str, Any]) -> None:
    assert verdict(vector) is vector["valid"]


@pytest.mark.parametrize(
    "vector",
    [vector for vector in VECTORS if vector["valid"]],
    ids=[vector["id"] for vector in VECTORS if vector["valid"]],
)
def test_what_is_signed_is_what_twilio_signs(vector: dict[str, Any]) -> None:
    pairs = [(name, value) for name, value in vector["params"]]
    assert sign(vector["auth_token"], vector["signed_url"], pairs) == vector["signature"]


@given(fields=fields)
def test_twilios_python_library_accepts_what_we_sign(fields: list[tuple[str, str]]) -> None:
    form = MultiDict(fields)
    assert RequestValidator(TOKEN).validate(URL, form, sign(TOKEN, URL, fields))


@given(fields=fields, order=st.randoms(use_true_random=False))
def test_the_order_of_the_fields_does_not_matter(fields: list[tuple[str, str]], order: Any) -> None:
    shuffled = list(fields)
    order.shuffle(shuffled)
    assert is_valid(TOKEN, sign(TOKEN, URL, fields), URL, shuffled)


@given(fields=fields, name=names, value=st.text())
def test_a_changed_field_is_not_valid(fields: list[tuple[str, str]], name: str, value: str) -> None:
    changed = [*fields, (name, value + "!")]
    if "".join(n + v for n, v in sorted(set(changed))) == "".join(
        n + v for n, v in sorted(set(fields))
    ):
        return
    assert not is_valid(TOKEN, sign(TOKEN, URL, fields), URL, changed)


@pytest.mark.parametrize("signature", [None, "", " ", "å", "\ud800", "a" * 100_000, "=", "\x00"])
def test_a_missing_or_senseless_signature_is_not_valid(signature: str | None) -> None:
    assert is_valid(TOKEN, signature, URL, FIELDS) is False


def test_another_accounts_token_is_not_valid() -> None:
    assert not is_valid("54321", sign(TOKEN, URL, FIELDS), URL, FIELDS)


@pytest.mark.parametrize(
    "url",
    [
        "https://voice.example.com/voice?l=sv",
        "https://voice.example.com/voice/?l=fi",
        "https://voice.example.com/voice",
        "https://voice.example.com:8443/voice?l=fi",
        "http://voice.example.com/voice?l=fi",
        "https://evil.example.com/voice?l=fi",
    ],
)
def test_a_request_signed_for_another_address_is_not_valid(url: str) -> None:
    assert not is_valid(TOKEN, sign(TOKEN, url, FIELDS), URL, FIELDS)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/voice", "http://127.0.0.1/voice"])
def test_a_wrong_port_is_not_valid(url: str) -> None:
    assert not is_valid(TOKEN, sign(TOKEN, "http://127.0.0.1:9000/voice", FIELDS), url, FIELDS)


@pytest.mark.parametrize("encoded", ["?q=a%20b", "?q=a+b", "?q=%C3%A4", "?q=%c3%a4", "?q=", "?"])
def test_the_query_is_taken_as_it_was_received(encoded: str) -> None:
    url = "https://voice.example.com/voice" + encoded
    assert is_valid(TOKEN, sign(TOKEN, url, FIELDS), url, FIELDS)


def test_the_fragment_with_connection_settings_is_left_out() -> None:
    signature = sign(TOKEN, URL, FIELDS)
    assert is_valid(TOKEN, signature, URL + "#rc=2&rp=5xx", FIELDS)
    assert sign(TOKEN, URL + "#rc=2&rp=5xx", FIELDS) == signature


def test_a_get_is_signed_over_its_url_alone() -> None:
    url = URL + "&CallSid=CA1&Digits=1"
    assert is_valid(TOKEN, sign(TOKEN, url, []), url, [])
    assert not is_valid(TOKEN, sign(TOKEN, url, []), url.replace("Digits=1", "Digits=2"), [])


@pytest.mark.parametrize(
    "content_type", [JSON, "", "text/plain", "multipart/form-data; boundary=x"]
)
def test_a_body_that_is_no_form_needs_its_hash_in_the_url(content_type: str) -> None:
    body = b'{"Digits": "1"}'
    hashed = f"{URL}&bodySHA256={hashlib.sha256(body).hexdigest()}"

    def valid(url: str, body: bytes) -> bool:
        return is_valid(TOKEN, sign(TOKEN, url, []), url, [], body=body, content_type=content_type)

    assert not valid(URL, body)
    assert valid(hashed, body)
    assert not valid(hashed, body + b" ")
    assert not valid(f"{URL}&bodySHA256=%C3%A5", body)


def test_a_form_with_a_charset_is_a_form() -> None:
    assert is_valid(
        TOKEN,
        sign(TOKEN, URL, FIELDS),
        URL,
        FIELDS,
        body=b"Digits=1",
        content_type="Application/X-WWW-Form-URLencoded; charset=UTF-8",
    )


@given(
    signature=st.none() | st.text() | st.binary().map(lambda raw: raw.decode("latin-1")),
    url=st.text(st.characters()),
    fields=st.lists(st.tuples(st.text(st.characters()), st.text(st.characters()))),
    body=st.binary(),
    content_type=st.text(),
)
@example("YQ==", "https://h:x/?a=\ud800'", [("\ud800", "\udfff")], b"\xff", FORM)
@example("YQ==", "https://h:99999999/?bodySHA256=%FF&%zz", [], b"\xff", JSON)
def test_garbage_is_not_valid_and_never_raises(
    signature: str | None, url: str, fields: list[tuple[str, str]], body: bytes, content_type: str
) -> None:
    assert is_valid(TOKEN, signature, url, fields, body=body, content_type=content_type) is False
