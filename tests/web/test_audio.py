"""The recordings that flows play."""

from __future__ import annotations

import pytest

from ivr.web import Parts
from tests.web.calling import Carrier, is_sentence


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("hello.wav", "audio/wav"), ("fi/tervetuloa äiti.mp3", "audio/mpeg"), ("A.WAV", "audio/wav")],
)
def test_a_recording_is_served_as_what_it_is(
    carrier: Carrier, parts: Parts, name: str, media_type: str
) -> None:
    file = parts.audio_folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"RIFF....")
    path = "/audio/" + name.replace(" ", "%20").replace("ä", "%C3%A4")
    reply = carrier.send("GET", path)
    assert (reply.status, reply.headers["content-type"], reply.body) == (
        200,
        media_type,
        b"RIFF....",
    )


def test_a_recording_that_has_not_changed_is_not_sent_again(carrier: Carrier, parts: Parts) -> None:
    (parts.audio_folder / "hello.wav").write_bytes(b"RIFF....")
    first = carrier.send("GET", "/audio/hello.wav")
    again = carrier.send(
        "GET", "/audio/hello.wav", headers={"If-None-Match": first.headers["etag"]}
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
        "/audio/missing.wav",
        "/audio/notes.txt",
        "/audio/.wav",
        "/audio/",
        "/audio",
    ],
)
def test_nothing_else_is_served(carrier: Carrier, parts: Parts, path: str) -> None:
    (parts.audio_folder.parent / "secret.wav").write_bytes(b"secret")
    (parts.audio_folder / "notes.txt").write_text("secret")
    reply = carrier.send("GET", path)
    assert reply.status == 404
    assert is_sentence(reply.text)
