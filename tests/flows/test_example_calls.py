"""The scripts of calls beside the flows: all go as written, and together they leave nothing out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from typing import get_args

import pytest

from ivr.engine.company import Company
from ivr.engine.events import (
    ChoiceMade,
    LanguageChosen,
    Missed,
    NumberEnded,
    PersonSought,
    PlaceReached,
    VoicemailLeft,
)
from ivr.flow.flow import FlowSet
from ivr.flow.inputs import Outcome
from ivr.flow.kinds import (
    Answer,
    ChooseLanguage,
    Menu,
    Queue,
    Transfer,
    Voicemail,
)
from ivr.services.rehearsal import Script, play
from ivr.services.rehearsal.coverage import Coverage
from ivr.services.rehearsal.stage import InProcessStage
from tests.flows.company import LANGUAGES, company, config, menus, nodes, scripts

OUTCOMES = set(get_args(Outcome)) - {"canceled"}
"""How ringing a number ends; `canceled` only ever comes with the caller's own hanging up."""


@dataclass
class Taken:
    """What the calls in one language went through."""

    places: set[str] = field(default_factory=set)
    steps: set[tuple[str, str]] = field(default_factory=set)
    """One place directly after another."""
    choices: set[tuple[str, str, str]] = field(default_factory=set)
    """Place, choice, and whether by `key` or `word`."""
    ended: set[tuple[str, str]] = field(default_factory=set)
    """Place that rang a number, and how that ended."""
    messages: set[str] = field(default_factory=set)
    sought: set[str] = field(default_factory=set)
    missed: set[tuple[str, int]] = field(default_factory=set)


@cache
def taken() -> dict[str, Taken]:
    """What all scripts together go through, by the language that the caller hears."""
    by_language: dict[str, Taken] = defaultdict(Taken)
    stage = InProcessStage(config(), company())
    for script in scripts():
        telephone = stage.telephone(script)
        language, place = telephone.language, ""
        failure = play(script, telephone, config().numbers)
        assert failure is None, str(failure)
        for event in telephone.events:
            through = by_language[language]
            match event:
                case LanguageChosen(chosen):
                    language = chosen
                case PlaceReached(reached):
                    through.places.add(reached)
                    through.steps.add((place, reached))
                    place = reached
                case ChoiceMade(at, choice, by):
                    through.choices.add((at, choice, by))
                case NumberEnded(at, outcome):
                    through.ended.add((at, outcome))
                case VoicemailLeft(at):
                    through.messages.add(at)
                case PersonSought(_, why):
                    through.sought.add(why)
                case Missed(_, heard, times):
                    through.missed.add((heard, times))
    return by_language


def first_failure(changed: Company, flow: str) -> Script | None:
    """A script that does not go as written with this company; those beside `flow` come first."""
    stage = InProcessStage(config(), changed)
    beside = f"flows/{flow}.calls.yaml"
    return next(
        (
            script
            for script in sorted(scripts(), key=lambda script: script.file != beside)
            if play(script, stage.telephone(script), config().numbers) is not None
        ),
        None,
    )


def places_of(*kinds: type) -> list[str]:
    return [place for place, node in nodes() if isinstance(node, kinds)]


@pytest.mark.parametrize("index", range(len(scripts())))
def test_a_call_goes_as_its_script_says(index: int) -> None:
    script = scripts()[index]
    telephone = InProcessStage(config(), company()).telephone(script)
    failure = play(script, telephone, config().numbers)
    assert failure is None, str(failure)


def test_together_they_take_every_way_there_is() -> None:
    coverage = Coverage(config(), company())
    stage = InProcessStage(config(), coverage.company, coverage.see)
    for script in scripts():
        play(script, stage.telephone(script), config().numbers)
    assert [str(untaken) for untaken in coverage.untaken()] == []


def test_no_two_calls_have_the_same_title() -> None:
    titles = [script.title for script in scripts()]
    assert sorted(titles) == sorted(set(titles))


def test_every_flow_has_its_scripts_beside_it() -> None:
    files = {script.file for script in scripts()}
    assert files == {f"flows/{name}.calls.yaml" for name in company().flows.flows}


@pytest.mark.parametrize("language", LANGUAGES)
def test_together_they_come_to_every_place(language: str) -> None:
    assert {place for place, _ in nodes()} - taken()[language].places - {"main/language"} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_together_they_take_every_option_by_key_and_by_word(language: str) -> None:
    options = {(place, option.key) for place, menu in menus().items() for option in menu.options}
    answers = set(product(places_of(Answer), ("yes", "no")))
    by_key = {(place, choice) for place, choice, by in taken()[language].choices if by == "key"}
    by_word = {(place, choice) for place, choice, by in taken()[language].choices if by == "word"}
    assert options - by_key == set()
    assert options - by_word == set()
    assert answers - (by_key | by_word) == set()


def test_together_they_choose_every_language_by_key_and_by_word() -> None:
    chosen = {choice for through in taken().values() for choice in through.choices}
    wanted = {("main/language", code, by) for code in LANGUAGES for by in ("key", "word")}
    assert wanted - chosen == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_together_they_go_every_way_that_a_node_can_lead(language: str) -> None:
    flows = company().flows
    wanted = {
        (place, str(flows.place(place.split("/")[0], target)))
        for place, node in nodes()
        for _, target in node.targets()
        if not isinstance(node, ChooseLanguage)
    }
    assert wanted - taken()[language].steps == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_together_they_meet_every_outcome_of_every_number(language: str) -> None:
    wanted = set(product(places_of(Transfer), OUTCOMES))
    # Whoever has met an agent has spoken with a person.
    wanted |= {(place, "completed") for place in places_of(Queue)}
    assert wanted - taken()[language].ended == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_together_they_leave_a_message_and_none_at_every_voicemail(language: str) -> None:
    through = taken()[language]
    flows = company().flows
    silent = {
        (place, str(flows.place(place.split("/")[0], node.nothing)))
        for place, node in nodes()
        if isinstance(node, Voicemail)
    }
    assert set(places_of(Voicemail)) - through.messages == set()
    assert silent - through.steps == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_together_they_are_led_to_a_person_for_every_reason(language: str) -> None:
    wanted = {
        "asked",
        "complaint",
        "misses",
        "told_already",
        "going_round",
        "not_helped",
        "no_answer_found",
    }
    assert wanted - taken()[language].sought == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_together_they_miss_in_every_way_once_twice_and_a_third_time(language: str) -> None:
    missed = taken()[language].missed
    assert {("nothing", 1), ("nothing", 2), ("nothing", 3)} <= missed
    assert {("key", 1), ("key", 2), ("key", 3)} <= missed
    assert {("words", 1), ("words", 2)} <= missed


@pytest.mark.parametrize(
    ("place", "key"),
    [(place, option.key) for place, menu in menus().items() for option in menu.options],
)
def test_a_script_notices_when_an_option_leads_elsewhere(place: str, key: str) -> None:
    changed = with_option_leading_to(place, key, "complaints/tell_us")
    assert first_failure(changed, place.split("/")[0]) is not None


def with_option_leading_to(place: str, key: str, target: str) -> Company:
    flow_name, node_name = place.split("/")
    flows = company().flows
    flow = flows.flows[flow_name]
    menu = flow.nodes[node_name]
    assert isinstance(menu, Menu)
    options = tuple(
        option.model_copy(update={"to": target}) if option.key == key else option
        for option in menu.options
    )
    node = menu.model_copy(update={"options": options})
    changed = flow.model_copy(update={"nodes": {**flow.nodes, node_name: node}})
    return replace(company(), flows=FlowSet({**flows.flows, flow_name: changed}, version="changed"))
