"""The recordings that flows play."""

from __future__ import annotations

import pytest

from tests.web.calling import Carrier, is_sentence
from tests.web.conftest import Recordings


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("hello.wav", "audio/wav"), ("fi/tervetuloa äiti.mp3", "audio/mpeg"), ("A.WAV", "audio/wav")],
)
def test_a_recording_is_served_as_what_it_is(
    carrier: Carrier, recordings: Recordings, name: str, media_type: str
) -> None:
    recordings["v1", name] = b"RIFF...."
    path = "/audio/v1/" + name.replace(" ", "%20").replace("ä", "%C3%A4")
    reply = carrier.send("GET", path)
    assert (reply.status, reply.headers["content-type"], reply.body) == (
        200,
        media_type,
        b"RIFF....",
    )


def test_a_recording_that_has_not_changed_is_not_sent_again(
    carrier: Carrier, recordings: Recordings
) -> None:
    recordings["v1", "hello.wav"] = b"RIFF...."
    first = carrier.send("GET", "/audio/v1/hello.wav")
    again = carrier.send(
        "GET", "/audio/v1/hello.wav", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/audio/../secret.wav",
        "/audio/%2e%2e/secret.wav",
        "/audio/..%2fsecret.wav",
        "/audio/..%5csecret.wav",
        "/audio//etc/passwd",
        "/audio/%2fetc%2fpasswd",
        "/audio/%00.wav",
        "/audio/v1/missing.wav",
        "/audio/v2/hello.wav",
        "/audio/hello.wav",
        "/audio/v1/notes.txt",
        "/audio/v1/.wav",
        "/audio/",
        "/audio",
    ],
)
def test_nothing_else_is_served(carrier: Carrier, recordings: Recordings, path: str) -> None:
    recordings["v1", "notes.txt"] = recordings["v1", "hello.wav"] = b"secret"
    reply = carrier.send("GET", path)
    assert reply.status == 404
    assert is_sentence(reply.text)
