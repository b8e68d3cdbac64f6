"""`ringback carrier`: a look inside from the terminal, through the command itself."""

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner

from ivr.cli.carrier import carrier as command
from ivr.simulator import Directory, EmbeddedCarrier, Line, SteppedClock
from ivr.simulator.messaging.services import Service
from tests.simulator.application import CALLER, LINE, TEAM, Application, Network, twiml


@pytest.fixture
def network() -> Iterator[Network]:
    with Application() as app:
        app.on("/voice", twiml(f"<Say loud='yes'>Hello</Say><Dial>{TEAM}</Dial>"))
        app.on("/text", twiml("<Message>Got it</Message>"))
        line = Line(LINE, f"{app.base}/voice", sms_url=f"{app.base}/text")
        company = EmbeddedCarrier(Directory({LINE: line}), clock=SteppedClock())
        with company, company.phone() as phone:
            yield Network(company, app, phone)


def look(network: Network, *arguments: str) -> str:
    result = CliRunner().invoke(command, ["--carrier", network.carrier.url, *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def phone(network: Network) -> str:
    """A call that dials somebody who is busy; its SID."""
    network.call(people={TEAM: "busy"})
    return str(network.phone.until("ended")[-1]["call_sid"])


def test_calls_stand_with_the_legs_that_were_dialled_from_them(network: Network) -> None:
    first, second = phone(network), phone(network)
    lines = look(network, "calls").splitlines()
    assert len(lines) == 4
    assert first in lines[0] and second in lines[2]
    assert lines[0].endswith("[12200]")
    assert "+46 70 174 06 05 -> +46 8 465 004 00  completed" in lines[0]
    assert "    +46 70 174 06 05 -> +46 8 465 004 10  busy" in lines[1]


def test_one_call_is_told_in_order(network: Network) -> None:
    phone(network)
    sid = phone(network)
    told = look(network, "calls", "--call", sid)
    order = ["(voice): POST", "warning: 12200", "Answered", "Hears: Hello [en-US]",
             f"Dials {TEAM}", "The Dial is over",
             "Over: the document ended"]  # fmt: skip
    assert sorted(order, key=told.index) == order


def test_requests_and_notes_can_be_narrowed_to_one_call(network: Network) -> None:
    first, second = phone(network), phone(network)
    assert len(look(network, "requests").splitlines()) == 2
    (request,) = look(network, "requests", "--call", second).splitlines()
    assert re.search(r"POST http://127.0.0.1:\d+/voice -> 200 in \d+ ms$", request)
    (note,) = look(network, "notes", "--call", first).splitlines()
    assert "warning 12200: " in note
    assert note.endswith("/errors/12200")


def test_everything_can_be_had_as_json(network: Network) -> None:
    sid = phone(network)
    (request,) = map(json.loads, look(network, "requests", "--json").splitlines())
    assert (request["call_sid"], request["status"]) == (sid, 200)


def test_a_queue_a_conference_a_text_and_a_fault_are_shown(network: Network) -> None:
    app = network.app
    app.on("/voice", twiml("<Enqueue waitUrl='/wait'>support</Enqueue>"))
    app.on("/wait", twiml("<Gather/>"))
    network.call()
    network.phone.until_my_move()
    with network.carrier.phone() as other:
        other.dial(f"{app.base}/room", CALLER)
        app.on("/room", twiml("<Dial><Conference waitUrl=''>Morning</Conference></Dial>"))
        other.until("joined")
        other.text(LINE, "Hello", CALLER)
        app.wait_for("/text")
        assert re.match(r"support  1 of at most \d+ wait, 0 s on average", look(network, "queues"))
        assert "  1. +46 70 174 06 05  waits 0 s  CA" in look(network, "queues")
        assert look(network, "conferences").startswith("Morning  init  CF")
        assert "  +46 70 174 06 05  connected  CA" in look(network, "conferences")
        assert "received, 1 segment  SM" in look(network, "messages").splitlines()[0]
    network.carrier.carrier.faults.add({"strikes": "callbacks", "does": "repeated"})
    assert "callbacks: repeated, before" in look(network, "faults")


def test_a_text_whose_sender_is_yet_to_be_chosen_is_shown_with_its_service(
    network: Network,
) -> None:
    network.app.on("/voice", twiml("<Gather/>"))
    network.call()
    network.phone.until_my_move()  # while somebody thinks, time stands still
    service = Service("waiting", "MG" + "1" * 32, senders=(LINE,))
    network.carrier.carrier.directory.services[service.sid] = service
    tomorrow = network.carrier.carrier.clock.now() + timedelta(days=1)
    network.twilio().messages.create(
        to=CALLER, messaging_service_sid=service.sid, body="Later", send_at=tomorrow,
        schedule_type="fixed",
    )  # fmt: skip
    assert f"{service.sid} -> +46 70 174 06 05  scheduled" in look(network, "messages")


def test_what_is_new_is_shown_as_it_comes(network: Network) -> None:
    code = "from ivr.cli import main; main()"
    arguments = ["carrier", "--carrier", network.carrier.url, "requests", "--follow"]
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code, *arguments], stdout=subprocess.PIPE, text=True
    ) as follower:
        assert follower.stdout is not None
        overdue = threading.Timer(40, follower.kill)
        overdue.start()
        try:
            for _ in range(2):
                sid = phone(network)
                assert sid in follower.stdout.readline()
        finally:
            overdue.cancel()
            follower.terminate()


def test_without_a_telephone_company_one_sentence_says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = CliRunner().invoke(command, ["--carrier", url, "calls"])
    assert result.exit_code == 2
    assert result.output == (
        f"Error: No telephone company answers at {url}; start one with `ringback run` or "
        "`ringback carrier serve`, or name it with --carrier.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["calls", "--call", "CA0"], "No call CA0 is remembered."),
        (["calls", "--call", "a/../b"], "No call a/../b is remembered."),
    ],
)
def test_a_call_that_is_not_known_is_said_to_be(
    network: Network, arguments: list[str], sentence: str
) -> None:
    result = CliRunner().invoke(command, ["--carrier", network.carrier.url, *arguments])
    assert (result.exit_code, result.output) == (2, f"Error: {sentence}\n")


def test_another_server_is_told_from_a_telephone_company(network: Network) -> None:
    result = CliRunner().invoke(command, ["--carrier", network.app.base, "calls"])
    assert result.exit_code == 2
    assert "is no telephone company of ours" in result.output


def test_an_address_that_is_none_is_refused_in_one_sentence() -> None:
    result = CliRunner().invoke(command, ["--carrier", "nowhere", "calls"])
    assert result.exit_code == 2
    assert result.output == "Error: --carrier: 'nowhere' is no http:// or https:// address.\n"


def test_serve_is_the_program_by_another_name() -> None:
    result = CliRunner().invoke(command, ["serve", "--account-sid", "x"])
    assert result.exit_code == 2
    assert "--account-sid: write AC and 32 hexadecimal digits" in result.output
