"""Alive, ready, and one plain sentence for everything that is not answered."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from ivr.carrier.signature import sign
from ivr.web import Parts
from tests.web.calling import FORM, PUBLIC, TOKEN, Carrier, fields_of, is_sentence
from tests.web.serving import Told, serve


def test_alive_is_alive_whatever_else_is_down(parts: Parts) -> None:
    with serve(replace(parts, why_not_ready=lambda: "The store is away.")) as carrier:
        assert carrier.send("GET", "/healthz").status == 200
        reply = carrier.send("GET", "/readyz")
    assert (reply.status, reply.text) == (503, "The store is away.\n")


def test_ready_is_ready(carrier: Carrier) -> None:
    reply = carrier.send("GET", "/readyz")
    assert (reply.status, is_sentence(reply.text)) == (200, True)


def test_when_nobody_can_tell_it_is_not_ready(parts: Parts) -> None:
    def broken() -> str | None:
        raise RuntimeError("a secret reason")

    with serve(replace(parts, why_not_ready=broken)) as carrier:
        reply = carrier.send("GET", "/readyz")
    assert (reply.status, is_sentence(reply.text)) == (503, True)
    assert "secret" not in reply.text


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/voice/", "/voice//status", "/voice/turn", "/%00"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_that_there_is_not_is_one_sentence(
    carrier: Carrier, path: str, method: str
) -> None:
    reply = carrier.send(method, path)
    assert reply.status == 404
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert is_sentence(reply.text)


@pytest.mark.parametrize("path", ["/voice", "/voice/turn/2", "/healthz", "/audio/v/x.wav"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_one_sentence_and_the_methods_there_are(
    carrier: Carrier, path: str, method: str
) -> None:
    reply = carrier.send(method, path)
    assert reply.status == 405
    assert "GET" in reply.headers["allow"]
    assert is_sentence(reply.text)


def test_a_large_request_is_refused_in_a_sentence(carrier: Carrier, calls: Told) -> None:
    reply = carrier.post("/voice", Digits="1" * 5_000)
    assert (reply.status, reply.text) == (413, "The request is larger than 4096 bytes.\n")
    assert calls.told == []


def test_a_large_request_that_does_not_say_its_length_is_refused_too(
    carrier: Carrier, calls: Told
) -> None:
    fields = fields_of(Digits="1" * 5_000)
    body = urlencode(fields).encode()
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    signature = sign(TOKEN, PUBLIC + "/voice", fields)
    reply = carrier.send(
        "POST", "/voice", chunks, FORM, signature, headers={"Transfer-Encoding": "chunked"}
    )
    assert (reply.status, reply.text) == (413, "The request is larger than 4096 bytes.\n")
    assert calls.told == []


def test_very_many_fields_are_refused_in_a_sentence(carrier: Carrier) -> None:
    reply = carrier.send("POST", "/voice", b"a&" * 1_000, FORM, "x")
    assert (reply.status, is_sentence(reply.text)) == (413, True)


@pytest.mark.parametrize("length", ["-1", "many", "1e3"])
def test_a_senseless_length_is_no_error_of_ours(carrier: Carrier, length: str) -> None:
    reply = carrier.send("POST", "/voice", b"", FORM, "x", headers={"Content-Length": length})
    assert 400 <= reply.status < 500
    assert is_sentence(reply.text)
