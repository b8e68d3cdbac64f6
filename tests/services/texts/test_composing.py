"""Who is written to, in what words, and until when that is worth it."""

from __future__ import annotations

import pytest
from redis import Redis

from ivr.callbacks.record import Window
from ivr.flow.language import load_languages
from ivr.promises.consent import Given, Stopped
from ivr.promises.outbox_rules import kind_rule
from ivr.promises.wordings import TEXT_KINDS, TextKind
from ivr.services.texts.composing import Composer
from ivr.store.callbacks import StoredCallback
from ivr.store.consent import ConsentStore
from ivr.store.outbox import OutboxStore, OutboxText
from tests.services.texts.promised import AINO, LANDLINE, NOON, agreed, office, promised
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

WASHINGTON = "+12025550123"
SPAN = (NOON + 1200, NOON + 2100)


@pytest.fixture
def composer(redis: Redis) -> Composer:
    return Composer(office(), redis, load_languages())


def test_who_agreed_is_told_in_the_language_of_the_call_and_by_the_name_they_gave(
    redis: Redis, composer: Composer
) -> None:
    stored = promised(redis)
    assert composer.write("receipt_place", stored, NOON, when=SPAN) is None
    agreed(redis)
    text = composer.write("receipt_place", stored, NOON, when=SPAN)
    assert text is not None
    assert text.text == (
        "Revontuli Energia: Hei Aino, paikkasi jonossa säilyy. Soitamme arviolta tänään klo "
        "12.20-12.35. Ei sovi? Vastaa MYÖHEMMIN tai PERU."
    )
    assert "Aino" not in text.shown and text.shown.startswith("Revontuli Energia: Hei, paikkasi")
    assert (text.to, text.subject, text.queue, text.call) == (AINO, "cb1", "billing", "CAcb1")
    assert text.tells == SPAN and text.useful_until == NOON + 1800
    without = composer.write("receipt_place", stored, NOON)
    assert without is not None and without.kind == "receipt_place_open"
    assert without.id == text.id
    store = OutboxStore(redis)
    assert store.put(text, NOON)
    assert not store.put(without, NOON)


def test_a_window_is_told_in_the_time_of_the_telephone_it_goes_to(
    redis: Redis, composer: Composer
) -> None:
    agreed(redis, WASHINGTON, "", "en")
    window = Window(NOON + 7200, NOON + 9000)
    stored = promised(redis, number=WASHINGTON, caller=WASHINGTON, language="en", window=window)
    text = composer.write("receipt_window", stored, NOON)
    assert text is not None
    assert "Hi, we will call you today between 8:00 and 8:30." in text.text
    assert text.useful_until == NOON + kind_rule("receipt_window").useful_for


@pytest.mark.parametrize(
    ("number", "caller", "to"),
    [
        (LANDLINE, AINO, AINO),
        (WASHINGTON, AINO, AINO),
        (WASHINGTON, None, WASHINGTON),
        (LANDLINE, None, None),
    ],
)
def test_a_text_goes_to_the_mobile_that_they_rang_from_or_else_to_the_one_to_be_rung(
    redis: Redis, composer: Composer, number: str, caller: str | None, to: str | None
) -> None:
    for one in (AINO, WASHINGTON, LANDLINE):
        agreed(redis, one)
    stored = promised(redis, number=number, caller=caller)
    text = composer.write("receipt_place", stored, NOON)
    assert (text.to if text else None) == to


def test_who_stopped_texts_gets_only_what_they_ask_for_and_after_the_carrier_stopped_them_nothing(
    redis: Redis, composer: Composer
) -> None:
    stored = promised(redis)
    agreed(redis)
    consents = ConsentStore(redis)
    consents.note(AINO, Stopped(NOON, "text"))
    assert composer.write("soon", stored, NOON) is None
    assert composer.write("stopped", stored, NOON, asked=True) is not None
    consents.note(AINO, Given(NOON + 1, "text", "sv", "Aino"))
    assert composer.write("soon", stored, NOON) is not None
    consents.note(AINO, Stopped(NOON + 2, "carrier"))
    assert composer.write("stopped", stored, NOON, asked=True) is None


def test_every_kind_can_be_written_with_what_its_callers_have(
    redis: Redis, composer: Composer
) -> None:
    agreed(redis)
    place = promised(redis)
    window = promised(redis, "cb2", number=WASHINGTON, window=Window(NOON + 7200, NOON + 9000))

    def written(kind: TextKind, stored: StoredCallback) -> OutboxText | None:
        when = None if "window" in kind or "open" in kind else SPAN
        return composer.write(kind, stored, NOON, when=when, ahead=4, choices=(SPAN,), serial="-x")

    for kind in TEXT_KINDS:
        text = written(kind, window if "window" in kind else place)
        assert text is not None and text.kind == kind, kind
        assert text.wanted_at < text.useful_until <= NOON + 24 * 3600, kind
        assert text.id.endswith("-1-x")


def test_in_a_country_that_no_sender_reaches_nobody_is_written_to(redis: Redis) -> None:
    agreed(redis)
    stored = promised(redis)
    named = Composer(
        office(texts={"senders": {"+46": ["Revontuli"], "+1": ["+46846500400"]}}),
        redis,
        load_languages(),
    )
    text = named.write("receipt_place", stored, NOON)
    assert text is not None and "Vastaa" not in text.text, "a name cannot be answered"
    assert named.write("windows", stored, NOON, choices=(SPAN,)) is None


@pytest.mark.parametrize(
    ("company", "texts", "told"),
    [
        ("Revontuli Energia", {}, "Revontuli Energia"),
        ("Revontuli Energia ja Lämpö Oy", {}, "Revontuli Energia ja"),
        ("Revontulienergiakaupunkilaitos", {}, "Revontulienergiakaup"),
        ("Revontuli Energia ja Lämpö Oy", {"company": "Revontuli"}, "Revontuli"),
    ],
)
def test_a_long_name_is_told_as_far_as_there_is_room_or_as_config_yaml_has_it(
    redis: Redis, company: str, texts: dict[str, str], told: str
) -> None:
    agreed(redis)
    composer = Composer(office(company=company, texts=texts), redis, load_languages())
    text = composer.write("receipt_place", promised(redis), NOON)
    assert text is not None and text.text.startswith(f"{told}: Hei Aino")
