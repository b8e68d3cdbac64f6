"""What is told of a changed wait to somebody who gave an address and agreed to no texts."""

from __future__ import annotations

from redis import Redis

from ivr.store.mail import MailStore, MailTo
from tests.services.mail.post import MAJA, settings
from tests.services.texts.promised import NOON, promised
from tests.services.texts.test_updates import Line
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]


def test_they_are_mailed_that_it_takes_longer_or_is_sooner_but_not_that_we_call_now(
    redis: Redis,
) -> None:
    line = Line(redis, **settings(25))
    stored = promised(redis)
    MailStore(redis).give(stored.id, MailTo(MAJA, NOON, "web"))
    line.tells("receipt_place", stored, 20, 30)
    assert line.kinds(5, {"cb1": (26, 36)}) == ["update_worse"]
    assert line.kinds(17, {"cb1": (3, 11)}) == ["update_better"]
    assert line.kinds(24, {"cb1": (0, 4)}) == []
    assert {one.text.to for one in line.outbox.of("cb1")} == {"mail:cb1"}


def test_who_wants_no_more_mail_is_told_nothing(redis: Redis) -> None:
    line, addresses = Line(redis, **settings(25)), MailStore(redis)
    stored = promised(redis)
    addresses.give(stored.id, MailTo(MAJA, NOON, "web"))
    line.tells("receipt_place", stored, 20, 30)
    addresses.forget(stored.id)
    assert line.kinds(5, {"cb1": (26, 36)}) == []
