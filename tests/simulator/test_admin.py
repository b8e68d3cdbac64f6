"""A look inside a running telephone company."""

import json
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import ivr.simulator
from ivr.simulator.journal import HAPPENINGS, Journal
from ivr.simulator.timeline import SENTENCES
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


def test_a_call_is_one_timeline_in_the_order_in_which_things_came_about(network: Network) -> None:
    network.app.on("/voice", twiml("<Gather numDigits='1' action='/on'><Say>Press</Say></Gather>"))
    network.app.on("/on", twiml(f"<Say loud='yes'>Thanks</Say><Dial>{TEAM}</Dial>"))
    network.call(people={TEAM: "busy"})
    network.phone.until_my_move()
    network.phone.press("1")
    sid = network.phone.until("ended")[-1]["call_sid"]
    story = look(network, f"/calls/{sid}")
    caller, team = story["calls"]
    assert (caller["sid"], team["parent"]) == (sid, sid)
    told = [(entry["kind"], entry["call_sid"] == sid) for entry in story["timeline"]]
    assert told == [
        ("request", True), ("answered", True), ("said", True), ("listening", True), ("did", True),
        ("request", True), ("warning", True), ("said", True), ("dialling", True),
        ("placed", False), ("ended", False), ("dial_ended", True), ("ended", True),
    ]  # fmt: skip
    times = [entry["after"] for entry in story["timeline"]]
    assert times == sorted(times)
    (note,) = [entry["note"] for entry in story["timeline"] if entry["kind"] == "warning"]
    assert note["page"].endswith("/12200")


def test_what_nobody_listened_to_stands_in_the_timeline(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Hello</Say>", "<Gather/>"))
    network.call(ask=["answered"])
    network.phone.until_my_move()
    network.phone.press("7")
    sid = network.phone.until_my_move()[-1]["call_sid"]
    (key,) = [e for e in look(network, f"/calls/{sid}")["timeline"] if e["kind"] == "did"]
    assert key["beside"]
    assert key["text"] == "The person presses 7 (nobody listens: lost)"


def test_the_request_that_made_a_call_belongs_to_it(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Hello</Say>"))
    look(network, "/people", {TEAM: "answers"})
    call = network.twilio().calls.create(to=TEAM, from_=LINE, url=f"{network.app.base}/voice")
    eventually(
        lambda: look(network, f"/calls?call={call.sid}")["calls"][0]["status"] == "completed"
    )
    first, *_ = look(network, f"/calls/{call.sid}")["timeline"]
    assert first["request"]["direction"] == "in"
    assert ["To", TEAM] in first["request"]["fields"]


def test_a_call_that_is_not_remembered_is_answered_with_a_sentence(network: Network) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        look(network, "/calls/CA0")
    with raised.value as error:
        assert (error.code, error.read()) == (404, b"no call CA0 is remembered\n")


def test_the_overview_shows_the_newest_calls_first_each_with_its_legs(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    sids = []
    for _ in range(3):
        network.call(people={TEAM: "busy"})
        sids.append(network.phone.until("ended")[-1]["call_sid"])
    overview = look(network, "/overview?calls=2")
    assert [leg["sid"] for leg in overview["shown"] if not leg["parent"]] == [sids[2], sids[1]]
    assert [leg["parent"] for leg in overview["shown"]] == [None, sids[2], None, sids[1]]
    assert overview["remembered"] == 6


def test_the_overview_can_leave_out_what_is_over(network: Network) -> None:
    network.app.on("/voice", twiml())
    network.call()
    network.phone.until("ended")
    network.app.on("/voice", twiml("<Gather/>"))
    network.call()
    sid = network.phone.until_my_move()[-1]["call_sid"]
    assert [leg["sid"] for leg in look(network, "/overview?live=1")["shown"]] == [sid]
    assert len(look(network, "/overview")["shown"]) == 2


def test_lists_can_be_cut_to_the_last_few(network: Network) -> None:
    network.app.on("/voice", twiml())
    for _ in range(3):
        network.call()
        network.phone.until("ended")
    every = look(network, "/requests")["requests"]
    assert look(network, "/requests?last=2")["requests"] == every[-2:]
    assert look(network, "/requests?last=0")["requests"] == []
    assert look(network, "/requests?direction=in")["requests"] == []
    with pytest.raises(urllib.error.HTTPError) as raised:
        look(network, "/requests?last=few")
    with raised.value as error:
        assert error.read() == b"last: 'few' is no whole number\n"


def test_segments_are_counted_for_a_page(network: Network) -> None:
    assert look(network, "/segments", {"body": "x" * 161}) == {"encoding": "GSM-7", "segments": 2}
    assert look(network, "/segments", {"body": "д"}) == {"encoding": "UCS-2", "segments": 1}


def test_live_telephones_are_named_among_the_people(network: Network) -> None:
    network.phone.register(TEAM)
    assert look(network, "/people")["people"] == [
        {"number": TEAM, "is": "a telephone"}, {"number": "*", "is": "no answer"},
    ]  # fmt: skip


def test_the_timeline_forgets_the_oldest() -> None:
    journal = Journal(limit=2)
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    for number in range(20):
        journal.happened(now, "CA1", "said", {"text": str(number)})
    assert len(journal.timeline) == 2 * HAPPENINGS
    assert journal.entries == 20


def test_pages_of_other_sites_are_kept_out(network: Network) -> None:
    own = network.carrier.url
    for path in ("/people", "/handset", "/overview"):
        request = urllib.request.Request(f"{own}/_carrier{path}", headers={"Origin": "null"})
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(request)
        with raised.value as error:
            assert error.code == 403
            assert error.read() == b"pages of null may not ask this telephone company\n"
    request = urllib.request.Request(f"{own}/_carrier/overview", headers={"Origin": own})
    with urllib.request.urlopen(request) as response:
        assert response.status == 200


EVENT = re.compile(r"""\.tell\(\s*"([a-z_]+)\"""")


def test_everything_that_is_told_to_a_leg_has_a_sentence() -> None:
    folder = Path(ivr.simulator.__file__).parent
    told = {kind for path in folder.glob("**/*.py") for kind in EVENT.findall(path.read_text())}
    on_the_telephone_only = {"dialled", "ringing", "ring", "lost", "request"}
    assert told - on_the_telephone_only - set(SENTENCES) == set()
