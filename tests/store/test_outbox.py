"""A text is written once, with the change that caused it or not at all."""

from __future__ import annotations

from typing import cast

import msgspec
from redis import Redis

from ivr.callbacks import limits, moves
from ivr.callbacks.record import Actor
from ivr.store import keys
from ivr.store.callbacks import About, Asking, CallbackStore, StoredCallback
from ivr.store.due import DueStore
from ivr.store.line import Person
from ivr.store.outbox import OutboxStore, OutboxText

NOW = 1_795_000_000.0
MOBILE = "+46701740605"
PERSON = Actor("person")


def text(name: str, **changed: object) -> OutboxText:
    usual = OutboxText(
        id=name, to=MOBILE, kind="information", language="en", text="Box 12", shown="Box ..",
        wanted_at=NOW, useful_until=NOW + 600, subject="CB1",
    )  # fmt: skip
    return msgspec.structs.replace(usual, **changed)


def events(redis: Redis) -> list[dict[str, object]]:
    stream = cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(keys.EVENTS))
    return [event for _, entry in stream for event in msgspec.json.decode(entry[b"events"])]


def test_a_text_is_put_in_once_and_told_of_once(redis: Redis) -> None:
    store = OutboxStore(redis)
    assert store.put(text("a", promised_by=NOW + 60, queue="billing"), NOW)
    assert not store.put(text("a", text="Another"), NOW + 1)
    stored = store.read("a")
    assert stored is not None
    assert (stored.text.text, stored.state, stored.version) == ("Box 12", "wanted", 1)
    told = {"text": "a", "kind": "information", "subject": "CB1", "queue": "billing"}
    assert events(redis) == [{"type": "TextWanted", **told, "promised_by": NOW + 60}]
    assert DueStore(redis).agenda(NOW).due == 1


def test_texts_are_found_by_what_they_are_about_and_whom_they_go_to(redis: Redis) -> None:
    store = OutboxStore(redis)
    for name, call, at in (("CA1-1-10", "CA1", 0), ("CA1-1-9", "CA1", 0), ("later", "", 5)):
        store.put(text(name, call=call, wanted_at=NOW + at), NOW)
    store.put(text("other", subject="CB2", to="+46701740606"), NOW)
    assert [one.id for one in store.of("CB1")] == ["CA1-1-9", "CA1-1-10", "later"]
    assert [one.id for one in store.of("CA1")] == ["CA1-1-9", "CA1-1-10"]
    assert [one.id for one in store.to("+46701740606")] == ["other"]
    assert store.of("CB3") == ()


def test_a_callbacks_texts_are_written_with_its_move_or_not_at_all(redis: Redis) -> None:
    callbacks, outbox = CallbackStore(redis), OutboxStore(redis)
    promised = moves.promise("CB1", "billing", MOBILE, "billing", NOW, PERSON, NOW, until=NOW + 600)
    about = About(Person(language="en"))
    asking = Asking(limits.Limits())
    stored = callbacks.promise(promised, about, asking, NOW, texts=[text("promised")])
    assert isinstance(stored, StoredCallback)
    again = callbacks.promise(promised, about, asking, NOW, texts=[text("twice")])
    assert again == "promised_before"
    moved = callbacks.move(stored, "cancelled", PERSON, NOW, texts=[text("moved")])
    assert isinstance(moved, StoredCallback)
    lost = callbacks.move(stored, "cancelled", PERSON, NOW, texts=[text("lost")])
    assert lost == "changed"
    assert [one.id for one in outbox.of("CB1")] == ["moved", "promised"]
