"""`python -m ivr.simulator` as a program of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from twilio.rest import Client

from ivr.simulator import Phone, said
from ivr.simulator.__main__ import main
from tests.simulator.application import LINE, Application, twiml
from tests.simulator.rest_transport import ToCarrier

COMMAND = [sys.executable, "-m", "ivr.simulator"]


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, and the address that it says it is at."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={**os.environ, **environment},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert found, first
        yield process, found[0]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def refused(*arguments: str) -> str:
    """What the program says on standard error when it ends with status 2."""
    done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert (done.exit_code, done.stdout) == (2, "")
    return done.stderr


@pytest.mark.slow
def test_it_phones_the_application_behind_a_number(app: Application) -> None:
    app.on("/voice", twiml("<Say>Hello</Say>"))
    number = f"{LINE}={app.base}/voice"
    with running("--stepped", "--number", number) as (_, url), Phone(url) as phone:
        phone.dial(LINE)
        assert said(phone.until("ended")) == ["Hello"]


def test_lines_and_people_come_from_a_file(app: Application, tmp_path: Path) -> None:
    app.on("/voice", twiml("<Dial action='/next'>+46846500410</Dial>")).on("/next", twiml())
    file = tmp_path / "directory.yaml"
    file.write_text(
        f'lines: {{"{LINE}": "{app.base}/voice"}}\npeople: {{"+46846500410": busy}}\n'
        f'services: {{waiting: {{senders: ["{LINE}"]}}}}\n'
    )
    with running("--directory", str(file)) as (process, url), Phone(url) as phone:
        assert process.stdout is not None
        assert f"{LINE} is answered by {app.base}/voice" in process.stdout.readline()
        assert re.search("MG[0-9a-f]{32} is the Messaging Service", process.stdout.readline())
        phone.dial(LINE)
        phone.until("ended")
    assert app.fields("/next")["DialCallStatus"] == "busy"


@pytest.mark.slow
def test_people_come_from_flags_too(app: Application) -> None:
    app.on("/voice", twiml("<Dial action='/next'>+46846500410</Dial>")).on("/next", twiml())
    arguments = ("--number", f"{LINE}={app.base}/voice", "--person", "+46846500410=failed")
    with running(*arguments) as (_, url), Phone(url) as phone:
        phone.dial(LINE)
        phone.until("ended")
    assert app.fields("/next")["DialCallStatus"] == "failed"


def test_account_and_token_come_from_the_environment(app: Application) -> None:
    app.on("/voice", twiml())
    account = "AC" + "a" * 32
    environment = {"TWILIO_ACCOUNT_SID": account, "TWILIO_AUTH_TOKEN": "secret"}
    number = f"{LINE}={app.base}/voice"
    with running("--number", number, **environment) as (_, url), Phone(url) as phone:
        phone.dial(LINE)
        phone.until("ended")
    assert app.fields("/voice")["AccountSid"] == account


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_when_told_to(name: signal.Signals) -> None:
    with running() as (process, _):
        process.send_signal(name)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


def test_a_call_that_is_under_way_is_ended_and_the_application_told(app: Application) -> None:
    app.on("/voice", twiml("<Gather timeout='600'/>")).on("/status", "")
    arguments = ("--number", f"{LINE}={app.base}/voice", "--status-callback", f"{app.base}/status")
    with running(*arguments) as (process, url), Phone(url) as phone:
        phone.dial(LINE)
        phone.until_my_move()
        process.send_signal(signal.SIGTERM)
        assert phone.until("ended")[-1]["reason"] == "the telephone company closed"
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert app.fields("/status")["CallStatus"] == "completed"


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused("--port", str(port)) == (
            f"Error: Port {port} of 127.0.0.1 is taken; choose another with --port.\n"
        )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--number", "123"], "'123': write +NUMBER=http://HOST:PORT/PATH"),
        (["--number", "123=http://a/"], "number: '123' is no number like +46846500400"),
        (["--person", "+46846500410"], "'+46846500410': write +NUMBER=OUTCOME"),
        (["--fallback", "here"], "--fallback: 'here' is no http:// or https:// address."),
        (["--account-sid", "AC1"], "--account-sid: write AC and 32 hexadecimal digits (0-9, a-f)."),
    ],
)
def test_bad_flags_are_one_sentence(arguments: list[str], sentence: str) -> None:
    assert refused(*arguments) == f"Error: {sentence}\n"


def test_a_bad_directory_is_one_sentence_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "directory.yaml"
    file.write_text("lines:\n\t- x")
    assert refused("--directory", str(file)).startswith(f"Error: {file}:2:1: not YAML: ")


@pytest.mark.slow
def test_an_api_key_opens_the_rest_api_and_requests_can_be_limited() -> None:
    key = "SK" + "0" * 32
    arguments = ("--api-key", f"{key}:se:cret", "--rest-concurrency", "7")
    with running(*arguments) as (_, url):
        account = "AC" + "0" * 31 + "1"
        client = Client(key, "se:cret", account, http_client=ToCarrier(url))
        assert client.calls.list() == []
        assert requests.get(url + "/_carrier/limits", timeout=20).json() == {
            "rest_concurrency": 7, "under_way": 0,
        }  # fmt: skip


@pytest.mark.parametrize("key", ["SK1:secret", "SK" + "0" * 32, "SK" + "0" * 32 + ":", "secret"])
def test_an_api_key_that_is_none_is_refused(key: str) -> None:
    sentence = "--api-key: write SK and 32 hexadecimal digits, a colon and the secret."
    assert sentence in refused("--api-key", key)
