"""The rules that hold for every call, whatever a flow's author forgot."""

from __future__ import annotations

import pytest

from ivr.engine.events import AnswerGiven, PersonSought, Unexpected
from ivr.engine.turn import begin, take_turn
from ivr.flow.actions import Connect, HangUp, Listen, Say, TakeMessage
from ivr.flow.inputs import Arrived, ConnectionEnded, MessageLeft, Pressed, Said, Silent
from tests.support import ENERGY, FALLBACK, SUNDAY, TEAM, WEDNESDAY, company_of, ring

COMPANY = company_of(main=ENERGY)
EN = COMPANY.languages["en"].phrases


def test_zero_leads_to_a_person_from_a_menu() -> None:
    call = ring(COMPANY)
    call.press("0")
    assert (call.state, call.ringing) == ("ringing", TEAM)


def test_zero_leads_to_a_person_while_an_answer_is_given() -> None:
    call = ring(COMPANY)
    call.press("1")
    call.press("0")
    assert (call.state, call.ringing) == ("ringing", TEAM)


def test_zero_leads_to_a_person_while_the_last_words_are_said() -> None:
    call = ring(COMPANY)
    call.press("3")
    call.press("1")
    assert "Goodbye." in call.heard
    call.press("0")
    assert (call.state, call.ringing) == ("ringing", TEAM)


def test_zero_leads_to_a_person_before_the_tone_and_while_a_message_is_left() -> None:
    for before_the_tone in (True, False):
        call = ring(COMPANY, at=SUNDAY)
        call.press("0")
        assert "leave a message" in call.heard
        if not before_the_tone:
            call.let_pass()
            assert call.state == "tone"
        call.press("0")
        # It is Sunday: the person is a message again, and once more the fallback number.
        call.press("0")
        assert (call.state, call.ringing) == ("ringing", FALLBACK)


@pytest.mark.parametrize("words", ["a person please", "can I talk to someone", "Customer service!"])
def test_the_words_for_a_person_lead_to_one(words: str) -> None:
    call = ring(COMPANY)
    call.say(words)
    assert call.ringing == TEAM


def test_the_words_for_a_person_are_those_of_the_callers_language() -> None:
    call = ring(COMPANY, caller="+3581234")
    assert call.language == "fi"
    call.say("haluan puhua ihmisen kanssa")
    assert call.ringing == TEAM


def test_a_word_of_complaint_leads_to_a_person_at_once_and_is_kept_for_them() -> None:
    call = ring(COMPANY)
    call.say("I want to complain about my invoice")
    assert call.ringing == TEAM
    assert [e.why for e in call.events if isinstance(e, PersonSought)] == ["complaint"]


def test_silence_is_met_with_other_words_then_slowly_then_by_a_person() -> None:
    call = ring(COMPANY)
    first = call.heard
    call.stay_silent()
    again = call.heard
    call.stay_silent()
    slowly = call.heard
    call.stay_silent()
    assert EN.option.format(label="an invoice", key=1) in first
    other_words = EN.option_again.format(label="an invoice", key=1)
    assert f"{EN.not_heard} What can we do for you? {other_words}" in again
    assert EN.one_at_a_time in slowly
    assert len({first, again, slowly}) == 3
    assert EN.giving_up in call.heard
    assert call.ringing == TEAM


def test_the_third_wording_is_slow_with_pauses_and_more_time() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=None, now=WEDNESDAY)
    for heard in (Arrived(), Silent(), Silent()):
        turn = take_turn(COMPANY, call, heard, WEDNESDAY)
        call = turn.call
    (listen,) = turn.actions
    assert isinstance(listen, Listen)
    assert all(prompt.slow for prompt in listen.prompts if isinstance(prompt, Say))
    assert len(listen.prompts) > 5
    assert listen.timeout >= 10


def test_a_wrong_key_is_not_told_as_silence() -> None:
    call = ring(COMPANY)
    call.press("9")
    assert EN.not_understood in call.heard
    assert EN.not_heard not in call.heard


def test_misses_of_both_sorts_count_together() -> None:
    call = ring(COMPANY)
    call.press("9")
    call.say("blue bananas")
    call.stay_silent()
    assert call.ringing == TEAM


def test_misses_start_afresh_at_another_question() -> None:
    call = ring(COMPANY)
    call.stay_silent()
    call.stay_silent()
    call.press("1")
    call.stay_silent()
    assert call.state == "listening"


def test_while_closed_nobody_is_promised_a_person() -> None:
    call = ring(COMPANY, at=SUNDAY)
    assert EN.message in call.heard
    assert EN.person not in call.heard
    for _ in range(3):
        call.stay_silent()
    assert EN.giving_up not in call.heard
    assert EN.giving_up_message in call.heard


def test_the_same_answer_is_never_given_twice() -> None:
    call = ring(COMPANY)
    call.press("1")
    call.press("1")
    call.press("1")
    assert EN.told_already in call.heard
    assert "fourteen days" not in call.heard
    assert call.ringing == TEAM
    assert sum(isinstance(event, AnswerGiven) for event in call.events) == 1


def test_an_answer_that_did_not_help_leads_to_a_person() -> None:
    call = ring(COMPANY)
    call.press("1")
    call.press("2")
    assert call.ringing == TEAM


def test_coming_to_a_place_a_third_time_without_progress_ends_at_a_person() -> None:
    call = ring(COMPANY)
    call.press("2")
    assert call.state == "listening"
    call.press("2")
    assert EN.going_round in call.heard
    assert call.ringing == TEAM


def test_an_answer_that_helped_is_progress() -> None:
    call = ring(COMPANY)
    call.press("2")
    call.press("1")
    call.press("1")
    call.press("2")
    assert call.state == "listening"


def test_when_the_person_cannot_be_reached_the_fallback_number_is_rung_once() -> None:
    call = ring(COMPANY, at=SUNDAY)
    for _ in range(3):
        call.press("0")
    assert call.ringing == FALLBACK
    call.connect("no_answer")
    assert EN.nobody in call.heard
    assert call.state == "ended"


def test_a_talk_with_the_fallback_number_ends_the_call_without_a_word() -> None:
    call = ring(COMPANY, at=SUNDAY)
    for _ in range(3):
        call.press("0")
    call.connect("answers")
    assert (call.heard, call.state) == ("", "ended")


def test_nodes_that_lead_in_a_ring_end_at_the_fallback_number_not_in_silence() -> None:
    ring_of_nodes = company_of(main=ENERGY)
    nodes = ring_of_nodes.flows.flows["main"].nodes
    say = nodes["moving"]
    looped = {**nodes, "topics": say.model_copy(update={"to": "moving"}),
              "moving": say.model_copy(update={"to": "topics"}),
              "person": say.model_copy(update={"to": "topics"})}  # fmt: skip
    flow = ring_of_nodes.flows.flows["main"].model_copy(update={"nodes": looped})
    ring_of_nodes.flows.flows["main"] = flow  # type: ignore[index]
    call = ring(ring_of_nodes)
    assert call.ringing == FALLBACK


def test_what_was_said_before_the_tone_is_kept_with_the_message() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=None, now=SUNDAY)
    for heard in (Arrived(), Pressed("0"), Said("this is Anna about the cut in Storgatan")):
        turn = take_turn(COMPANY, call, heard, SUNDAY)
        call = turn.call
    assert turn.actions == (TakeMessage(180, 5),)
    left = take_turn(COMPANY, call, MessageLeft("https://example.com/r", 7), SUNDAY).voicemail
    assert left is not None
    assert left.said == ("this is Anna about the cut in Storgatan",)


def test_the_path_through_the_menus_is_kept_for_the_person() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=None, now=SUNDAY)
    for heard in (Arrived(), Pressed("1"), Pressed("2"), MessageLeft("https://example.com/r", 7)):
        turn = take_turn(COMPANY, call, heard, SUNDAY)
        call = turn.call
    assert turn.voicemail is not None
    assert turn.voicemail.path == ("an invoice",)


def test_a_message_ended_by_zero_is_kept_and_leads_to_a_person() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=None, now=SUNDAY)
    for heard in (Arrived(), Pressed("0"), MessageLeft("https://example.com/r", 7, "0")):
        turn = take_turn(COMPANY, call, heard, SUNDAY)
        call = turn.call
    assert turn.voicemail is not None
    assert isinstance(turn.actions[-1], TakeMessage)


def test_what_nobody_waited_for_does_not_move_the_call() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=None, now=WEDNESDAY)
    asked = take_turn(COMPANY, call, Arrived(), WEDNESDAY)
    stray = take_turn(COMPANY, asked.call, ConnectionEnded("completed"), WEDNESDAY)
    assert stray.actions == asked.actions
    assert any(isinstance(event, Unexpected) for event in stray.events)


def test_a_connection_that_comes_back_without_an_outcome_counts_as_failed() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=None, now=WEDNESDAY)
    for heard in (Arrived(), Pressed("0"), Silent()):
        turn = take_turn(COMPANY, call, heard, WEDNESDAY)
        call = turn.call
    assert isinstance(turn.actions[-1], TakeMessage)


def test_a_call_that_has_ended_only_hangs_up() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=None, now=WEDNESDAY)
    for heard in (Arrived(), Pressed("0"), ConnectionEnded("completed"), Pressed("1")):
        turn = take_turn(COMPANY, call, heard, WEDNESDAY)
        call = turn.call
    assert turn.actions == (HangUp(),)


def test_without_speech_nobody_is_told_to_speak() -> None:
    quiet = company_of(main=ENERGY, speech=False)
    call = begin(quiet, call_id="CA1", line="main", caller=None, now=WEDNESDAY)
    (listen,) = take_turn(quiet, call, Arrived(), WEDNESDAY).actions
    assert isinstance(listen, Listen)
    assert not listen.speech
    assert EN.or_say_it not in str(listen)


def test_a_line_begins_in_the_language_of_the_callers_country() -> None:
    assert ring(COMPANY, caller="+3581234").language == "fi"
    assert ring(COMPANY, caller="+447700900123").language == "en"
    assert ring(COMPANY, caller=None).language == "en"


def test_a_transfer_rings_with_its_words_said_first() -> None:
    call = begin(COMPANY, call_id="CA1", line="main", caller=None, now=WEDNESDAY)
    for heard in (Arrived(), Pressed("0")):
        turn = take_turn(COMPANY, call, heard, WEDNESDAY)
        call = turn.call
    assert turn.actions == (Say("One moment.", "en"), Connect(TEAM, 25))


CHOICE_FIRST = """
    languages: [sv, fi]
    start: language
    person: team
    nodes:
      language: {kind: choose_language, keys: {1: sv, 2: fi}, to: bye}
      bye: {kind: hang_up, text: {sv: Hej då., fi: Kuulemiin.}}
      team:
        kind: transfer
        number: team
        text: {sv: Ett ögonblick., fi: Hetkinen.}
        otherwise: bye
"""


def test_whoever_asks_for_a_person_before_choosing_a_language_is_answered_in_theirs() -> None:
    company = company_of(main=CHOICE_FIRST)
    call = ring(company)
    assert call.language == "sv"
    call.say("asiakaspalvelija")
    assert (call.heard, call.ringing) == ("Hetkinen.", TEAM)
