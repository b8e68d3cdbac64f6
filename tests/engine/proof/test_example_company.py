"""The company that ships: proved in whichever language comes first, and tried word by word."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ivr.config import load
from ivr.engine import events
from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.proof.proving import found_dead_ends, walks
from ivr.engine.turn import take_turn
from ivr.flow.actions import Connect, TakeMessage
from ivr.flow.flow import FlowSet, Place
from ivr.flow.inputs import Pressed, Said
from ivr.services.company import load_company
from tests.support import WEDNESDAY

ROOT = Path(__file__).parents[3]
LANGUAGES = ("fi", "sv", "nb", "en")


@cache
def company() -> Company:
    return load_company(load(ROOT / "config.yaml"), WEDNESDAY, proven=True).company


def beginning_with(language: str) -> Company:
    """The company whose flows have this language first."""
    flows = {
        name: flow.model_copy(
            update={"languages": (language, *(c for c in flow.languages if c != language))}
        )
        for name, flow in company().flows.flows.items()
    }
    return replace(company(), flows=FlowSet(flows, "turned"))


@cache
def states_in(language: str) -> frozenset[tuple[str, str, str, bool, int]]:
    return frozenset(
        (state.stands, str(state.place), state.stage, state.served, len(steps))
        for walk in walks(beginning_with(language))
        for state, steps in walk.steps.items()
    )


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_calls_have_the_same_ways_in_every_language(language: str) -> None:
    assert states_in(language) == states_in(LANGUAGES[0])


def test_no_call_is_a_maze() -> None:
    assert found_dead_ends(walks(company())) == []


def questions() -> list[Place]:
    return sorted(
        {
            state.place
            for walk in walks(company())
            for state in walk.steps
            if state.stands == "choice" and not state.stage
        },
        key=str,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_complaint_is_answered_by_a_recording(language: str) -> None:
    for place in questions():
        for word in company().languages[language].complaint:
            turn = take_turn(company(), _asked(place, language), Said(word), WEDNESDAY)
            assert not any(isinstance(e, events.AnswerGiven) for e in turn.events), (place, word)
            assert not any(isinstance(e, events.Missed) for e in turn.events), (place, word)


@pytest.mark.parametrize("language", LANGUAGES)
def test_0_rings_somebody_or_takes_a_message_from_every_question(language: str) -> None:
    for place in questions():
        turn = take_turn(company(), _asked(place, language), Pressed("0"), WEDNESDAY)
        assert isinstance(turn.actions[-1], Connect | TakeMessage), place


def _asked(place: Place, language: str) -> Call:
    return Call(
        "CA1", "main", "", language, 0.0, flow=place.flow, node=place.node, waiting="choice"
    )
