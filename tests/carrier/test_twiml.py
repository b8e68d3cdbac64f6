"""TwiML: always well-formed, always what Twilio knows, always within its limits."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.carrier.twiml import DocumentTooLargeError, document
from ivr.flow.actions import (
    Action,
    Connect,
    Enqueue,
    GoOn,
    HangUp,
    LeaveQueue,
    Listen,
    Meet,
    Pause,
    Play,
    Say,
    TakeMessage,
)
from ivr.flow.language import load_languages
from tests.carrier.grammar import complaints, parse, voices

LANGUAGES = load_languages()
TURN = "https://voice.example.com/voice/turn/2?l=en&x=1"
AUDIO = "https://voice.example.com/audio"
LEFT = "https://voice.example.com/voice/left/1?l=en&x=1"
RECORDING = "https://voice.example.com/voice/recording?l=en&x=1"

texts = st.text(st.characters(), max_size=80)
codes = st.sampled_from(sorted(LANGUAGES))
seconds = st.integers(-5, 4_000)
prompts = st.one_of(
    st.builds(Say, texts, codes, st.booleans()),
    st.builds(Play, texts, st.integers(-1, 2_000)),
    st.builds(Pause, seconds),
)
actions = st.one_of(
    prompts,
    st.builds(
        Listen,
        st.lists(prompts, max_size=5).map(tuple),
        codes,
        seconds,
        st.integers(-1, 20),
        st.sampled_from(["", "#", "*"]),
        st.booleans(),
        st.lists(texts, max_size=8).map(tuple),
        st.booleans(),
    ),
    st.builds(Connect, texts, seconds),
    st.builds(TakeMessage, seconds, seconds),
    st.just(GoOn()),
    st.builds(Enqueue, texts),
    st.just(LeaveQueue()),
    st.builds(Meet, texts),
    st.just(HangUp()),
)


def write(*actions: Action) -> str:
    return document(
        actions,
        turn_url=TURN,
        audio_url=AUDIO,
        recording_status_url=RECORDING,
        left_url=LEFT,
        languages=LANGUAGES,
    )


def verbs(*actions: Action) -> list[Element]:
    text = write(*actions)
    assert complaints(text) == []
    return list(parse(text))


def spoken(elements: Sequence[Element]) -> str:
    return " ".join("".join(element.itertext()) for element in elements)


def test_a_text_is_said_by_a_voice_of_its_language() -> None:
    (say,) = verbs(Say("Hello & <welcome>", "en"))
    assert say.attrib == {"voice": "Polly.Amy-Neural", "language": "en-GB"}
    assert say.text == "Hello & <welcome>"


def test_a_slow_text_is_said_slowly() -> None:
    (say,) = verbs(Say("An invoice: press 1.", "en", slow=True))
    (prosody,) = say
    assert prosody.attrib == {"rate": "85%"}
    assert prosody.text == "An invoice: press 1."


def test_a_recording_is_played_from_its_address_or_from_our_folder() -> None:
    played = verbs(
        Play("https://cdn.example.com/a b.mp3?x=1&y=2"),
        Play("fi/tervetuloa äiti.wav"),
        Play("/sv/hej.wav"),
    )
    assert [play.text for play in played] == [
        "https://cdn.example.com/a b.mp3?x=1&y=2",
        "https://voice.example.com/audio/fi/tervetuloa%20%C3%A4iti.wav",
        "https://voice.example.com/audio/sv/hej.wav",
    ]


def test_a_question_listens_for_one_key_and_for_words_while_it_is_put() -> None:
    prompts = (Say("For an invoice, press 1.", "en"), Pause(1), Play("tone.wav"))
    (gather,) = verbs(Listen(prompts, "en", hints=("an invoice", "bill")))
    assert gather.attrib == {
        "action": TURN,
        "method": "POST",
        "timeout": "5",
        "numDigits": "1",
        "language": "en-GB",
        "input": "dtmf speech",
        "speechTimeout": "auto",
        "hints": "an invoice,bill",
        "finishOnKey": "",
        "actionOnEmptyResult": "true",
    }
    assert [prompt.tag for prompt in gather] == ["Say", "Pause", "Play"]


def test_an_entry_of_many_keys_ends_with_the_hash_key() -> None:
    listen = Listen((), "en", keys=8, finish="#", speech=False, hints=("x",), reports_silence=False)
    (gather,) = verbs(listen)
    assert gather.attrib == {
        "action": TURN,
        "method": "POST",
        "timeout": "5",
        "numDigits": "8",
        "language": "en-GB",
        "input": "dtmf",
        "finishOnKey": "#",
    }


def test_a_caller_waits_in_a_queue_and_comes_back_by_a_way_of_its_own() -> None:
    (enqueue,) = verbs(Enqueue("billing"))
    assert enqueue.text == "billing"
    assert (enqueue.get("waitUrl"), enqueue.get("waitUrlMethod")) == (TURN, "POST")
    assert (enqueue.get("action"), enqueue.get("method")) == (LEFT, "POST")
    assert [verb.tag for verb in verbs(LeaveQueue())] == ["Leave"]


def test_a_caller_meets_an_agent_in_a_room_that_ends_with_the_caller() -> None:
    (dial,) = verbs(Meet("R1"))
    (room,) = dial
    assert (dial.get("action"), room.tag, room.text) == (TURN, "Conference", "R1")
    assert room.attrib == {
        "participantLabel": "person", "beep": "false",
        "startConferenceOnEnter": "true", "endConferenceOnExit": "true",
    }  # fmt: skip


def test_music_is_played_as_often_as_it_is_to_be() -> None:
    once, thrice = verbs(Play("a.wav"), Play("a.wav", 3))
    assert (once.get("loop"), thrice.get("loop")) == (None, "3")


def test_a_connection_rings_and_comes_back_to_the_turn() -> None:
    (dial,) = verbs(Connect("+46846500410", timeout=25))
    assert dial.attrib == {"timeout": "25", "action": TURN, "method": "POST"}
    assert [(noun.tag, noun.text) for noun in dial] == [("Number", "+46846500410")]


@pytest.mark.parametrize(("asked", "given"), [(0, "5"), (25, "25"), (9_999, "600")])
def test_a_connection_rings_as_long_as_twilio_can(asked: int, given: str) -> None:
    (dial,) = verbs(Connect("+46846500410", timeout=asked))
    assert dial.get("timeout") == given


def test_a_message_is_recorded_and_an_empty_one_comes_back_to_the_turn() -> None:
    record, redirect = verbs(TakeMessage(longest=180, silence=4))
    assert record.attrib == {
        "action": TURN,
        "method": "POST",
        "maxLength": "180",
        "timeout": "4",
        "finishOnKey": "0123456789*#",
        "playBeep": "true",
        "recordingStatusCallback": RECORDING,
        "recordingStatusCallbackMethod": "POST",
    }
    assert (redirect.text, redirect.attrib) == (TURN, {"method": "POST"})


def test_verbs_follow_in_the_order_of_the_actions() -> None:
    assert [
        verb.tag for verb in verbs(Say("Goodbye.", "en"), Pause(1), Say("Bye.", "en"), HangUp())
    ] == ["Say", "Pause", "Say", "Hangup"]


def test_nothing_to_say_is_not_said() -> None:
    assert verbs(Say(" \x00\ud800 ", "en"), Say("", "en", slow=True), HangUp())[0].tag == "Hangup"


def test_a_long_text_is_cut_where_a_sentence_ends() -> None:
    sentence = "Your invoice is sent on the first day of every month. "
    says = verbs(Say(sentence * 200, "en"))
    assert len(says) > 1
    for say in says:
        assert say.text is not None
        assert len(say.text) < 3_000
        assert say.text.endswith("month.")
    assert spoken(says) == (sentence * 200).strip()


def test_a_long_sentence_is_cut_between_words() -> None:
    says = verbs(Say("word " * 2_000, "en"))
    assert len(says) > 1
    assert spoken(says) == ("word " * 2_000).strip()


def test_a_text_without_any_blank_is_cut_all_the_same() -> None:
    says = verbs(Say("å" * 7_000, "en"))
    assert "".join(say.text or "" for say in says) == "å" * 7_000
    assert all(len(say.text or "") < 3_000 for say in says)


def test_hints_are_within_twilios_limits_and_hold_no_comma_of_their_own() -> None:
    hints = tuple(f"word {number}, " + "x" * 120 for number in range(900))
    (gather,) = verbs(Listen((), "en", hints=(" an  invoice ,bill\n", "", ",", *hints)))
    given = gather.attrib["hints"].split(",")
    assert given[0] == "an invoice bill"
    assert 400 < len(given) <= 500
    assert all(0 < len(hint) <= 100 for hint in given)


@pytest.mark.parametrize("character", ["x", "&", "å", "\U0001f600", '"'])
def test_a_document_is_never_larger_than_twilio_takes(character: str) -> None:
    says = tuple(Say(character * 20_000, "en") for _ in range(8))
    listen = Listen(says, "en", hints=tuple(character * 90 + str(n) for n in range(500)))
    text = write(*says, listen)
    assert complaints(text) == []
    assert len(text.encode()) <= 64_000
    assert character in spoken([parse(text)])


def test_too_many_actions_for_one_document_are_an_error_that_says_so() -> None:
    with pytest.raises(DocumentTooLargeError, match="5000 actions"):
        write(*[Pause(1)] * 5_000)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_that_ships_has_a_voice_that_twilio_has(code: str) -> None:
    language = LANGUAGES[code]
    assert language.voice in voices()[language.locale]
    assert verbs(Listen((Say("1", code),), code))


@settings(deadline=None)
@given(st.lists(actions, max_size=6))
@example([Say("\ud800\x00]]>&<a href='\"'>\r\n\t\ufffe", "en"), Play('http://x/"&<\x00')])
@example([Connect("</Number><Say>evil</Say>"), Play("../../secret\ud800")])
def test_whatever_is_asked_for_the_document_is_one_that_twilio_knows(made: list[Action]) -> None:
    text = write(*made)
    assert complaints(text) == []
    assert len(text.encode()) <= 64_000


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn"]), max_size=200))
def test_what_is_said_is_what_was_written(text: str) -> None:
    assert spoken(verbs(Say(text, "en"))) == text.replace("\ufffe", "").strip()
