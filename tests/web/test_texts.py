"""What people write is heard only from the carrier, and never makes it fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from redis import Redis

from ivr.carrier.signature import sign
from ivr.config import Config
from ivr.flow.language import load_languages
from ivr.services.callbacks.booking import CallbackDesk
from ivr.services.texts.incoming import IncomingTexts
from ivr.store import keys
from ivr.store.outbox import OutboxStore
from ivr.web import Parts, create_app
from tests.store.fixtures import redis, store_url
from tests.web.calling import FORM, LINE, PUBLIC, TOKEN

__all__ = ["redis", "store_url"]

AINO = "+46701740605"
PATH = "/text/incoming"


@pytest.fixture
def web(parts: Parts, redis: Redis) -> FlaskClient:
    told = {
        "company": "Example",
        "time_zone": "Europe/Stockholm",
        "lines": {"main": {"number": LINE, "flow": "main"}},
        "fallback": {"number": "+46846500499"},
    }
    config, languages = Config.model_validate(told), load_languages()
    desk = CallbackDesk(config, redis, languages)
    texts = IncomingTexts(config, redis, languages, desk)
    return create_app(replace(parts, texts=texts, max_body=65_536)).test_client()


def post(web: FlaskClient, form: Sequence[tuple[str, str]], token: str = TOKEN) -> tuple[int, str]:
    response = web.post(
        PATH,
        data=urlencode(form),
        content_type=FORM,
        headers={"X-Twilio-Signature": sign(token, PUBLIC + PATH, form)},
    )
    return response.status_code, response.get_data(as_text=True)


def text(sender: str = AINO, body: str = "how long?", **more: str) -> list[tuple[str, str]]:
    return [("MessageSid", "SM1"), ("From", sender), ("To", LINE), ("Body", body), *more.items()]


def test_a_text_is_answered_from_the_outbox_and_the_document_is_empty(
    web: FlaskClient, redis: Redis
) -> None:
    status, document = post(web, text())
    assert status == 200 and document.endswith("<Response/>")
    (answer,) = OutboxStore(redis).to(AINO)
    assert answer.text.text.startswith("Example: Hi, you have no call waiting.")
    assert answer.text.id == "SM1-answer"


def test_without_the_carriers_signature_or_a_name_nothing_is_heard(
    web: FlaskClient, redis: Redis
) -> None:
    assert post(web, text(), token="another")[0] == 403
    assert post(web, text()[1:])[0] == 400
    assert OutboxStore(redis).to(AINO) == ()


@pytest.mark.parametrize("sender", ["72345", "Revontuli", LINE, "", "+266696687"])
def test_programs_and_our_own_numbers_are_not_answered(
    web: FlaskClient, redis: Redis, sender: str
) -> None:
    assert post(web, text(sender))[0] == 200
    assert redis.keys("ringback:text:*") == []


@pytest.mark.parametrize("body", ["", "\x00\ud83d", "🙏" * 800, "a" * 2000, "{{}} %s", "2", "ei"])
def test_whatever_is_written_is_answered(web: FlaskClient, redis: Redis, body: str) -> None:
    raw = body.encode("utf-8", "replace").decode()
    assert post(web, text(body=raw, NumMedia="x"))[0] == 200
    assert redis.get(keys.answered("SM1")) == b"done"


def test_while_the_store_is_away_the_carrier_is_told_to_ask_elsewhere(
    web: FlaskClient, redis: Redis
) -> None:
    redis.set(keys.conversation(AINO), "no conversation")
    assert post(web, text())[0] == 503
    redis.delete(keys.conversation(AINO))
    assert post(web, text())[0] == 200
    assert len(OutboxStore(redis).to(AINO)) == 1
