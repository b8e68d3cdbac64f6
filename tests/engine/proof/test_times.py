"""How long callers listen: to the first choice, to a person, and at worst."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.engine.proof.times import Times, first_choices, times
from ivr.flow.language import load_languages
from tests.engine.proof.companies import changed, company_as_it_is

EN = load_languages()["en"].speech
MENU = "What is it about? For an invoice, press 1."


def measured(flow: str, recordings: dict[str, float] | None = None) -> Times:
    company = company_as_it_is(flow)
    (whole,) = times(company, recordings)
    (first,) = first_choices(company, recordings)
    assert (first.first_choice, first.heard) == (whole.first_choice, whole.heard)
    return whole


def test_the_first_choice_comes_when_its_sentence_is_over() -> None:
    found = measured(changed())
    assert found.heard == MENU
    assert found.first_choice == pytest.approx(
        EN.seconds("What is it about?") + EN.seconds("For an invoice, press 1.")
    )
    assert str(found.first) == "main/topics"


def test_what_is_said_before_the_question_counts() -> None:
    longer = measured(
        changed(hours={"open": "hello"}, hello={"kind": "say", "text": "Hello.", "to": "topics"})
    )
    assert longer.heard == f"Hello. {MENU}"
    assert longer.first_choice is not None
    assert longer.first_choice == pytest.approx(
        EN.seconds("Hello.") + (measured(changed()).first_choice or 0)
    )


def test_the_longest_way_to_the_first_choice_counts() -> None:
    slow = {"kind": "lookup", "url": "https://crm.example.com/x", "text": "One moment.",
            "seconds": 4, "found": "topics", "failed": "topics"}  # fmt: skip
    branch = {"kind": "branch", "ways": [{"when": "1 > 2", "to": "slow"}], "otherwise": "topics"}
    found = measured(changed(hours={"open": "either"}, either=branch, slow=slow))
    assert found.heard == f"One moment. {MENU}"
    assert (found.first_choice or 0) > 4 + (measured(changed()).first_choice or 0)


def test_recordings_count_with_their_length() -> None:
    jingle = {"kind": "play", "audio": "jingle.wav", "to": "topics"}
    flow = changed(hours={"open": "jingle"}, jingle=jingle)
    with_it, without = measured(flow, {"jingle.wav": 7.5}), measured(flow)
    assert (with_it.first_choice or 0) - (without.first_choice or 0) == pytest.approx(7.5)
    assert with_it.heard == f"[jingle.wav] {MENU}"


def test_a_person_is_rung_after_the_question_was_heard_to_its_end() -> None:
    plain, told = measured(changed()), measured(changed(ring={"text": "One moment, please."}))
    assert plain.person is not None and plain.first_choice is not None
    assert plain.person > plain.first_choice
    assert told.person == pytest.approx(plain.person + EN.seconds("One moment, please."))


def test_at_worst_a_caller_is_silent_at_the_place_that_is_furthest_away() -> None:
    found = measured(changed())
    assert found.worst is not None and found.person is not None
    # The engine waits six, ten and ten seconds for each of three answers.
    assert found.worst > found.person + 26
    assert str(found.furthest) in ("main/balance", "main/number", "main/due")


def test_each_language_of_a_flow_has_its_own_time() -> None:
    flow = changed().replace("- en\n", "- en\n- fi\n")
    english, finnish = first_choices(company_as_it_is(flow))
    assert (english.language, finnish.language) == ("en", "fi")
    assert english.first_choice != finnish.first_choice


def test_where_a_language_is_chosen_the_first_choice_is_that_of_ones_own() -> None:
    flow = changed(hours={"kind": "choose_language", "keys": {1: "en", 2: "fi"}, "to": "topics"})
    flow = flow.replace("- en\n", "- en\n- fi\n")
    english, finnish = first_choices(company_as_it_is(flow))
    assert english.heard == "For English, press 1."
    assert finnish.heard == "For English, press 1. Suomeksi, paina 2."


def test_a_call_that_is_never_asked_anything_has_no_first_choice() -> None:
    flow = changed(hours={"kind": "goto", "to": "message"})
    (found,) = times(company_as_it_is(flow))
    assert (found.first_choice, found.person, found.worst) == (None, None, None)


def test_many_ways_that_meet_again_are_no_burden() -> None:
    nodes: dict[str, dict[str, object]] = {
        f"b{number}": {
            "kind": "branch", "otherwise": f"b{number + 1}",
            "ways": [{"when": "caller.known", "to": f"b{number + 1}"}],
        }
        for number in range(30)
    }  # fmt: skip
    found = measured(changed(hours={"open": "b0"}, **nodes, b30={"kind": "goto", "to": "topics"}))
    assert found.heard == MENU


def test_a_line_without_its_flow_has_no_times() -> None:
    company = company_as_it_is(changed())
    line = replace(company.lines["main"], flow="gone")
    assert times(replace(company, lines={"main": line})) == []
