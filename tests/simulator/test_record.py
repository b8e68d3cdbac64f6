"""Record: beep, speech, silence, keys and hang-up."""

import io
import urllib.request
import wave
from array import array

import pytest

from tests.simulator.application import Network, twiml


def record(network: Network, attributes: str = "action='/done'") -> None:
    """Phone a line that records, up to the caller's first move."""
    network.app.on("/voice", twiml(f"<Record {attributes}/>", "<Say>Nothing recorded</Say>"))
    network.app.on("/done", twiml("<Say>Thank you</Say>")).on("/recorded", "")
    network.call()
    network.phone.until_my_move()


def result(network: Network) -> dict[str, str]:
    fields = network.app.wait_for("/done")[0].fields
    names = ("RecordingUrl", "RecordingDuration", "Digits")
    return {name: fields[name] for name in names if name in fields}


def sound(url: str) -> tuple[float, list[bool]]:
    """The length of a WAV file, and for each second whether there is anything to hear."""
    with urllib.request.urlopen(url) as response, wave.open(io.BytesIO(response.read())) as file:
        rate = file.getframerate()
        samples = array("h", file.readframes(file.getnframes()))
    loud = [any(samples[i * rate : (i + 1) * rate]) for i in range(len(samples) // rate)]
    return len(samples) / rate, loud


def test_silence_ends_it_and_is_trimmed(network: Network) -> None:
    record(network)
    network.phone.speak(12)
    network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    told = result(network)
    assert told["RecordingDuration"] == "12"
    assert "Digits" not in told
    assert network.event("recorded")["at"] == 0.5 + 12 + 5


def test_speaking_again_makes_the_silence_count_anew(network: Network) -> None:
    record(network)
    for _ in range(2):
        network.phone.speak(2)
        network.phone.until_my_move()
        network.phone.wait(4)
        network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    assert result(network)["RecordingDuration"] == "8"
    assert network.event("recorded")["at"] == 0.5 + 2 + 4 + 2 + 5


def test_the_recording_is_a_sound_file_of_that_length(network: Network) -> None:
    record(network, "action='/done' trim='do-not-trim' timeout='3'")
    network.phone.speak(2)
    network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    told = result(network)
    assert told["RecordingDuration"] == "5"
    assert sound(told["RecordingUrl"]) == (5.0, [True, True, False, False, False])
    assert sound(told["RecordingUrl"] + ".wav")[0] == 5.0


def test_any_key_ends_it(network: Network) -> None:
    record(network)
    network.phone.speak(4)
    network.phone.until_my_move()
    network.phone.press("5")
    network.phone.until("ended")
    assert result(network)["Digits"] == "5"
    assert network.event("said")["text"] == "Thank you"


def test_only_the_finishing_keys_end_it(network: Network) -> None:
    record(network, "action='/done' finishOnKey='#'")
    network.phone.speak(4)
    network.phone.until_my_move()
    network.phone.press("5")
    network.phone.until_my_move()
    network.phone.press("#")
    network.phone.until("ended")
    assert result(network)["Digits"] == "#"


def test_a_hang_up_ends_it_and_the_action_is_told(network: Network) -> None:
    record(network)
    network.phone.speak(7)
    network.phone.until_my_move()
    network.phone.hang_up()
    network.phone.until("ended")
    told = result(network)
    assert (told["Digits"], told["RecordingDuration"]) == ("hangup", "7")
    assert network.app.to("/done")[0].fields["CallStatus"] == "completed"
    assert "said" not in network.kinds()


def test_the_longest_time_ends_it(network: Network) -> None:
    record(network, "action='/done' maxLength='10'")
    network.phone.speak(60)
    network.phone.until("ended")
    assert result(network)["RecordingDuration"] == "10"


def test_an_empty_recording_is_not_told_and_the_document_goes_on(network: Network) -> None:
    record(network)
    network.phone.silence()
    network.phone.until("ended")
    assert network.app.to("/done") == []
    assert network.event("said")["text"] == "Nothing recorded"


def test_without_action_the_current_document_is_requested_again(network: Network) -> None:
    record(network, "")
    network.phone.speak(3)
    network.phone.until_my_move()
    network.phone.press("#")
    network.phone.until_my_move()
    network.phone.hang_up()
    network.phone.until("ended")
    assert [r.fields.get("RecordingDuration") for r in network.app.to("/voice")] == [None, "3"]


@pytest.mark.parametrize(("attribute", "beeps"), [("", 1), ("playBeep='false'", 0)])
def test_it_beeps_unless_told_not_to(network: Network, attribute: str, beeps: int) -> None:
    record(network, f"action='/done' {attribute}")
    assert network.kinds().count("beep") == beeps


def test_words_are_speech_too(network: Network) -> None:
    record(network)
    network.phone.say("a" * 45)
    network.phone.until_my_move()
    network.phone.press("#")
    network.phone.until("ended")
    assert result(network)["RecordingDuration"] == "3"


def test_the_recording_status_callback_tells_when_it_is_done(network: Network) -> None:
    record(network, "action='/done' recordingStatusCallback='/recorded'")
    network.phone.speak(6)
    network.phone.until_my_move()
    network.phone.silence()
    network.phone.until("ended")
    (request,) = network.app.wait_for("/recorded")
    fields = request.fields
    assert fields["CallSid"] == network.app.to("/voice")[0].fields["CallSid"]
    assert fields["RecordingUrl"].endswith(fields["RecordingSid"])
    assert fields["RecordingStartTime"].endswith("+0000")
    expected = {"RecordingStatus": "completed", "RecordingDuration": "6", "RecordingChannels": "1",
                "RecordingSource": "RecordVerb"}  # fmt: skip
    assert fields.items() >= expected.items()


def test_the_recording_status_callback_can_tell_of_every_state(network: Network) -> None:
    record(network, "action='/done' recordingStatusCallback='/recorded' "
                    "recordingStatusCallbackEvent='in-progress completed absent'")  # fmt: skip
    network.phone.silence()
    network.phone.until("ended")
    told = [request.fields["RecordingStatus"] for request in network.app.wait_for("/recorded", 2)]
    assert told == ["in-progress", "absent"]
