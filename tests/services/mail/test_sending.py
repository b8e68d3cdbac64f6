"""Mail is given to a real mail server, once: whatever is lost on the way, and never twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ivr.services.due import Drained
from ivr.store.senders import COMES_AGAIN
from tests.services.mail.post import (
    CUT,
    FROM,
    MAJA,
    PASSWORD,
    USER,
    Mailroom,
    Post,
    certificates,
)
from tests.services.texts.promised import NOON, agreed
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as server:
        yield server


@pytest.fixture
def room(redis: Redis, post: Post) -> Mailroom:
    return Mailroom(redis, post)


def test_whoever_cannot_be_texted_but_gave_an_address_gets_mail_once(room: Mailroom) -> None:
    name = room.want(room.callback())
    room.after(1)
    room.after(2)
    [mail] = room.post.received
    assert room.post.envelopes == [(FROM, (MAJA,))]
    stands = room.stands(name).stands
    assert (stands.state, stands.told_as) == ("sent", mail["Message-ID"])
    assert room.after(5000) == Drained()
    assert len(room.post.received) == 1


@pytest.mark.parametrize(
    ("stage", "answer", "state", "code", "address_stays"),
    [
        ("MAIL", "421 4.3.2 too busy", "sent", None, True),
        ("RCPT", "450 4.2.0 greylisted, come again", "sent", None, True),
        ("DATA", "451 4.3.0 no room", "sent", None, True),
        ("END", "451 4.7.1 come again", "sent", None, True),
        ("END", "452 4.3.1 full", "sent", None, True),
        ("DATA", CUT, "sent", None, True),
        ("RCPT", "550 5.1.1 nobody of that name", "failed", 550, False),
        ("RCPT", "550 no", "failed", 550, False),
        ("RCPT", "554 5.7.1 not from you", "failed", 554, True),
        ("END", "554 5.7.1 looks like spam", "failed", 554, True),
        ("END", "552 too large", "failed", 552, True),
        ("END", CUT, "failed", None, True),
    ],
)  # fmt: skip
def test_each_answer_of_a_mail_server_is_understood(
    room: Mailroom, stage: str, answer: str, state: str, code: int | None, address_stays: bool
) -> None:
    room.post.says(stage, answer)
    stored = room.callback()
    name = room.want(stored)
    room.after(1)
    assert room.stands(name).state == ("wanted" if state == "sent" else state)
    for seconds in (30, COMES_AGAIN + 40, 1000, 4000):
        room.after(seconds)
    found = room.stands(name).stands
    assert (found.state, found.code) == (state, code)
    assert (room.addresses.read(stored.id) is not None) is address_stays
    taken = 1 if state == "sent" or (stage, answer) == ("END", CUT) else 0
    assert len(room.post.received) == taken


def test_a_mail_that_may_have_been_taken_says_so_and_is_not_sent_again(room: Mailroom) -> None:
    room.post.says("END", CUT)
    name = room.want(room.callback())
    room.after(1)
    stands = room.stands(name).stands
    assert stands.reason == "the mail server broke off when it had the whole mail"
    # Whoever has it twice all the same can tell by this.
    assert stands.told_as == room.post.received[0]["Message-ID"]


def test_while_the_server_is_away_mail_waits_and_what_is_useless_by_then_is_dropped(
    room: Mailroom,
) -> None:
    room.post.close()
    window = room.want(room.callback(), "receipt_place", when=(NOON + 7000, NOON + 8000))
    sorry = room.want(room.callback("web-cb2"), "update_worse", when=(NOON + 600, NOON + 900))
    for seconds in (1, 60, 600, 950, 1900):
        room.after(seconds)
    assert (room.stands(window).state, room.stands(sorry).state) == ("wanted", "dropped")
    room.post.open()
    room.after(3500)
    assert room.stands(window).state == "sent"
    assert len(room.post.received) == 1


def test_a_server_that_refuses_us_stops_mail_and_only_mail_until_somebody_has_looked(
    room: Mailroom,
) -> None:
    room.post.says("MAIL", "550 5.7.1 who are you?")
    name = room.want(room.callback())
    room.after(1)
    assert list(room.senders.stopped()) == [FROM]
    room.after(100)
    assert (room.stands(name).state, room.post.received) == ("wanted", [])
    assert room.senders.resume(FROM, room.now)
    room.after(101)
    assert room.stands(name).state == "sent"


def test_whoever_wants_no_more_mail_gets_none_that_waits(room: Mailroom) -> None:
    stored = room.callback()
    name = room.want(stored)
    room.addresses.forget(stored.id)
    room.after(1)
    assert (room.stands(name).state, room.post.received) == ("opted_out", [])
    assert room.composer.write("sorry", stored, room.now) is None


def test_what_comes_too_late_by_mail_is_not_mailed_and_texts_go_first(
    room: Mailroom, redis: Redis
) -> None:
    stored = room.callback()
    assert room.composer.write("soon", stored, room.now) is None
    agreed(redis, stored.callback.number)
    text = room.composer.write("sorry", stored, room.now)
    assert text is not None and not text.by_mail
    nobody = room.callback("web-cb2", "", number="+46846500450", caller="+46846500450")
    assert room.composer.write("sorry", nobody, room.now) is None


def test_mail_is_encrypted_and_the_password_goes_nowhere_else(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, trusted = certificates(tmp_path)
    with Post(certificate, login=True) as server:
        login: dict[str, Any] = {"security": "starttls", "user": USER, "password": PASSWORD}
        room = Mailroom(redis, server, **login)
        name = room.want(room.callback())
        # Nobody trusts it yet: nothing is said to it.
        room.after(1)
        [stop] = room.senders.stopped().values()
        assert stop.meaning == "the mail server's certificate is not to be trusted"
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        room.senders.resume(FROM, room.now)
        room.after(100)
        assert (room.stands(name).state, server.secure) == ("sent", [True])
        wrong = Mailroom(redis, server, **{**login, "password": "another"})
        wrong.people += 1
        wrong.want(wrong.callback("web-cb2"))
        wrong.after(101)
        [stop] = room.senders.stopped().values()
        assert (stop.code, stop.meaning) == (535, "the mail server refuses our name or password")


def test_a_server_that_cannot_encrypt_is_told_nothing(redis: Redis, post: Post) -> None:
    room = Mailroom(redis, post, security="starttls")
    room.want(room.callback())
    room.after(1)
    [stop] = room.senders.stopped().values()
    assert stop.meaning == "the mail server cannot encrypt (STARTTLS)"
    assert post.received == []


WORKER = """
import sys
from redis import Redis
from tests.services.mail.post import Mailroom, Post
post = Post()
post.port = int(sys.argv[2])
Mailroom(Redis.from_url(sys.argv[1]), post).after(1)
"""


def test_of_a_worker_that_is_killed_only_what_was_given_to_the_end_is_not_given_again(
    room: Mailroom, store_url: str
) -> None:
    other = "aino@example.org"
    before, after = room.want(room.callback()), room.want(room.callback("web-cb2", other))
    room.post.holds = {("RCPT", MAJA), ("END", other)}
    command = [sys.executable, "-c", WORKER, store_url, str(room.post.port)]
    worker = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": "."})
    assert room.post.held()
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    room.post.holds = set()
    room.after(2)
    assert {room.stands(one).state for one in (before, after)} == {"sending"}
    for seconds in (COMES_AGAIN + 5, 1000):
        room.after(seconds)
    # Of what was given to the end nobody knows; what was not certainly is not delivered.
    assert (room.stands(before).state, room.stands(after).state) == ("sent", "failed")
    assert sorted(to for _, [to] in room.post.envelopes) == [other, MAJA]
