"""What somebody finds in their mailbox: both readings of it, the calendar's, and a way out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from html import unescape
from typing import Any

import msgspec
import pytest
from redis import Redis

from ivr.callbacks.record import Window
from ivr.callbacks.windows import Capacity
from ivr.carrier import rest
from ivr.flow.language import load_languages
from ivr.promises.mail_writing import load_mail_wordings
from ivr.services.callbacks.booking import PERSON, CallbackDesk, Wanted
from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings
from ivr.store import keys
from ivr.store.callbacks import StoredCallback
from tests.services.mail.post import FROM, MAJA, PUBLIC, Mailroom, Post
from tests.services.texts.promised import NOON, OURS
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

WINDOW = Window(NOON + 86_400, NOON + 88_200)


@pytest.fixture
def room(redis: Redis) -> Iterator[Mailroom]:
    with Post() as post:
        yield Mailroom(redis, post)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def attached(mail: EmailMessage) -> list[EmailMessage]:
    return [one for one in mail.iter_attachments() if isinstance(one, EmailMessage)]


def calendar_of(mail: EmailMessage) -> dict[str, str]:
    """The fields of the entry, unfolded."""
    [entry] = attached(mail)
    assert entry.get_content_type() == "text/calendar"
    written = entry.get_content()
    assert all(len(line.encode()) <= 75 for line in written.splitlines())
    lines = re.sub(r"\r?\n ", "", written).splitlines()
    return dict(line.split(":", 1) for line in lines)


@pytest.mark.parametrize("language", sorted(load_mail_wordings()))
def test_a_window_is_told_plainly_in_html_and_to_the_calendar(
    room: Mailroom, language: str
) -> None:
    stored = room.callback(window=WINDOW, language=language)
    room.want(stored, "receipt_window")
    room.after(1)
    [mail] = room.post.received
    words = load_mail_wordings()[language]
    page = f"{PUBLIC}/callback/mine/{room.tokens.link(stored.id)}"
    plain, html = part(mail, "plain"), part(mail, "html")
    shown = " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
    told = [mail["Subject"], "+46 8 465 004 00", words.regards, "Revontuli Energia", words.why]
    for one in told:
        assert one in plain or one == mail["Subject"]
        assert one in shown
    assert re.search(r"26/11|26\.11\.", mail["Subject"])
    assert f"{words.change}\n{page}\n" in plain and f"{words.stop}\n{page}/mail\n" in plain
    assert f'<a href="{page}">{words.change_label}</a>' in html
    assert f'<a href="{page}/mail">{words.stop_label}</a>' in html
    assert f'lang="{language}"' in html
    entry = calendar_of(mail)
    assert (entry["DTSTART"], entry["DTEND"]) == ("20261126T110000Z", "20261126T113000Z")
    assert "Revontuli Energia" in entry["SUMMARY"]
    assert page in entry["DESCRIPTION"].replace("\\n", "\n")


def test_programs_are_told_who_sends_it_and_how_to_have_no_more(room: Mailroom) -> None:
    stored = room.callback()
    room.want(stored)
    room.after(1)
    [mail] = room.post.received
    page = f"{PUBLIC}/callback/mine/{room.tokens.link(stored.id)}"
    assert (mail["From"], mail["To"]) == (f"Revontuli Energia <{FROM}>", MAJA)
    # As it stands: programs look for the address, and decode nothing.
    assert f"\r\nList-Unsubscribe: <{page}/mail>\r\n".encode() in room.post.raw[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.timestamp() == NOON + 1
    assert mail["Message-ID"].endswith("@example.com>")
    assert attached(mail) == []
    # Old servers take it as well.
    assert room.post.raw[0].isascii()
    assert max(map(len, room.post.raw[0].split(b"\r\n"))) < 998


TIMES = (WINDOW, Window(WINDOW.ends, WINDOW.ends + 1800))


def asked(room: Mailroom, **wanted: Any) -> StoredCallback:
    """Somebody asks on the page, and gives an address."""
    room.redis.flushall()
    known = msgspec.json.encode(Capacity(TIMES, (1, 1)))
    room.redis.hset(keys.CALLBACK_ROOMS, "billing", known)
    desk = CallbackDesk(room.config, room.redis, load_languages())
    told: dict[str, Any] = {
        "id": "web-1", "queue": "billing", "kind": "window", "number": "+46701740605",
        "language": "sv", "window": WINDOW, "source": "web", "first_name": "Maja",
        "email": MAJA, "texts": False, **wanted,
    }  # fmt: skip
    booked = desk.book(Wanted(**told), room.now)
    assert isinstance(booked, StoredCallback), booked
    return booked


def test_whoever_wants_texts_and_mail_gets_the_receipt_by_both_and_a_new_time_too(
    redis: Redis,
) -> None:
    directory, usual = Directory(lines={OURS: Line(OURS, "http://127.0.0.1:9/voice")}), Settings()
    with EmbeddedCarrier(directory) as telephone, Post() as post:
        api = rest.connect(usual.account_sid, usual.auth_token, base_url=telephone.url)
        room = Mailroom(redis, post, api)
        stored = asked(room, texts=True)
        room.after(1)
        [text] = telephone.carrier.messages.all()
        assert text.to == "+46701740605"
        desk = CallbackDesk(room.config, room.redis, load_languages())
        moved = desk.move(stored, TIMES[1], PERSON, room.now + 60)
        assert isinstance(moved, StoredCallback)
        room.after(61)
        first, second = (calendar_of(mail) for mail in post.received)
    assert first["UID"] == second["UID"]
    assert int(first["SEQUENCE"]) < int(second["SEQUENCE"])
    assert (first["DTEND"], second["DTSTART"]) == ("20261126T113000Z", "20261126T113000Z")


def test_the_name_that_was_given_is_used_and_nothing_that_is_none(room: Mailroom) -> None:
    for name, greeting in (("Maja", "Hej Maja,"), ("You have won http://x.example", "Hej,")):
        asked(room, first_name=name)
        room.after(1)
        assert part(room.post.received[-1], "plain").splitlines()[0] == greeting


def test_an_address_is_forgotten_with_its_callback_and_stands_nowhere_else(room: Mailroom) -> None:
    stored = asked(room)
    room.after(1)
    found = []
    for key in room.redis.scan_iter():
        if MAJA.encode() in (room.redis.dump(key) or b""):
            found.append(key)
    assert found == [f"ringback:callback:{stored.id}".encode()]
