"""`ringback phone`, as a person uses it: through a pipe and at a terminal."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from ivr.cli.phone import phone as command
from ivr.simulator import Directory, EmbeddedCarrier, Line
from tests.simulator.application import LINE, TEAM, Application, twilio_client, twiml
from tests.simulator.test_program import running

COMMAND = [sys.executable, "-c", "from ivr.cli import main; main()", "phone"]
PATIENCE = 30.0
MOBILE = "+46701740606"
MENU = (
    "<Gather numDigits='1' input='dtmf speech' action='/chosen'>"
    "<Say language='sv-SE'>Välkommen.</Say><Say>Press 1.</Say></Gather><Say>Nothing heard.</Say>"
)

ENTRY = "<Gather numDigits='9' actionOnEmptyResult='true' action='/chosen'><Say>Hi</Say></Gather>"


def chosen(fields: Mapping[str, str]) -> str:
    return fields.get("Digits") or fields["SpeechResult"]


@pytest.fixture
def app() -> Iterator[Application]:
    with Application() as application:
        application.on("/voice", twiml(MENU))
        application.on(
            "/chosen",
            lambda request: twiml(f"<Say>You chose {chosen(request.form)}.</Say>"),
        )
        yield application


@pytest.fixture
def nowhere() -> Iterator[str]:
    """The address of a telephone company that is not there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@dataclass
class Done:
    """How a run ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RINGBACK_CARRIER_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def phone(typed: str, *arguments: str) -> Done:
    """Run it with lines piped in; whatever comes, there is never a traceback or a colour."""
    result = CliRunner().invoke(command, list(arguments), input=typed, catch_exceptions=False)
    assert "\x1b" not in result.output
    return Done(result.exit_code, result.stdout, result.stderr)


def direct(app: Application, nowhere: str, typed: str, *more: str) -> str:
    """Phone the application's address; what is printed."""
    done = phone(typed, "--carrier", nowhere, "--to", f"{app.base}/voice", "--fast", *more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_it_works_in_a_pipe(app: Application, nowhere: str) -> None:
    done = subprocess.run(
        [*COMMAND, "--carrier", nowhere, "--to", f"{app.base}/voice", "--fast"],
        input="1\n", capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "You chose 1." in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.slow
def test_any_address_can_be_phoned_without_a_running_carrier(
    app: Application, nowhere: str
) -> None:
    assert direct(app, nowhere, "1\n").splitlines() == [
        "  Calling +1 202-555-0100 from +46 70 174 06 05",
        "  It rings ...",
        "  Answered.",
        "",
        " sv-SE Välkommen.",
        " en-US Press 1.",
        "  [a key or words; Enter: silence; h: hang up; ?: help]",
        "  > 1",
        " en-US You chose 1.",
        "  The application had nothing more to say (completed, 0 s).",
    ]


def test_words_are_said_and_an_empty_line_is_silence(app: Application, nowhere: str) -> None:
    assert "You chose invoice." in direct(app, nowhere, "invoice\n")
    assert "Nothing heard." in direct(app, nowhere, "\n")


@pytest.mark.parametrize("typed", ["h\n", ""])
def test_h_and_the_end_of_input_hang_up(app: Application, nowhere: str, typed: str) -> None:
    assert "You hung up (completed" in direct(app, nowhere, typed)


def test_a_question_mark_explains_what_can_be_typed(app: Application, nowhere: str) -> None:
    out = direct(app, nowhere, "?\n1\n")
    assert "stay silent until the wait is over" in out
    assert "You chose 1." in out


def test_the_requests_are_shown_when_asked_for(app: Application, nowhere: str) -> None:
    out = direct(app, nowhere, "1\n", "--verbose")
    assert re.search(rf"action: POST {app.base}/chosen -> 200 in \d+ ms", out)


def test_warnings_are_always_shown(app: Application, nowhere: str) -> None:
    app.on("/voice", twiml("<Say loud='yes'>Hello</Say>"))
    assert "warning: 12200 Schema validation warning: line 1" in direct(app, nowhere, "")


def test_long_speech_is_wrapped_between_words(app: Application, nowhere: str) -> None:
    app.on("/voice", twiml("<Say>" + "meter reading " * 20 + "</Say>"))
    lines = [line for line in direct(app, nowhere, "").splitlines() if "reading" in line]
    assert len(lines) > 3
    assert all(len(line) <= 80 for line in lines)
    assert {line[:7] for line in lines} == {" en-US ", "       "}


def test_the_caller_decides_what_a_dialled_person_does(app: Application, nowhere: str) -> None:
    app.on("/voice", twiml(f"<Dial action='/after'>{TEAM}</Dial>"))
    app.on("/after", lambda request: twiml(f"<Say>{request.form['DialCallStatus']}</Say>"))
    assert "busy" in direct(app, nowhere, "b\n")
    assert "+46 8 465 004 10 does not answer." in direct(app, nowhere, "n\n")
    out = direct(app, nowhere, "a\nhello\nh\n")
    assert "Connected with +46 8 465 004 10." in out
    assert "You hung up" in out


def test_the_call_is_printed_as_a_script(app: Application, nowhere: str) -> None:
    app.on("/chosen", twiml(f"<Dial action='/message'>{TEAM}</Dial>"))
    app.on("/message", twiml("<Say>Speak now.</Say><Record action='/done'/>"))
    app.on("/done", twiml("<Say>Thank you.</Say>"))
    out = direct(app, nowhere, "invoice\nb\n12s\n#\n", "--record", "-", "--from", "withheld")
    (call,) = yaml.safe_load(out[out.index("  - call:") :])
    assert re.fullmatch(r"A call on \d{4}-\d\d-\d\d at \d\d:\d\d", call["call"])
    assert call["from"] == "withheld"
    assert call["script"] == [
        {"hears": "Välkommen."},
        {"hears": "Press 1."},
        {"says": "invoice"},
        {"put_through": "customer_service", "outcome": "busy"},
        {"hears": "Speak now."},
        {"leaves_message": 12, "key": "#"},
        {"hears": "Thank you."},
        {"call_ends": True},
    ]


def test_scripts_are_added_to_a_file_of_calls(
    app: Application, nowhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "new.calls.yaml"
    direct(app, nowhere, "1\n", "--record", str(file))
    direct(app, nowhere, "\n0\n", "--record", str(file))
    direct(app, nowhere, "h\n", "--record", str(file))
    scripts = [call["script"] for call in yaml.safe_load(file.read_text("utf-8"))["calls"]]
    assert scripts[0][2:] == [{"presses": 1}, {"hears": "You chose 1."}, {"call_ends": True}]
    assert scripts[1][2:] == [{"hears": "Nothing heard."}, {"call_ends": True}]
    assert scripts[2][-1] == {"hangs_up": True}


def test_a_silence_that_the_application_is_told_of_is_a_step(
    app: Application, nowhere: str
) -> None:
    app.on("/voice", twiml(ENTRY))
    app.on("/chosen", twiml("<Say>Thank you.</Say>"))
    out = direct(app, nowhere, "\n", "--record", "-")
    (call,) = yaml.safe_load(out[out.index("  - call:") :])
    assert call["script"][:2] == [{"hears": "Hi"}, {"silent": True}]


def test_keys_of_one_entry_are_one_step_and_the_pause_that_ends_it_none(
    app: Application, nowhere: str
) -> None:
    app.on("/voice", twiml(ENTRY))
    app.on("/chosen", twiml("<Say>Thank you.</Say>"))
    out = direct(app, nowhere, "12\n04\n\n", "--record", "-")
    (call,) = yaml.safe_load(out[out.index("  - call:") :])
    assert call["script"] == [
        {"hears": "Hi"},
        {"presses": 1204},
        {"hears": "Thank you."},
        {"call_ends": True},
    ]


@contextmanager
def carrier_for(app: Application) -> Iterator[EmbeddedCarrier]:
    with EmbeddedCarrier(Directory({LINE: Line(LINE, f"{app.base}/voice")})) as carrier:
        yield carrier


def test_the_first_line_of_a_running_carrier_is_phoned(app: Application) -> None:
    with carrier_for(app) as carrier:
        done = phone("1\n", "--carrier", carrier.url, "--fast")
    assert done.returncode == 0
    assert "Calling +46 8 465 004 00 from" in done.stdout
    assert "You chose 1." in done.stdout


def test_a_number_that_is_no_line_is_one_sentence(app: Application) -> None:
    with carrier_for(app) as carrier:
        done = phone("", "--carrier", carrier.url, "--to", "+46846500499")
    assert (done.returncode, done.stdout) == (2, "")
    sentence = "'+46846500499' is no line of this network (lines: +46846500400)."
    assert done.stderr == f"Error: {sentence}\n"


def test_without_a_carrier_and_an_address_it_says_how_to_start_one(nowhere: str) -> None:
    for to in ([], ["--to", LINE]):
        done = phone("", "--carrier", nowhere, *to)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            f"Error: No telephone company answers at {nowhere}; start one with `ringback run`, or "
            "give --to http://HOST:PORT/PATH to phone an application directly.\n"
        )


def test_what_is_no_telephone_company_is_one_sentence(app: Application) -> None:
    done = phone("", "--carrier", app.base)
    assert done.returncode == 2
    assert done.stderr == f"Error: What answers at {app.base} is no telephone company of ours.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "12"], "From: '12' is neither a number like +46701740605 nor withheld."),
        (["--carrier", "here"], "--carrier: 'here' is no http:// or https:// address."),
        (["--account", "AC1"],
         "TWILIO_ACCOUNT_SID: write AC and 32 hexadecimal digits (0-9, a-f)."),
    ],
)  # fmt: skip
def test_bad_options_are_one_sentence(
    app: Application, nowhere: str, arguments: list[str], sentence: str
) -> None:
    done = phone("", "--carrier", nowhere, "--to", f"{app.base}/voice", *arguments)
    assert (done.returncode, done.stderr) == (2, f"Error: {sentence}\n")


@dataclass
class Terminal:
    """The program at a terminal of its own."""

    process: subprocess.Popen[bytes]
    side: int
    shown: str = ""

    def type(self, text: str) -> None:
        os.write(self.side, text.encode())

    def until(self, text: str) -> str:
        """What is shown, once this text is; without colours."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            left = deadline - time.monotonic()
            assert left > 0, f"{text!r} was not shown:\n{self.shown}"
            if not select.select([self.side], [], [], left)[0]:
                continue
            try:
                data = os.read(self.side, 65_536)
            except OSError:
                data = b""
            assert data, f"it ended without {text!r}:\n{self.shown}"
            self.shown += re.sub(r"\x1b\[[0-9;]*m", "", data.decode())
        return self.shown


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
        assert process.wait(PATIENCE) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)


def test_at_a_terminal_a_key_interrupts_what_is_being_said(app: Application, nowhere: str) -> None:
    long = "a very long announcement " * 40
    app.on("/voice", twiml(f"<Gather numDigits='1' action='/chosen'><Say>{long}</Say></Gather>"))
    with terminal("--carrier", nowhere, "--to", f"{app.base}/voice") as screen:
        screen.until("announcement")
        screen.type("4\n")
        shown = screen.until("The application had nothing more to say")
    assert "You chose 4." in shown.replace("\r\n", " ").replace("  ", " ")
    assert shown.count("announcement") < 40


@pytest.mark.parametrize("key", ["\x04", pytest.param("h\n", marks=pytest.mark.slow)])
def test_at_a_terminal_control_d_and_h_hang_up(app: Application, nowhere: str, key: str) -> None:
    with terminal("--carrier", nowhere, "--to", f"{app.base}/voice", "--fast") as screen:
        screen.until("> ")
        screen.type(key)
        screen.until("You hung up (completed")


@pytest.mark.slow
def test_at_a_terminal_an_interrupt_hangs_up(app: Application, nowhere: str) -> None:
    with terminal("--carrier", nowhere, "--to", f"{app.base}/voice", "--fast") as screen:
        screen.until("> ")
        screen.process.send_signal(signal.SIGINT)
        screen.until("You hung up (completed")


def test_two_terminals_can_talk_to_each_other(app: Application) -> None:
    app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>", "<Say>Thank you</Say>"))
    with carrier_for(app) as carrier, terminal("--answer", TEAM, "--carrier", carrier.url) as team:
        team.until("Waiting for calls")
        with terminal("--carrier", carrier.url, "--fast") as caller:
            team.until("+46 70 174 06 05 calls +46 8 465 004 10.")
            team.until("> ")
            team.type("a\n")
            caller.until("Connected with +46 8 465 004 10.")
            caller.until("> ")
            caller.type("My invoice, please\n")
            team.until("They say: My invoice, please")
            team.type("h\n")
            caller.until("Thank you")
            caller.until("The application had nothing more to say")
        team.until("You hung up")
        team.type("h\n")


@pytest.mark.slow
def test_a_text_to_a_telephone_that_waits_is_shown_and_is_no_call(app: Application) -> None:
    with (
        carrier_for(app) as carrier,
        terminal("--answer", MOBILE, "--carrier", carrier.url) as screen,
    ):
        screen.until("Waiting for calls")
        twilio_client(carrier).messages.create(to=MOBILE, from_=LINE, body="The meeting is off")
        screen.until("A text from +46 8 465 004 00: The meeting is off")
        screen.type("2\n")
        screen.until("Nobody calls yet.")
        screen.type("h\n")


@pytest.mark.parametrize(
    "ending", ["\x04", *(pytest.param(key, marks=pytest.mark.slow) for key in ("h\n", "interrupt"))]
)
def test_a_telephone_that_waits_can_be_put_away(app: Application, ending: str) -> None:
    with (
        carrier_for(app) as carrier,
        terminal("--answer", TEAM, "--carrier", carrier.url) as screen,
    ):
        screen.until("Waiting for calls")
        if ending == "interrupt":
            screen.process.send_signal(signal.SIGINT)
        else:
            screen.type(ending)


def test_answering_needs_a_running_carrier_and_no_one_to_phone(nowhere: str) -> None:
    alone = phone("", "--answer", TEAM, "--carrier", nowhere)
    assert alone.returncode == 2
    assert "No telephone company answers" in alone.stderr
    both = phone("", "--answer", TEAM, "--to", LINE)
    assert both.returncode == 2
    sentence = "--answer takes calls: leave out --to, --from and --record."
    assert both.stderr == f"Error: {sentence}\n"


@pytest.mark.slow
def test_a_carrier_that_dies_is_one_sentence(app: Application) -> None:
    with running("--number", f"{LINE}={app.base}/voice") as (carrier, url):
        process = subprocess.Popen(
            [*COMMAND, "--carrier", url, "--fast"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        while "Press 1." not in process.stdout.readline():
            pass
        carrier.kill()
        process.wait(PATIENCE)
        _, errors = process.communicate()
    assert (process.returncode, errors) == (2, "Error: The telephone company is gone.\n")


@pytest.mark.slow
def test_silence_never_runs_out_by_itself_unless_asked_for(app: Application, nowhere: str) -> None:
    app.on("/voice", twiml("<Gather timeout='0'/>", "<Say>Time is over</Say>"))
    options = ("--carrier", nowhere, "--to", f"{app.base}/voice", "--fast")
    with terminal(*options) as screen:
        shown = screen.until("> ")
        assert "Time" not in shown
        screen.type("\n")
        screen.until("Time is over")
    with terminal(*options, "--real-silence") as screen:
        screen.until("Time is over")
