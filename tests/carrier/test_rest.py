"""Twilio's own client against a server that answers as its API does, and as it does not."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ivr.carrier.rest import (
    BusyError,
    CallStatus,
    Carrier,
    CarrierError,
    GoneError,
    PermanentError,
    RecordingStatus,
    RefusedError,
    TemporaryError,
    UnknownError,
    connect,
)

ACCOUNT = "AC" + "0" * 32
TOKEN = "a secret token"
CALL = "CA" + "1" * 32
RECORDING = "RE" + "2" * 32
BASE = f"/2010-04-01/Accounts/{ACCOUNT}"


class Api(ThreadingHTTPServer):
    """Answers with what the test has put up, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, tuple[int, str, dict[str, str]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.changed: list[tuple[str, str]] = []
        self.hangs = threading.Event()
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def put_up(self, path: str, status: int, body: object) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.answers[path] = (status, text, {})


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.changed.append((self.path, form))
        self.do_GET()

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization", "")))
        if self.server.hangs.is_set():
            self.server.released.wait(30)
            return
        status, body, headers = self.server.answers[self.path]
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def api() -> Iterator[Api]:
    server = Api()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def carrier(api: Api) -> Carrier:
    return connect(ACCOUNT, TOKEN, base_url=api.url)


def test_the_state_of_a_call_is_asked_for_with_our_credentials(api: Api, carrier: Carrier) -> None:
    api.put_up(f"{BASE}/Calls/{CALL}.json", 200, {"status": "completed", "duration": "61"})
    assert carrier.call_status(CALL) == CallStatus("completed", 61)
    credentials = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert api.asked == [(f"{BASE}/Calls/{CALL}.json", f"Basic {credentials}")]


def test_a_call_under_way_has_no_length_yet(api: Api, carrier: Carrier) -> None:
    api.put_up(f"{BASE}/Calls/{CALL}.json", 200, {"status": "in-progress", "duration": None})
    assert carrier.call_status(CALL) == CallStatus("in-progress", None)


def test_the_state_of_a_recording_is_asked_for(api: Api, carrier: Carrier) -> None:
    path = f"{BASE}/Recordings/{RECORDING}.json"
    api.put_up(path, 200, {"status": "completed", "duration": "12"})
    assert carrier.recording_status(RECORDING) == RecordingStatus("ready", 12)


def test_the_party_that_was_rung_is_let_go(api: Api, carrier: Carrier) -> None:
    leg = "CA" + "3" * 32
    listed = {"calls": [{"sid": leg, "status": "in-progress"}], "next_page_uri": None}
    query = f"ParentCallSid={CALL}&Status=in-progress"
    api.put_up(f"{BASE}/Calls.json?{query}", 200, listed)
    api.put_up(f"{BASE}/Calls/{leg}.json", 200, {"sid": leg, "status": "completed"})
    carrier.end_talk(CALL)
    assert api.changed == [(f"{BASE}/Calls/{leg}.json", "Status=completed")]


@pytest.mark.parametrize(("status", "kind"), [(429, BusyError), (401, RefusedError)])
def test_a_list_that_is_refused_is_told_apart_too(
    api: Api, carrier: Carrier, status: int, kind: type[CarrierError]
) -> None:
    problem = {"code": None, "message": "No.", "status": status}
    api.put_up(f"{BASE}/Calls.json?ParentCallSid={CALL}&Status=in-progress", status, problem)
    with pytest.raises(kind):
        carrier.end_talk(CALL)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, 20404, GoneError),
        (410, None, GoneError),
        (401, 20003, RefusedError),
        (403, 20006, RefusedError),
        (400, 20001, PermanentError),
        (429, 20429, BusyError),
        (500, 20500, UnknownError),
        (503, 20503, UnknownError),
    ],
)
def test_failures_are_told_apart(
    api: Api, carrier: Carrier, status: int, code: int | None, kind: type[CarrierError]
) -> None:
    problem = {"code": code, "message": "No.", "more_info": "", "status": status}
    api.put_up(f"{BASE}/Calls/{CALL}.json", status, problem)
    with pytest.raises(CarrierError) as raised:
        carrier.call_status(CALL)
    assert type(raised.value) is kind
    assert raised.value.code == code
    assert TOKEN not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_failure_in_the_newer_form_is_told_apart_too(api: Api, carrier: Carrier) -> None:
    path = f"{BASE}/Calls/{CALL}.json"
    problem = {
        "type": "https://www.twilio.com/docs/api/errors/20429",
        "title": "Too Many Requests",
        "status": 429,
        "code": 20429,
    }
    api.answers[path] = (429, json.dumps(problem), {"Content-Type": "application/problem+json"})
    with pytest.raises(BusyError):
        carrier.call_status(CALL)


@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "", "[]", "{}", "null", '"x"'])
@pytest.mark.parametrize("status", [200, 502])
def test_an_answer_that_makes_no_sense_leaves_the_outcome_unknown(
    api: Api, carrier: Carrier, status: int, body: str
) -> None:
    api.put_up(f"{BASE}/Calls/{CALL}.json", status, body)
    with pytest.raises(UnknownError):
        carrier.call_status(CALL)


def test_a_carrier_that_is_away_has_done_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(BusyError) as raised:
        connect(ACCOUNT, TOKEN, base_url=f"http://127.0.0.1:{port}").call_status(CALL)
    assert isinstance(raised.value, TemporaryError)


def test_a_carrier_that_does_not_answer_is_waited_for_no_longer_than_asked(api: Api) -> None:
    api.hangs.set()
    carrier = connect(ACCOUNT, TOKEN, base_url=api.url, patience=0.2)
    with pytest.raises(UnknownError, match="no answer in time"):
        carrier.call_status(CALL)


@pytest.mark.parametrize("ask", [Carrier.call_status, Carrier.recording_status, Carrier.end_talk])
def test_an_id_cannot_lead_to_another_resource(
    api: Api, carrier: Carrier, ask: Callable[[Carrier, str], object]
) -> None:
    with pytest.raises(CarrierError):
        ask(carrier, "../../Accounts")
    assert api.asked == []


@pytest.mark.parametrize(("account", "token"), [("", TOKEN), (ACCOUNT, ""), ("", "")])
def test_missing_credentials_are_refused_in_a_sentence(account: str, token: str) -> None:
    with pytest.raises(RefusedError, match="TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"):
        connect(account, token)


def test_twilios_own_address_is_left_to_its_client() -> None:
    assert connect(ACCOUNT, TOKEN)._client.http_client._base_url == ""
