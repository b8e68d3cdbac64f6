"""Gather: keys, words, silence."""

import pytest

from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from tests.simulator.application import LINE, Application, Network, twiml

AFTER = "<Say>Nothing</Say>"


def offer(network: Network, attributes: str, prompts: str = "") -> None:
    """Phone a line that gathers with these attributes, up to the caller's first move."""
    network.app.on("/voice", twiml(f"<Gather {attributes}>{prompts}</Gather>", AFTER))
    network.app.on("/got", twiml())
    network.call()
    network.phone.until_my_move()


def got(network: Network) -> dict[str, str]:
    """What the action was told beyond the standard fields."""
    network.phone.until("ended")
    fields = network.app.fields("/got")
    names = ("Digits", "FinishedOnKey", "SpeechResult", "Confidence")
    return {name: fields[name] for name in names if name in fields}


def waited(network: Network) -> float:
    """Seconds between the start of listening and the end of the call, without the last words."""
    at: float = network.event("ended")["at"] - network.event("listening")["at"]
    return round(at - len("Nothing") / 15, 2)


def test_the_count_of_digits_ends_it_at_once(network: Network) -> None:
    offer(network, "numDigits='2' action='/got'")
    network.phone.press("42")
    assert got(network) == {"Digits": "42", "FinishedOnKey": ""}
    assert network.event("ended")["at"] == 0


def test_the_finishing_key_ends_it_and_is_not_among_the_digits(network: Network) -> None:
    offer(network, "action='/got'")
    network.phone.press("420#")
    assert got(network) == {"Digits": "420", "FinishedOnKey": "#"}


def test_another_finishing_key_can_be_set(network: Network) -> None:
    offer(network, "finishOnKey='*' action='/got'")
    network.phone.press("4#*")
    assert got(network) == {"Digits": "4#", "FinishedOnKey": "*"}


def test_without_a_finishing_key_every_key_is_a_digit(network: Network) -> None:
    offer(network, "finishOnKey='' action='/got' timeout='3'")
    network.phone.press("4#*")
    network.phone.until_my_move()
    network.phone.silence()
    assert got(network) == {"Digits": "4#*", "FinishedOnKey": ""}


def test_the_finishing_key_alone_is_no_input(network: Network) -> None:
    offer(network, "action='/got'")
    network.phone.press("#")
    network.phone.until("ended")
    assert network.app.to("/got") == []
    assert network.event("said")["text"] == "Nothing"


def test_the_time_runs_out_after_five_seconds_and_the_document_goes_on(network: Network) -> None:
    offer(network, "action='/got'", "<Say>Press a key now</Say>")
    network.phone.silence()
    network.phone.until("ended")
    assert network.app.to("/got") == []
    assert waited(network) == 5


def test_the_timeout_counts_after_the_nested_prompts_have_ended(network: Network) -> None:
    offer(network, "timeout='2'", "<Pause length='7'/>")
    network.phone.silence()
    network.phone.until("ended")
    assert network.event("listening")["at"] == 7
    assert waited(network) == 2


def test_the_timeout_counts_anew_from_the_last_key(network: Network) -> None:
    offer(network, "timeout='4' action='/got'")
    network.phone.wait(3)
    network.phone.until_my_move()
    network.phone.press("1")
    network.phone.until_my_move()
    network.phone.wait(3)
    network.phone.until_my_move()
    network.phone.press("2")
    network.phone.until_my_move()
    network.phone.silence()
    assert got(network)["Digits"] == "12"
    assert network.event("ended")["at"] == 3 + 3 + 4


def test_a_key_during_the_prompt_interrupts_it(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather action='/got' numDigits='1'><Say>A long prompt</Say>"
                                   "<Say>and more</Say></Gather>"))  # fmt: skip
    network.app.on("/got", twiml())
    network.call(ask=["said"])
    network.phone.until_my_move()
    network.phone.press("1")
    assert got(network)["Digits"] == "1"
    assert network.event("ended")["at"] == 0
    assert network.event("said")["text"] == "A long prompt"
    assert "interrupted" in network.kinds()


def test_with_barge_in_off_a_key_during_the_prompt_is_lost(network: Network) -> None:
    network.app.on(
        "/voice", twiml("<Gather bargeIn='false' action='/got'><Say>Listen first</Say></Gather>")
    )
    network.call(ask=["said"])
    network.phone.until_my_move()
    network.phone.press("1")
    network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    assert network.event("lost")["keys"] == "1"
    assert network.app.to("/got") == []


def test_a_key_while_nothing_gathers_is_lost(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Hello</Say><Gather action='/got' numDigits='1'/>"))
    network.call(ask=["said"])
    network.phone.until_my_move()
    network.phone.press("1")
    network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    assert network.event("lost")["keys"] == "1"


def test_words_are_sent_as_speech_with_a_confidence(network: Network) -> None:
    offer(network, "input='speech' action='/got'")
    network.phone.say("my invoice")
    assert got(network) == {"SpeechResult": "my invoice", "Confidence": "0.9"}


def test_the_speaker_can_be_hard_to_understand(network: Network) -> None:
    offer(network, "input='dtmf speech' action='/got'")
    network.phone.say("my invoice", confidence=0.25)
    assert got(network)["Confidence"] == "0.25"


def test_words_are_lost_when_only_keys_are_wanted(network: Network) -> None:
    offer(network, "action='/got' timeout='3'")
    network.phone.say("my invoice")
    network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    assert network.event("lost")["text"] == "my invoice"
    assert waited(network) == 3


def test_keys_are_lost_when_only_speech_is_wanted(network: Network) -> None:
    offer(network, "input='speech' action='/got'")
    network.phone.press("1")
    network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    assert network.event("lost")["keys"] == "1"


def test_with_both_kinds_keys_that_came_first_win(network: Network) -> None:
    offer(network, "input='dtmf speech' numDigits='2' action='/got'")
    network.phone.press("1")
    network.phone.until_my_move()
    network.phone.say("invoice")
    network.phone.until_my_move()
    network.phone.press("2")
    assert got(network) == {"Digits": "12", "FinishedOnKey": ""}


def test_with_both_kinds_speech_that_came_first_wins(network: Network) -> None:
    offer(network, "input='dtmf speech' action='/got'")
    network.phone.say("invoice")
    network.phone.press("1#")
    assert got(network) == {"SpeechResult": "invoice", "Confidence": "0.9"}


@pytest.mark.parametrize(
    ("attributes", "silence"),
    [("timeout='7'", 7), ("timeout='7' speechTimeout='3'", 3), ("speechTimeout='auto'", 1)],
)
def test_speech_is_over_after_the_speech_timeout(
    network: Network, attributes: str, silence: float
) -> None:
    offer(network, f"input='speech' action='/got' {attributes}")
    network.phone.say("fifteen letters")
    got(network)
    assert network.event("ended")["at"] == 1 + silence


def test_speech_is_cut_after_its_longest_time(network: Network) -> None:
    offer(network, "input='speech' action='/got' speechTimeout='1'")
    network.phone.say("a" * 2000)
    assert len(got(network)["SpeechResult"]) == 60 * 15
    assert network.event("ended")["at"] == 61


def test_what_is_recognised_so_far_goes_to_the_partial_result_callback(network: Network) -> None:
    network.app.on("/partial", twiml("<Say>Ignored</Say>"))
    offer(network, "input='speech' action='/got' partialResultCallback='/partial'")
    network.phone.say("about my latest invoice please thanks")
    assert got(network)["SpeechResult"] == "about my latest invoice please thanks"
    partial = [r.fields["UnstableSpeechResult"] for r in network.app.wait_for("/partial", 3)]
    assert partial == [
        "about my", "about my latest invoice", "about my latest invoice please thanks",
    ]  # fmt: skip
    assert "said" not in network.kinds()


def test_without_action_the_current_document_is_requested_again(network: Network) -> None:
    offer(network, "numDigits='1'")
    network.phone.press("7")
    network.phone.until_my_move()
    network.phone.hang_up()
    network.phone.until("ended")
    assert [request.fields.get("Digits") for request in network.app.to("/voice")] == [None, "7"]


def test_silence_requests_the_action_when_an_empty_result_is_wanted(network: Network) -> None:
    offer(network, "actionOnEmptyResult='true' action='/got'")
    network.phone.silence()
    assert got(network) == {"FinishedOnKey": ""}


def test_an_empty_result_can_bear_empty_digits(app: Application) -> None:
    app.on("/voice", twiml("<Gather actionOnEmptyResult='true' action='/got'/>"))
    app.on("/got", twiml())
    line = Line(LINE, f"{app.base}/voice")
    settings = Settings(empty_gather_sends_digits=True)
    carrier = EmbeddedCarrier(Directory({LINE: line}), settings, SteppedClock())
    with carrier, carrier.phone() as phone:
        phone.dial(LINE)
        phone.until_my_move()
        phone.silence()
        phone.until("ended")
    assert app.fields("/got")["Digits"] == ""


def test_action_and_method_may_be_relative_and_get(network: Network) -> None:
    offer(network, "action='got?x=1' method='GET' numDigits='1'")
    network.phone.press("1")
    network.phone.until("ended")
    (request,) = network.app.to("/got")
    assert (request.method, request.fields["x"], request.fields["Digits"]) == ("GET", "1", "1")


def test_the_listener_is_told_what_is_wanted(network: Network) -> None:
    offer(network, "input='dtmf speech' numDigits='1' hints='invoice, moving house' timeout='8' "
                   "language='fi-FI' action='/got'")  # fmt: skip
    listening = network.event("listening")
    assert listening["hints"] == ["invoice", "moving house"]
    assert listening["input"] == ["dtmf", "speech"]
    assert (listening["num_digits"], listening["timeout"]) == (1, 8)
    assert listening["language"] == "fi-FI"


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ("language='xx-XX'", 13331),
        ("input='speech' speechModel='numbers_and_commands' speechTimeout='auto'", 13335),
        ("input='speech' hints='" + ",".join(["word"] * 501) + "'", 13330),
        ("input='speech' hints='" + "a" * 101 + "'", 13330),
    ],
)
def test_what_twilio_cannot_recognise_fails_the_gather(
    network: Network, attributes: str, code: int
) -> None:
    network.app.on("/voice", twiml(f"<Gather {attributes}><Say>Prompt</Say></Gather>", AFTER))
    network.call()
    assert network.hear_all() == ["Nothing"]
    assert network.codes() == [code]


def test_a_speech_model_with_a_numeric_timeout_is_fine(network: Network) -> None:
    offer(network, "input='speech' speechModel='default' speechTimeout='2' action='/got'")
    network.phone.say("hello")
    assert got(network)["SpeechResult"] == "hello"


def test_play_digits_is_not_allowed_inside(network: Network) -> None:
    offer(network, "timeout='1'", "<Play digits='1'/>")
    network.phone.hang_up()
    network.phone.until("ended")
    assert network.codes() == [13320]
    assert "tones" not in network.kinds()
