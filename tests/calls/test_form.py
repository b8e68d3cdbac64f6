"""From the page `Call me back` to the conversation: the web, workers and the telephone company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from redis import Redis

from ivr.services.callbacks.form import CallbackForm
from ivr.simulator.people_reading import read_person
from ivr.web import create_app
from ivr.web.form_words import load_form_words
from ivr.web.wiring import build
from tests.calls.agents_floor import CALLER
from tests.calls.callback_floor import QUEUE, CallbackFloor, callback_floor
from tests.calls.test_callbacks import TAKES, heard_by_anna
from tests.store.fixtures import redis, store_url
from tests.web.forms import KEY

__all__ = ["redis", "store_url"]

BROWSER = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def there(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[CallbackFloor]:
    with callback_floor(redis, store_url, tmp_path) as opened:
        yield opened


def page_of(there: CallbackFloor, store_url: str) -> FlaskClient:
    """The company's web, with the page."""
    form = there.config.callbacks.form.model_copy(update={"queues": (QUEUE,)})
    callbacks = there.config.callbacks.model_copy(update={"form": form})
    config = there.config.model_copy(update={"callbacks": callbacks})
    parts = build(config, there.company.carrier.clock, "token", store_url, "folder")
    return create_app(replace(parts, form=CallbackForm(config, there.redis, KEY))).test_client()


def test_who_asks_on_the_page_is_rung_and_the_page_tells_how_it_stands(
    there: CallbackFloor, store_url: str
) -> None:
    web, told = page_of(there, store_url), load_form_words()["en"].mine
    person = {"then": [{"waits": 60}, {"hangs_up": True}]}
    there.company.carrier.directory.people[CALLER] = read_person(person, CALLER)
    there.people(anna=TAKES)
    there.service.come("anna", there.now)
    filled = {
        "token": web.get("/callback/token").get_json()["token"], "queue": QUEUE,
        "number": CALLER, "when": "place", "name": "Maria", "about": "The May invoice",
    }  # fmt: skip
    link = "/" + web.post("/callback", data=filled, headers=BROWSER).headers["Location"]
    (one,) = there.store.open_ids()
    assert told.in_line in web.get(link).text
    there.until(lambda: there.state(one) == "talking")
    assert told.on_the_way in web.get(link).text
    heard = heard_by_anna(there)
    assert "Maria" in heard and "The May invoice" in heard
    assert "this is Example" in there.heard() and "invoice" not in there.heard()
    there.until(lambda: there.state(one) == "done")
    assert told.done in web.get(link).text and len(there.dialled()) == 1
