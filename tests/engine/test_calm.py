"""Who needs time gets it, for the rest of the call."""

from __future__ import annotations

from ivr.flow.actions import Pause, Say
from tests.support import ENERGY, TEAM, company_of, ring

COMPANY = company_of(main=ENERGY)
EN = COMPANY.languages["en"].phrases


def _slow(prompts: list[object]) -> bool:
    return all(prompt.slow for prompt in prompts if isinstance(prompt, Say))


def test_after_two_misses_everything_is_slow_and_there_are_ten_seconds_to_answer() -> None:
    call = ring(COMPANY)
    call.stay_silent()
    call.stay_silent()
    call.press("1")
    assert _slow([*call.spoken])
    assert call.listen.timeout >= 10


def test_a_caller_who_asks_for_it_slowly_hears_one_thing_at_a_time() -> None:
    call = ring(COMPANY)
    call.say("could you say that more slowly please")
    assert EN.one_at_a_time in call.heard
    assert "What is it about?" in call.heard
    assert _slow([*call.spoken])
    assert len([prompt for prompt in call.spoken if isinstance(prompt, Pause)]) >= 3
    assert call.listen.timeout >= 10


def test_to_ask_for_it_slowly_is_no_miss_but_to_ask_again_and_again_is() -> None:
    call = ring(COMPANY)
    call.say("slower")
    assert EN.not_understood not in call.heard
    for _ in range(3):
        call.say("slower")
    assert call.ringing == TEAM


ASKS = """
    languages: [en]
    start: number
    person: ring
    nodes:
      number:
        kind: ask
        variable: customer
        length: 4
        confirm: true
        text: What is your customer number?
        again: It is on your invoice.
        to: ring
      ring: {kind: transfer, number: team, otherwise: message}
      message: {kind: voicemail, text: Please leave a message., to: bye, nothing: bye}
      bye: {kind: hang_up, text: Goodbye.}
"""


def test_a_question_is_never_put_in_the_same_words_twice_in_a_row() -> None:
    call = ring(company_of(main=ASKS))
    call.say("slower")
    first, other = "What is your customer number?", "It is on your invoice."
    assert first in call.heard
    for said, unsaid in ((other, first), (first, other)):
        call.stay_silent()
        assert said in call.heard and unsaid not in call.heard
        assert _slow([*call.spoken])
    call.press("1234")
    call.press("2")
    assert other in call.heard and first not in call.heard
    for said, unsaid in ((first, other), (other, first)):
        call.stay_silent()
        assert said in call.heard and unsaid not in call.heard
