"""`ringback callbacks mail`: an address that somebody gave on the telephone."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis

from ivr.store.mail import MailStore
from tests.cli.test_callbacks import CONFIG, Desk
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

MAIL = """
callbacks: {form: {queues: [billing]}}
mail: {host: smtp.example.com, sender: callback@example.com}
"""
KEY = {"RINGBACK_FORM_KEY": "k" * 32}


@pytest.fixture
def desk(redis: Redis, store_url: str, tmp_path: Path) -> Desk:
    desk = Desk(redis, store_url, tmp_path)
    desk.environment |= KEY
    desk.config.write_text(CONFIG + MAIL, encoding="utf-8")
    return desk


def test_an_address_is_given_shown_without_its_middle_and_forgotten(desk: Desk) -> None:
    stored = desk.one()
    assert desk.says("mail", stored.id, "maja@Example.org") == (
        "CA00000001: mail goes to m•••@example.org.\n"
    )
    found = MailStore(desk.redis).read(stored.id)
    assert found is not None and (found.address, found.how) == ("maja@example.org", "agent")
    assert desk.says("mail", stored.id) == "CA00000001: mail goes to m•••@example.org.\n"
    assert desk.says("mail", stored.id, "--none") == "CA00000001: nothing is mailed.\n"
    assert MailStore(desk.redis).read(stored.id) is None


def test_what_cannot_be_is_one_sentence(desk: Desk) -> None:
    stored = desk.one()
    for words, said in (
        ((stored.id, "maja"), "`maja` is no e-mail address."),
        (("CA99", "maja@example.org"), "CA99"),
        ((stored.id, "maja@example.org", "--none"), "Give an address, or --none."),
    ):
        assert said in desk.asks("mail", *words).output
    desk.config.write_text(CONFIG, encoding="utf-8")
    assert "config.yaml has no `mail`." in desk.asks("mail", stored.id, "m@example.org").output
    assert MailStore(desk.redis).read(stored.id) is None
