"""docs/simulator.md says what the code does."""

import re
from pathlib import Path

import pytest

import ivr.simulator
from ivr.simulator import handset_actions, handset_api, pages
from ivr.simulator.admin import routes as admin_routes
from ivr.simulator.carrier import Carrier
from ivr.simulator.dialling.telephones import NOUNS
from ivr.simulator.directory import read_directory
from ivr.simulator.messaging import reply
from ivr.simulator.rest import limits
from ivr.simulator.rest.calls import CREATE
from ivr.simulator.settings import Settings
from ivr.simulator.twiml.coverage import COVERAGE, refused, table
from ivr.simulator.twiml.grammar import NOT_IN_THE_SDK, children_of, elements
from ivr.simulator.verbs import VERBS
from ivr.simulator.verbs.dial import MEETINGS
from tests.simulator.application import Network, twiml

DOCS = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text("utf-8")
CODE = "".join(
    path.read_text("utf-8")
    for path in Path(ivr.simulator.__file__).parent.glob("**/*.py")
    if path.name not in ("coverage.py", "grammar.py")
)


def test_the_table_of_attributes_is_the_codes() -> None:
    assert table() in DOCS


KNOWN = {
    element["tag"]: set(element["attributes"])
    for name, element in elements().items()
    if name != "ReferSip"  # a Sip inside Refer, which is refused
} | {tag: set(attributes) for tag, attributes in reply.ATTRIBUTES.items()}


def test_every_element_of_twilios_grammar_is_carried_out_or_refused_by_name() -> None:
    assert {*COVERAGE, *refused(), "Response"} == {*KNOWN}
    by_name = re.search(r"\nRefused by name.*?\n\n", DOCS, re.S)
    assert by_name is not None
    assert sorted(set(re.findall(r"`(\w+)`", by_name[0]))) == refused()


@pytest.mark.parametrize("tag", COVERAGE)
def test_every_attribute_that_twilio_knows_stands_in_exactly_one_column(tag: str) -> None:
    known = KNOWN[tag] | {attribute for element, attribute in NOT_IN_THE_SDK if element == tag}
    coverage = COVERAGE[tag]
    listed = [*coverage.carried_out, *coverage.no_effect, *coverage.missing]
    assert sorted(listed) == sorted(known)


@pytest.mark.parametrize(
    ("tag", "attribute"),
    [(tag, attribute) for tag, c in COVERAGE.items() for attribute in c.carried_out],
)
def test_what_is_said_to_be_carried_out_is_read_somewhere(tag: str, attribute: str) -> None:
    assert f'"{attribute}"' in CODE


def test_every_verb_and_noun_that_is_not_carried_out_is_an_error_of_the_application() -> None:
    verbs = children_of("VoiceResponse").keys() - VERBS.keys()
    nouns = children_of("Dial").keys() - {*NOUNS, *MEETINGS}
    assert verbs | nouns <= {*refused(), "Queue"}


def test_every_parameter_that_is_refused_is_named() -> None:
    for name in CREATE.refused.split():
        assert re.search(rf"\b{name}\b", DOCS), name


def test_the_handset_api_is_the_one_at_the_top_of_its_module() -> None:
    assert handset_api.__doc__ is not None
    assert handset_api.__doc__.strip().split("\n", 2)[2].strip("\n") in DOCS


def test_every_message_of_the_handset_api_is_documented() -> None:
    for message in handset_actions.ACTIONS:
        assert re.search(rf"\b{message}\b", handset_api.__doc__ or ""), message


def test_every_path_is_documented() -> None:
    carrier = Carrier()
    for route in admin_routes(carrier):
        assert f"{route.method} {route.path}" in DOCS
    for route in pages.routes():
        assert route.path in DOCS or route.path == "/_carrier/pages/{name}"
    for route in limits.routes(carrier):
        assert f"{route.method} {route.path}" in DOCS


def test_directories_in_the_docs_can_be_read() -> None:
    directories = [
        part for part in re.findall(r"```yaml\n(.*?)```", DOCS, re.S) if "\npeople" in part
    ]
    assert directories
    for directory in directories:
        assert read_directory(directory).people


def test_figures_in_the_docs_are_the_settings() -> None:
    settings = Settings()
    assert settings.documents_without_hearing == 50
    assert settings.documents_per_call == 5000
    assert settings.speech_rate == 15
    assert settings.journal_entries == settings.finished_calls == 5000
    assert "A circle of 50 documents" in DOCS
    assert "the 5,000th document" in DOCS
    assert "one second for 15 characters" in DOCS


def test_an_attribute_that_is_not_carried_out_is_warned_of_by_name(network: Network) -> None:
    network.app.on("/voice", twiml("<Record action='/done' transcribe='true'/>"))
    network.call()
    network.phone.until_my_move()
    warning = network.event("warning")
    assert warning["code"] == 0
    assert warning["text"] == "line 1: this simulator does not carry out transcribe of <Record>"
