"""A look inside a running telephone company."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.simulator.application import CALLER, LINE, TEAM, Network, eventually, twiml


def look(network: Network, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{network.carrier.url}/_carrier{path}", data)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def test_health_tells_the_clock_and_how_many_calls_there_are(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather/>"))
    network.call()
    network.phone.until_my_move()
    assert look(network, "/health") == {"status": "ok", "clock": "stepped", "calls": 1}


def test_the_lines_are_told_in_order(network: Network) -> None:
    assert look(network, "/lines") == {
        "lines": [{"number": LINE, "voice_url": f"{network.app.base}/voice"}]
    }


def test_every_request_each_way_is_kept_with_what_was_answered(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Hello</Say>"))
    network.call()
    sid = network.phone.until("ended")[-1]["call_sid"]
    network.twilio().calls(sid).fetch()
    webhook, rest = look(network, f"/requests?call={sid}")["requests"]
    assert (webhook["direction"], webhook["purpose"], webhook["status"]) == ("out", "voice", 200)
    assert webhook["body"] == twiml("<Say>Hello</Say>")
    assert ["From", CALLER] in webhook["fields"]
    assert (rest["direction"], rest["method"], rest["status"]) == ("in", "GET", 200)
    assert look(network, "/requests?purpose=action") == {"requests": []}


def test_calls_and_notes_say_what_went_wrong(network: Network) -> None:
    network.app.on("/voice", twiml("<Say loud='yes'>Hello</Say>"))
    network.call()
    sid = network.phone.until("ended")[-1]["call_sid"]
    (call,) = look(network, "/calls")["calls"]
    assert (call["sid"], call["status"], call["codes"]) == (sid, "completed", [12200])
    (note,) = look(network, f"/notes?call={sid}")["notes"]
    assert (note["level"], note["code"]) == ("warning", 12200)
    assert look(network, "/notes?call=CA0") == {"notes": []}


def test_a_person_played_by_script_can_phone_a_line(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather numDigits='1' action='/next'><Say>Hi</Say></Gather>"))
    network.app.on("/next", twiml("<Gather input='speech' action='/last'/>"))
    network.app.on("/last", twiml())
    person = {"then": [{"presses": 2}, {"says": "goodbye"}]}
    look(network, "/calls", {"from": CALLER, "to": LINE, "person": person})
    assert network.app.wait_for("/next")[0].fields["Digits"] == "2"
    assert network.app.wait_for("/last")[0].fields["SpeechResult"] == "goodbye"


def test_people_can_be_put_behind_numbers(network: Network) -> None:
    assert look(network, "/people", {TEAM: "busy"}) == {"people": [TEAM]}
    assert network.carrier.carrier.directory.people[TEAM].does == "busy"


def test_the_clock_can_be_moved(network: Network) -> None:
    assert look(network, "/clock", {"advance": 90}) == {"now": "2026-11-23T09:01:30+00:00"}


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/calls", {"from": CALLER, "to": TEAM}, f"{TEAM} is no line of this network"),
        ("/people", {TEAM: "asleep"}, "'asleep' is none of"),
        ("/clock", {"advance": "soon"}, "advance: write a number of seconds"),
        ("/clock", [1], "the body is no JSON object"),
    ],
)
def test_what_makes_no_sense_is_answered_with_a_sentence(
    network: Network, path: str, body: Any, sentence: str
) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        look(network, path, body)
    with raised.value as error:
        assert error.code == 400
        assert sentence in error.read().decode()


def test_the_journal_forgets_the_oldest(network: Network) -> None:
    network.app.on("/voice", twiml())
    journal = network.carrier.carrier.journal
    assert journal.exchanges.maxlen == 5000
    network.call()
    network.phone.until("ended")
    eventually(lambda: len(journal.exchanges) == 1)


def test_finished_calls_are_forgotten_in_time(network: Network) -> None:
    network.app.on("/voice", twiml())
    calls = network.carrier.carrier.calls
    calls._remembered = 2
    for _ in range(4):
        network.call()
        network.phone.until("ended")
    assert len(calls.all()) == 2
