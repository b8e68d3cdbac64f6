"""Addresses on the page `Call me back`: kept with the callback, and forgotten at one click."""

from __future__ import annotations

import pytest
from redis import Redis

from ivr.store.mail import MailStore
from ivr.web.form_words import load_form_words
from tests.store.fixtures import redis, store_url
from tests.web.forms import LANGUAGES, Visitor

__all__ = ["redis", "store_url"]


@pytest.fixture
def url(redis: Redis, store_url: str) -> str:
    """Of a store in which nothing is known."""
    return store_url


def test_an_address_is_kept_with_the_callback_as_mail_servers_take_it(url: str) -> None:
    visitor = Visitor(url)
    visitor.asks(email=" Maja@EXÄMPLE.org ")
    found = MailStore(visitor.redis).read(visitor.callback.id)
    assert found is not None
    assert (found.address, found.how) == ("Maja@xn--exmple-cua.org", "web")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_wants_no_more_mail_says_so_on_a_page_in_their_language(
    url: str, language: str
) -> None:
    visitor = Visitor(url, language=language)
    visitor.asks(email="maja@example.org")
    link, mail = f"{visitor.link()}/mail", MailStore(visitor.redis)
    words = load_form_words()[language].mine
    shown = visitor.get(link)
    assert (shown.status, shown.heading) == (200, words.no_mail)
    # What looks at every link in a mail changes nothing.
    assert mail.read(visitor.callback.id) is not None
    told = visitor.post(link)
    assert (told.status, words.no_mail_done in told.text) == (200, True)
    assert mail.read(visitor.callback.id) is None
    assert visitor.callback.callback.state == "booked"
    assert visitor.get(visitor.link()).status == 200


def test_a_mail_program_does_it_with_one_request_and_again_without_harm(url: str) -> None:
    visitor = Visitor(url)
    visitor.asks(email="maja@example.org")
    link = f"{visitor.link()}/mail"
    for _ in range(2):
        answer = visitor.post(link, **{"List-Unsubscribe": "One-Click"})
        assert answer.status == 200
        assert MailStore(visitor.redis).read(visitor.callback.id) is None


def test_nobody_else_can_have_an_address_forgotten(url: str) -> None:
    visitor = Visitor(url)
    visitor.asks(email="maja@example.org")
    for link in ("/callback/mine/forged/mail", f"{visitor.link()[:-2]}xx/mail"):
        assert visitor.post(link).status == 404
    assert MailStore(visitor.redis).read(visitor.callback.id) is not None


def test_the_page_of_a_sentence_leads_back_from_wherever_it_is(url: str) -> None:
    visitor = Visitor(url)
    visitor.asks(email="maja@example.org")
    shown = visitor.get(f"{visitor.link()}/mail")
    [style] = shown.all("link", rel="stylesheet")
    assert style.attributes["href"].startswith("../../../callback/")
