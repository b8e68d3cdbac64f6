"""Say, Play and Pause: what is heard, and for how long."""

import io
import wave

import pytest
from werkzeug import Response

from ivr.simulator.twiml.document import parse
from ivr.simulator.twiml.speech import flatten
from tests.simulator.application import Network, twiml


def wav(seconds: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * int(8000 * seconds))
    return out.getvalue()


def heard(network: Network, *verbs: str) -> list[str]:
    network.app.on("/voice", twiml(*verbs))
    network.call()
    return network.hear_all()


def lasted(network: Network) -> float:
    at: float = network.event("ended")["at"]
    return at


def test_speech_lasts_as_long_as_its_characters_take(network: Network) -> None:
    heard(network, f"<Say>{'a' * 150}</Say>")
    assert lasted(network) == 10


def test_ssml_is_flattened_for_the_listener() -> None:
    words = (
        "Your <emphasis>invoice</emphasis> of <say-as interpret-as='date'>2026-11-23</say-as>"
        "<break time='300ms'/> is <sub alias='forty euros'>40 EUR</sub> . <p>One</p><s>Two</s>"
    )
    (say,) = parse(twiml(f"<Say>{words}</Say>").encode())
    assert flatten(say, 15).text == "Your invoice of 2026-11-23 is forty euros. One Two"


def test_breaks_and_slow_speech_take_their_time() -> None:
    (plain,) = parse(twiml("<Say>Hello there</Say>").encode())
    (broken,) = parse(twiml("<Say>Hello <break time='2s'/> there</Say>").encode())
    (slow,) = parse(twiml("<Say><prosody rate='slow'>Hello there</prosody></Say>").encode())
    assert flatten(broken, 11).seconds == flatten(plain, 11).seconds + 2
    assert flatten(slow, 11).seconds > flatten(plain, 11).seconds
    assert flatten(slow, 11).slow
    assert not flatten(plain, 11).slow


def test_the_listener_is_told_language_and_voice(network: Network) -> None:
    heard(network, "<Say language='sv-SE' voice='Polly.Elin-Neural'>Hej</Say>")
    said = network.event("said")
    assert (said["language"], said["voice"]) == ("sv-SE", "Polly.Elin-Neural")


def test_without_a_language_the_voice_decides(network: Network) -> None:
    heard(network, "<Say voice='Google.nb-NO-Wavenet-A'>Hei</Say>")
    assert network.event("said")["language"] == "nb-NO"


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ("voice='Polly.Nobody'", 13511),
        ("voice='alice'", 13511),
        ("language='xx-XX'", 13512),
        ("language='fi-FI' voice='Google.sv-SE-Standard-A'", 13512),
        ("language='fi-FI' voice='Polly.Elin-Neural'", 13512),
    ],
)
def test_a_voice_or_language_that_twilio_lacks_is_not_heard(
    network: Network, attributes: str, code: int
) -> None:
    assert heard(network, f"<Say {attributes}>Lost</Say>", "<Say>Heard</Say>") == ["Heard"]
    assert network.codes() == [code]


@pytest.mark.parametrize(
    ("voice", "limit"),
    [("man", 4096), ("Polly.Joanna-Neural", 3000), ("Google.fi-FI-Standard-A", 5000)],
)
def test_text_longer_than_the_voice_allows_is_not_heard(
    network: Network, voice: str, limit: int
) -> None:
    longest, longer = "a" * limit, "a" * (limit + 1)
    assert heard(network, *(f"<Say voice='{voice}'>{t}</Say>" for t in (longest, longer))) == [
        longest
    ]
    assert network.codes() == [13521]


def test_empty_text_is_not_heard(network: Network) -> None:
    assert heard(network, "<Say> </Say>") == []
    assert network.codes() == [13520]


def test_loop_repeats_and_zero_means_a_thousand_rounds(network: Network) -> None:
    assert heard(network, "<Say loop='3'>Wait</Say>") == ["Wait"] * 3
    assert len(heard(network, "<Say loop='0'>Wait</Say>")) == 1000


def test_pause_is_one_second_unless_told_otherwise(network: Network) -> None:
    heard(network, "<Pause/>", "<Pause length='4'/>")
    assert lasted(network) == 5


def test_a_file_is_fetched_without_any_field_and_lasts_as_long_as_it_is(network: Network) -> None:
    network.app.on("/hello.wav", Response(wav(3), mimetype="audio/wav"))
    heard(network, f"<Play>{network.app.base}/hello.wav</Play>")
    (request,) = network.app.to("/hello.wav")
    assert (request.method, request.fields) == ("GET", {})
    assert network.event("played")["seconds"] == 3
    assert lasted(network) == 3


def test_play_takes_no_relative_address(network: Network) -> None:
    assert heard(network, "<Play>/hello.wav</Play>", "<Say>On</Say>") == ["On"]
    assert network.codes() == [11100]
    assert network.app.to("/hello.wav") == []


def test_a_file_that_is_not_there_is_skipped(network: Network) -> None:
    assert heard(network, f"<Play>{network.app.base}/gone.mp3</Play>", "<Say>On</Say>") == ["On"]
    assert network.codes() == [11200]


def test_a_file_that_is_no_sound_is_skipped(network: Network) -> None:
    network.app.on("/page", Response("<p>", mimetype="text/html"))
    assert heard(network, f"<Play>{network.app.base}/page</Play>", "<Say>On</Say>") == ["On"]
    assert network.codes() == [13420]


def test_play_digits_sends_tones_with_half_and_whole_seconds_of_pause(network: Network) -> None:
    heard(network, "<Play digits='wW1'/>")
    assert network.event("tones")["digits"] == "wW1"
    assert lasted(network) == pytest.approx(1.7)


def test_a_sound_as_the_whole_answer_is_played_and_the_call_ends(network: Network) -> None:
    network.app.on("/voice", Response(wav(2), mimetype="audio/wav"))
    network.call()
    assert network.hear_all() == []
    assert network.event("played")["url"] == f"{network.app.base}/voice"
    assert network.event("ended")["reason"] == "the document ended"
