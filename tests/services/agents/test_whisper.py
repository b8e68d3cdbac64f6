"""What agents hear: in every language, and whatever is known of the person."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ivr.carrier.agent_twiml import AgentDocument
from ivr.flow.actions import Say
from ivr.flow.language import load_languages
from ivr.flow.variables import Variable
from ivr.services.agents.phrases import Phrases, load_phrases
from ivr.services.agents.staff import Staff
from ivr.services.agents.whisper import whisper
from ivr.staff import QueueSettings
from ivr.store.line import Person, Place
from tests.carrier.grammar import complaints

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
STAFF = Staff(
    {}, {"billing": QueueSettings(names={"fi": "laskutus", "sv": "faktura"})}, load_languages()
)
MARIA = Person(language="sv", name="Maria Virtanen", path=("faktura", "förfallodag"))


def place(person: Person, waited: float = 600.0, kind: str = "live") -> Place:
    first = NOW.timestamp() - waited
    return Place(
        "CA1", "billing", kind, "reserved", "CA1", first, 0.0, first, first, person,  # type: ignore[arg-type]
    )  # fmt: skip


def told(person: Person, language: str, waited: float = 600.0, colleague: str = "") -> str:
    said = whisper(STAFF, place(person, waited), language, NOW, colleague)
    return " | ".join(f"{one.language}: {one.text}" for one in said if isinstance(one, Say))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "10 minuuttia. Se on myöhemmin kuin lupasimme."),
        ("en", "Waiting for 10 minutes. That is later than we said."),
    ],
)
def test_an_agent_hears_that_the_time_that_was_told_is_over(language: str, words: str) -> None:
    said = whisper(STAFF, place(Person()), language, NOW, late=True)
    assert words in " ".join(one.text for one in said if isinstance(one, Say))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "fi: Puhelu jonosta laskutus. Soittaja on Maria Virtanen. Odotusaika: 10 minuuttia."
               " Puhuu ruotsia. Valitsi: | sv: faktura, förfallodag."),
        ("sv", "sv: Ett samtal till faktura. Det är Maria Virtanen. Har väntat i 10 minuter."
               " Valde: faktura, förfallodag."),
        ("nb", "nb: En samtale til billing. Det er Maria Virtanen. Har ventet i 10 minutter."
               " Snakker svensk. Valgte: | sv: faktura, förfallodag."),
        ("en", "en: A call for billing. It is Maria Virtanen. Waiting for 10 minutes."
               " Speaks Swedish. Chose: | sv: faktura, förfallodag."),
    ],
)  # fmt: skip
def test_an_agent_hears_it_in_their_language_and_choices_in_the_callers(
    language: str, words: str
) -> None:
    assert told(MARIA, language) == words


def test_what_is_not_known_is_not_said() -> None:
    assert told(Person(), "en", waited=10) == "en: A call for billing. Has only just rung."
    callback = whisper(STAFF, place(Person(), 7200, "callback"), "en", NOW)
    assert callback == (Say("A promised call back, for billing. First rang 2 hours ago.", "en"),)


def test_a_colleagues_note_is_in_the_colleagues_language_and_cut_where_a_word_ends() -> None:
    person = structs.replace(Person(), note="viesti " * 40, note_language="fi")
    words = told(person, "en", colleague="Anna")
    assert words.startswith("en: Anna is passing on a call for billing.")
    assert re.search(r"Your colleague says: \| fi: (viesti ){16}viesti\.$", words)


def test_numbers_that_were_keyed_in_are_read_out_and_private_ones_never_told() -> None:
    given_ones = {
        "customer_number": Variable("text", "20417"), "sum": Variable("number", "12.5"),
        "secret": Variable("text", "4711", True), "left_out": Variable("nothing", ""),
        "strange": Variable("text", "   "),
    }  # fmt: skip
    words = told(Person(given=given_ones), "en")
    assert words.endswith("customer number: 2 0 4, 1 7. sum: 12.5.")


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(sorted(load_languages())))
def test_whatever_people_say_makes_a_document_that_the_carrier_understands(
    name: str, said: str, language: str
) -> None:
    person = Person(name=name, path=(said, name), said=(said,), note=name, language="fi")
    prompts = whisper(STAFF, place(person), language, NOW, name)
    document = AgentDocument(load_languages()).ask(prompts, "https://a.example/x", timeout=5)
    assert complaints(document.hang_up().xml()) == []


def test_every_language_has_every_phrase_with_the_same_values() -> None:
    found = load_phrases()
    assert set(found) == set(load_languages())
    for field in Phrases.model_fields:
        values = {code: _values(getattr(phrases, field)) for code, phrases in found.items()}
        assert len({frozenset(one) for one in values.values()}) == 1, (field, values)
    assert all(set(phrases.languages) == set(found) for phrases in found.values())


def _values(phrase: str | dict[str, str]) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", phrase)) if isinstance(phrase, str) else set()
