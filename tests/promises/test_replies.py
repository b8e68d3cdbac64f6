"""What is done and said about an answer; who may be sent texts."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.promises.answers import Answer, Asked, CarrierWord, Wish, understand
from ivr.promises.consent import Consent, Given, Stopped, consent_of, noted
from ivr.promises.replies import DAY, Reply, Situation, reply_to

NOW = 1_764_000_000.0
IN_LINE = Situation("place", time_known=True, windows=3)


def reply(text: str, situation: Situation = IN_LINE, **asked: object) -> Reply:
    return reply_to(understand(text, Asked("en", **asked)), situation, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how long?", Reply("status_time")),
        ("later", Reply("windows")),
        ("please cancel", Reply("cancelled", ("cancel",))),
        ("ready now", Reply("back_in_line", ("back_in_line",))),
        ("help me", Reply("help")),
        ("stop texting me", Reply("stopped", ("stop_texts",))),
        ("start texting me again", Reply("started", ("start_texts",))),
        ("thanks!", Reply()),
        ("my meter shows 12345", Reply("passed_on", note=True, as_help=True)),
        ("can I cancel?", Reply("help", note=True, as_help=True)),
        ("STOP", Reply(None, ("stop_texts",))),
        ("CANCEL", Reply(None, ("cancel", "stop_texts"))),
        ("START", Reply(None, ("start_texts",))),
        ("HELP", Reply()),
    ],
)
def test_what_follows_from_an_answer(text: str, expected: Reply) -> None:
    assert reply(text) == expected


def test_what_is_said_depends_on_what_they_wait_for() -> None:
    assert reply("how long", Situation("window")).text == "status_window"
    assert reply("how long", Situation("place")).text == "status_open"
    assert reply("later", Situation("place")).text == "no_windows"
    assert reply("2", IN_LINE, windows=3) == Reply("receipt_window", ("move",))
    assert reply("please cancel", Situation("nothing")) == Reply("nothing_open")
    assert reply("stop texting me", Situation("nothing")).deeds == ("stop_texts",)


def test_advice_that_nobody_asked_for_comes_once_a_day() -> None:
    letter = Answer("text", "en")
    helped = Situation("place", helped_at=NOW)
    assert reply_to(letter, helped, NOW + DAY - 1) == Reply(note=True)
    assert reply_to(letter, helped, NOW + DAY).text == "passed_on"
    assert reply_to(Answer("help", "en"), helped, NOW + 1).text == "help"


ANSWERS = st.builds(
    Answer,
    wish=st.sampled_from(get_args(Wish)), language=st.just("fi"),
    carrier=st.sampled_from(get_args(CarrierWord)), unsure=st.booleans(),
)  # fmt: skip
SITUATIONS = st.builds(
    Situation,
    waits=st.sampled_from(["place", "window", "nothing"]), time_known=st.booleans(),
    windows=st.integers(0, 3),
)  # fmt: skip


@given(ANSWERS, SITUATIONS)
def test_after_a_stop_nothing_is_said_that_the_carrier_would_refuse(
    answer: Answer, situation: Situation
) -> None:
    found = reply_to(answer, situation, NOW)
    if answer.carrier:
        assert found.text is None
    if answer.carrier == "STOP" or answer.wish == "stop":
        assert "stop_texts" in found.deeds
    if situation.waits == "nothing":
        assert not {"cancel", "move", "back_in_line"} & set(found.deeds)
    if answer.wish == "text" and not answer.carrier:
        assert found.deeds == ()
        assert found.note == (situation.waits != "nothing")


moments = st.integers(0, 5).map(float)
events = st.one_of(
    st.builds(Given, at=moments, how=st.sampled_from(["call", "text"]), language=st.just("fi")),
    st.builds(Stopped, at=moments, how=st.sampled_from(["text", "carrier"])),
)


@given(st.lists(events, max_size=8), st.data())
def test_what_was_said_last_counts_in_whatever_order_it_is_heard(
    heard: list[Given | Stopped], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(heard + heard[:3]))
    consent = consent_of(heard)
    assert consent_of(shuffled) == consent
    last_given = max((one.at for one in heard if isinstance(one, Given)), default=-1.0)
    last_stop = max((one.at for one in heard if isinstance(one, Stopped)), default=-1.0)
    assert consent.may_text == (last_given > last_stop)


def test_nobody_is_sent_texts_who_never_agreed() -> None:
    assert not Consent().may_text
    stopped = noted(Consent(), Stopped(5.0, "carrier"))
    assert stopped.carrier_stops
    agreed = noted(stopped, Given(6.0, "text", "fi", "Aino"))
    assert agreed.may_text
    assert not agreed.carrier_stops
    assert not noted(agreed, Stopped(6.0, "text")).may_text
