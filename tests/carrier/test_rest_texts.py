"""Texts through Twilio's own client: sent, found again, asked for; by many threads at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ivr.carrier import rest
from ivr.simulator import Directory, EmbeddedCarrier, Line
from ivr.simulator.messaging.services import Service

LINE, MOBILE, LANDLINE = "+46846500400", "+46701740605", "+46846500455"
SERVICE = "MG" + "0" * 31 + "1"


@pytest.fixture(scope="module")
def company() -> Iterator[EmbeddedCarrier]:
    directory = Directory(
        lines={LINE: Line(LINE, "http://127.0.0.1:9/voice")},
        services={SERVICE: Service("waiting", SERVICE, (LINE,), smart_encoding=True)},
    )
    with EmbeddedCarrier(directory) as carrier:
        yield carrier


@pytest.fixture
def carrier(company: EmbeddedCarrier) -> rest.Carrier:
    settings = company.carrier.settings
    return rest.connect(settings.account_sid, settings.auth_token, base_url=company.url)


def test_a_text_is_sent_found_again_and_asked_for(carrier: rest.Carrier) -> None:
    sent = carrier.send_text(LINE, MOBILE, "Found again", validity=60)
    [found] = carrier.find_texts(MOBILE, "Found again", time.time())
    assert (found.id, found.code) == (sent, None)
    assert carrier.text_status(sent).id == sent
    assert carrier.find_texts(MOBILE, "Other words", time.time()) == ()
    assert carrier.find_texts(MOBILE, "Found again", time.time() + 3600) == ()


def test_a_service_sends_the_letters_that_it_was_given(
    carrier: rest.Carrier, company: EmbeddedCarrier
) -> None:
    words = "It’s your turn – soon"
    sent = carrier.send_text(SERVICE, MOBILE, words)
    assert [one.id for one in carrier.find_texts(MOBILE, words, time.time())] == [sent]
    message = company.carrier.messages.get(sent)
    assert message is not None and message.service_sid == SERVICE


def test_an_error_bears_its_code_and_the_status_of_the_answer(carrier: rest.Carrier) -> None:
    with pytest.raises(rest.PermanentError) as refused:
        carrier.send_text(LINE, LANDLINE, "Hello")
    assert (refused.value.code, refused.value.status) == (21614, 400)
    for unknown in ("SM" + "f" * 32, "nonsense"):
        with pytest.raises(rest.GoneError):
            carrier.text_status(unknown)


def test_many_threads_are_each_given_their_own_answer(
    carrier: rest.Carrier, company: EmbeddedCarrier
) -> None:
    with ThreadPoolExecutor(16) as threads:
        ids = list(threads.map(lambda n: carrier.send_text(LINE, MOBILE, f"Number {n}"), range(96)))
    found = [company.carrier.messages.get(one) for one in ids]
    assert [one and one.body for one in found] == [f"Number {n}" for n in range(96)]
