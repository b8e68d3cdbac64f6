"""docs/simulator.md says of texts what the code does."""

import re
from dataclasses import fields
from pathlib import Path

from ivr.simulator.carrier import Carrier
from ivr.simulator.messaging.admin import routes
from ivr.simulator.messaging.people import LOST, OUTCOMES, REFUSED
from ivr.simulator.messaging.reply import ATTRIBUTES
from ivr.simulator.messaging.services import READERS
from ivr.simulator.settings import Settings

DOCS = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text("utf-8")
TEXTS = DOCS.partition("## Texts")[2].partition("\n## ")[0]


def test_every_way_a_telephone_treats_texts_is_told_with_its_code() -> None:
    for outcome in OUTCOMES:
        assert re.search(rf"\b{outcome}\b", TEXTS), outcome
    for code in (*LOST.values(), *REFUSED.values()):
        assert str(code) in TEXTS


def test_every_option_of_a_service_is_named() -> None:
    for name in READERS:
        assert name in TEXTS or name == "inbound_method" or name == "fallback_method", name


def test_the_elements_and_attributes_of_an_answer_are_named() -> None:
    for element, attributes in ATTRIBUTES.items():
        assert element in TEXTS
        for attribute in attributes:
            assert attribute in TEXTS


def test_every_path_of_texts_is_in_the_look_inside() -> None:
    for route in routes(Carrier()):
        assert f"| {route.method} {route.path} |" in DOCS


def test_settings_that_are_named_exist_and_figures_are_theirs() -> None:
    settings = Settings()
    known = {field.name for field in fields(Settings)}
    choices = DOCS.partition("About texts:")[2]
    assert set(re.findall(r"`Settings\((\w+)=", choices)) <= known
    assert (settings.replies_per_text, settings.documents_per_text) == (10, 50)
    assert "at most 10 replies (14109) and 50 documents (14106)" in TEXTS
    assert settings.sender_queue == 10 * 3600
    assert "beyond\nten hours" in TEXTS
    assert settings.text_characters == 1_600
    assert settings.segments_per_second == 1
    assert settings.landlines_refused
    assert not settings.service_judges_later
