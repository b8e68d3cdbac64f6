"""The web as it runs: the Procfile's gunicorn, two workers, a real store, settings and flows."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from gunicorn.errors import AppImportError

from ivr.cli.processes import read_procfile
from ivr.flow.language import load_languages
from ivr.store.server import PrivateServer
from ivr.web import create_app
from tests.web.calling import CALL, CALLER, FALLBACK, FORM, TOKEN, Carrier, is_sentence

ROOT = Path(__file__).parents[2]
PUBLIC = "https://voice.example.com"
PERSON = "+46846500410"
PATIENCE = 30.0

CONFIG = f"""
company: Example
time_zone: Europe/Stockholm
lines:
  main:
    number: "+46846500400"
    flow: main
fallback:
  number: "{FALLBACK}"
numbers:
  person: "{PERSON}"
web:
  public_url: {PUBLIC}
"""

FLOW = """
languages: [en, sv]
start: topics
person: person
nodes:
  topics:
    kind: menu
    text: {en: Welcome. What is it about?, sv: Välkommen. Vad gäller det?}
    options:
      - key: 1
        label: {en: an invoice, sv: en faktura}
        to: invoice
  invoice:
    kind: answer
    text: {en: It is due in fourteen days., sv: Den förfaller om fjorton dagar.}
    helped: goodbye
  person:
    kind: transfer
    number: person
    text: {en: One moment., sv: Ett ögonblick.}
    otherwise: message
  message:
    kind: voicemail
    text: {en: Leave a message., sv: Lämna ett meddelande.}
    to: goodbye
    nothing: goodbye
  goodbye:
    kind: hang_up
    text: {en: Goodbye., sv: Hej då.}
"""

SETTINGS = (
    "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_FILE", "REDIS_URL", "RINGBACK_CONFIG", "RINGBACK_LOG",
    "RINGBACK_LOG_LEVEL", "RINGBACK_PUBLIC_URL", "RINGBACK_CLOCK_FILE",
)  # fmt: skip

_calls = count(1)


@dataclass(frozen=True)
class Site:
    """The running web, and the store that it needs."""

    carrier: Carrier
    store: PrivateServer
    log: Path


def start_web(folder: Path, environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    (line,) = [one.command for one in read_procfile(ROOT / "Procfile") if one.name == "web"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    inherited = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {line}"],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**inherited, "PATH": path, "PORT": str(port), "RINGBACK_FLOWS": "folder"}
            | environment,
        )
    return process, f"http://127.0.0.1:{port}"


def write_company(folder: Path) -> None:
    (folder / "flows").mkdir()
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "flows" / "main.yaml").write_text(FLOW, encoding="utf-8")


def answers(carrier: Carrier) -> bool:
    try:
        return carrier.send("GET", "/readyz").status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    write_company(folder)
    store = PrivateServer(folder / "store", appendfsync="no")
    store.start()
    process, address = start_web(folder, {"REDIS_URL": store.url, "TWILIO_AUTH_TOKEN": TOKEN})
    carrier = Carrier(address, PUBLIC)
    try:
        deadline = time.monotonic() + PATIENCE
        while not answers(carrier):
            assert process.poll() is None and time.monotonic() < deadline, (
                folder / "log"
            ).read_text()
            time.sleep(0.05)
        yield Site(carrier, store, folder / "log")
    finally:
        process.terminate()
        process.wait(PATIENCE)
        store.stop()


@pytest.fixture
def call_id() -> str:
    return f"CA{next(_calls):032x}"


def test_a_caller_presses_a_key_hears_the_answer_and_says_goodbye(site: Site, call_id: str) -> None:
    menu = site.carrier.post("/voice", call_id=call_id, CallStatus="ringing")
    (gather,) = menu.verbs
    assert "För en faktura, tryck 1." in menu.spoken
    assert gather.attrib["action"] == f"{PUBLIC}/voice/turn/2?l=sv"
    answer = site.carrier.post("/voice/turn/2?l=sv", call_id=call_id, Digits="1")
    assert "Den förfaller om fjorton dagar." in answer.spoken
    end = site.carrier.post(
        "/voice/turn/3?l=sv", call_id=call_id, SpeechResult="Ja.", Confidence="0.9"
    )
    assert end.spoken.startswith("Hej då.")
    assert [verb.tag for verb in end.verbs][-1] == "Hangup"


def test_a_caller_reaches_a_person_or_leaves_a_message(site: Site, call_id: str) -> None:
    site.carrier.post("/voice", call_id=call_id)
    through = site.carrier.post("/voice/turn/2?l=sv", call_id=call_id, Digits="0")
    (dial,) = [verb for verb in through.verbs if verb.tag == "Dial"]
    assert [number.text for number in dial] == [PERSON]
    unanswered = site.carrier.post(
        "/voice/turn/3?l=sv", call_id=call_id, DialCallStatus="no-answer"
    )
    assert [verb.tag for verb in unanswered.verbs][-2:] == ["Record", "Redirect"]
    recording = "https://api.example.com/Recordings/RE" + "1" * 32
    thanks = site.carrier.post(
        "/voice/turn/4?l=sv",
        call_id=call_id,
        RecordingUrl=recording,
        RecordingDuration="7",
        Digits="hangup",
    )
    assert thanks.verbs[-1].tag == "Hangup"
    told = site.carrier.post(
        "/voice/recording",
        call_id=call_id,
        RecordingSid="RE" + "1" * 32,
        RecordingUrl=recording,
        RecordingStatus="completed",
        RecordingDuration="7",
    )
    assert told.status == 204


def test_a_turn_that_comes_twice_at_once_gets_one_answer(site: Site, call_id: str) -> None:
    site.carrier.post("/voice", call_id=call_id)
    with ThreadPoolExecutor(8) as connections:
        replies = list(
            connections.map(
                lambda _: site.carrier.post("/voice/turn/2?l=sv", call_id=call_id, Digits="1"),
                range(16),
            )
        )
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1
    assert "/voice/turn/3?" in replies[0].text


def test_an_arrival_that_comes_again_later_does_not_begin_anew(site: Site, call_id: str) -> None:
    site.carrier.post("/voice", call_id=call_id)
    answer = site.carrier.post("/voice/turn/2?l=sv", call_id=call_id, Digits="1")
    assert site.carrier.post("/voice", call_id=call_id).body == answer.body


def test_states_in_any_order_repeated_or_senseless_change_no_call(site: Site, call_id: str) -> None:
    def tell(**news: str) -> int:
        return site.carrier.post("/voice/status", None, call_id=call_id, **news).status

    told = [
        tell(CallStatus="in-progress", SequenceNumber="2"),
        tell(CallStatus="ringing", SequenceNumber="1"),
        tell(CallStatus="in-progress", SequenceNumber="2"),
        tell(CallStatus="something-new"),
        tell(CallStatus="", SequenceNumber="x"),
    ]
    assert told == [204] * 5
    assert "tryck 1" in site.carrier.post("/voice", call_id=call_id).spoken
    ended = [tell(CallStatus="completed", CallDuration="9"), tell(CallStatus="in-progress")]
    assert ended == [204] * 2


def test_a_number_that_is_not_ours_is_put_through_to_the_fallback(site: Site, call_id: str) -> None:
    (_, dial) = site.carrier.post("/voice", call_id=call_id, To="+46313900600").verbs
    assert [number.text for number in dial] == [FALLBACK]


def test_a_turn_of_a_call_that_nobody_knows_is_put_through_to_the_fallback(
    site: Site, call_id: str
) -> None:
    say, dial = site.carrier.post("/voice/turn/5?l=sv", call_id=call_id, Digits="1").verbs
    assert say.text == load_languages()["sv"].phrases.apology
    assert [number.text for number in dial] == [FALLBACK]


def test_while_the_store_is_down_callers_are_put_through_in_their_language(
    site: Site, call_id: str
) -> None:
    apology = load_languages()["sv"].phrases.apology
    site.carrier.post("/voice", call_id=call_id)
    site.store.stop()
    try:
        say, dial = site.carrier.post("/voice/turn/2?l=sv", call_id=call_id, Digits="1").verbs
        assert (say.text, [number.text for number in dial]) == (apology, [FALLBACK])
        assert apology in site.carrier.post("/voice", call_id=f"CA{next(_calls):032x}").spoken
        fallback = site.carrier.post(
            "/voice/fallback", ErrorCode="11200", ErrorUrl=f"{PUBLIC}/voice/turn/2?l=sv"
        )
        assert apology in fallback.spoken
        ready = site.carrier.send("GET", "/readyz")
        assert (ready.status, is_sentence(ready.text)) == (503, True)
        assert site.carrier.send("GET", "/healthz").status == 200
        assert site.carrier.post("/voice/status", CallStatus="completed").status == 503
    finally:
        site.store.start()
    assert "tryck 1" in site.carrier.post("/voice", call_id=f"CA{next(_calls):032x}").spoken
    log = site.log.read_text()
    assert "The store at" in log
    assert CALLER not in log and CALLER[1:] not in log
    assert TOKEN not in log


def test_a_raw_address_reaches_the_signature_unchanged(site: Site) -> None:
    path = "/voice/status?x=a%20b&y=%c3%a4&z='%2F"
    assert site.carrier.post(path, call_id=CALL, CallStatus="ringing").status == 204


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_request_is_refused_in_a_sentence(site: Site, chunked: bool) -> None:
    body = b"Digits=" + b"1" * 70_000
    headers = {"Transfer-Encoding": "chunked"} if chunked else {}
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked else body
    reply = site.carrier.send("POST", "/voice", sent, FORM, "x", headers)
    assert (reply.status, reply.text) == (413, "The request is larger than 65536 bytes.\n")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"no http at all\r\n\r\n", b"400"),
        (b"GET /voice HTTP/9.9\r\n\r\n", b"400"),
        (b"GET /voice HTTP/1.1\r\nA B: c\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"431"),
        (b"POST /voice HTTP/1.1\r\nTransfer-Encoding: rot13\r\n\r\n", b"400"),
        (b"POST /voice HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"POST /voice HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"GET /voice?\xff HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /%zz/../voice?%00 HTTP/1.1\r\nConnection: close\r\n\r\n", b"404"),
    ],
)
def test_what_is_no_http_is_told_so_in_a_sentence(
    site: Site, request_: bytes, status: bytes
) -> None:
    at = urlsplit(site.carrier.address)
    answer = b""
    with socket.create_connection((at.hostname, at.port), timeout=PATIENCE) as client:
        client.sendall(request_)
        client.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while received := client.recv(65_536):
                answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"text/plain" in head
    assert is_sentence(body.decode())


def test_a_web_that_cannot_start_says_why_and_ends(tmp_path: Path) -> None:
    write_company(tmp_path)
    process, _ = start_web(tmp_path, {"REDIS_URL": "redis://127.0.0.1:1/0"})
    assert process.wait(PATIENCE) != 0
    log = (tmp_path / "log").read_text()
    assert "Set TWILIO_AUTH_TOKEN" in log
    # gunicorn has been seen to trip over itself when both workers end at once; nothing of ours did.
    assert f"{ROOT / 'ivr'}" not in log


@pytest.fixture
def log_left_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    yield
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.usefixtures("log_left_alone")
@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"TWILIO_AUTH_TOKEN": TOKEN}, "Set REDIS_URL"),
        ({"TWILIO_AUTH_TOKEN": TOKEN, "REDIS_URL": "nonsense"}, "redis://HOST:PORT/0"),
        ({"TWILIO_AUTH_TOKEN": TOKEN, "RINGBACK_CONFIG": "no.yaml"}, "no.yaml:1:1:"),
        ({"TWILIO_AUTH_TOKEN": TOKEN, "RINGBACK_LOG": "xml"}, "RINGBACK_LOG is 'xml'"),
        ({"TWILIO_AUTH_TOKEN": TOKEN, "RINGBACK_CLOCK_FILE": "no"}, "clock file no cannot be read"),
    ],
)
def test_what_keeps_the_web_from_starting_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], reason: str
) -> None:
    write_company(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(AppImportError, match=reason) as raised:
        create_app()
    assert "\n" not in str(raised.value)
