"""What is logged: readable or JSON, with its call, without numbers and secrets."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

import pytest

from ivr import log

NUMBER = "+46701740605"
MASKED = "+46•••••••05"
CALL = "CA" + "0" * 31 + "1"
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in ("RINGBACK_LOG", "RINGBACK_LOG_LEVEL", "TWILIO_AUTH_TOKEN", "REDIS_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def text() -> io.StringIO:
    stream = io.StringIO()
    log.set_up("debug", stream=stream)
    return stream


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    log.set_up("debug", "json", stream=stream)
    return stream


def test_a_line_of_text_can_be_read_by_a_person(text: io.StringIO) -> None:
    logging.getLogger("ivr.web").info("the %s line answers", "main", extra={"turn": 3})
    time, rest = text.getvalue().rstrip("\n").split("Z ")
    assert datetime.fromisoformat(time)
    assert rest == "INFO    ivr.web the main line answers  turn=3"


def test_a_json_line_is_one_object_with_all_its_parts(lines: io.StringIO) -> None:
    with log.about_call(CALL):
        logging.getLogger("ivr.web").warning("slow\nanswer", extra={"took": 1.5, "turn": 3})
    assert lines.getvalue().count("\n") == 1
    line = json.loads(lines.getvalue())
    assert datetime.fromisoformat(line.pop("time")).utcoffset() is not None
    assert line == {
        "level": "warning",
        "logger": "ivr.web",
        "call": CALL,
        "message": "slow\nanswer",
        "took": 1.5,
        "turn": 3,
    }


def test_every_line_inside_a_call_carries_its_id_and_none_after_it(text: io.StringIO) -> None:
    with log.about_call(CALL):
        logging.getLogger("redis").info("inside")
    logging.getLogger("redis").info("outside")
    inside, outside = text.getvalue().splitlines()
    assert f"[{CALL}] inside" in inside
    assert CALL not in outside


def test_an_extra_cannot_take_the_place_of_a_standard_part(lines: io.StringIO) -> None:
    logging.getLogger("ivr").info("said", extra={"level": "fake", "call": CALL})
    line = json.loads(lines.getvalue())
    assert line["level"] == "info"
    assert line["call"] == CALL


@pytest.mark.parametrize("name", ["ivr.web", "werkzeug", "rq.worker", "twilio.http_client"])
@pytest.mark.parametrize("format", log.FORMATS)
def test_numbers_are_masked_in_messages_arguments_extras_and_exceptions(
    name: str, format: str
) -> None:
    stream = io.StringIO()
    log.set_up("debug", format, stream=stream)
    try:
        raise ValueError(f"no route to {NUMBER}")
    except ValueError:
        logging.getLogger(name).exception(
            "%s failed for %s", NUMBER, {"To": NUMBER}, extra={"caller": NUMBER, "n": 46701740605}
        )
    written = stream.getvalue()
    assert NUMBER not in written
    assert "701740605" not in written.replace("46701740605", "", 1)
    assert written.count(MASKED) == 4


@pytest.mark.parametrize("format", log.FORMATS)
def test_secrets_are_never_written(monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", SECRET)
    monkeypatch.setenv("REDIS_URL", "redis://:p%40ssw0rd@host/0")
    stream = io.StringIO()
    log.set_up("debug", format, secrets=["from-a-file"], stream=stream)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("x").exception(
            "redis://:p%%40ssw0rd@host p@ssw0rd %s", {"token": SECRET}, extra={"key": "from-a-file"}
        )
    for secret in (SECRET, "p%40ssw0rd", "p@ssw0rd", "from-a-file"):
        assert secret not in stream.getvalue()


def test_no_secret_at_all_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "")
    monkeypatch.setenv("REDIS_URL", "redis://[broken")
    stream = io.StringIO()
    log.set_up(stream=stream)
    logging.getLogger("x").info("as it is")
    assert "as it is" in stream.getvalue()


def test_set_up_twice_writes_each_line_once(text: io.StringIO) -> None:
    again = io.StringIO()
    log.set_up(stream=again)
    logging.getLogger("ivr").info("once")
    assert again.getvalue().count("once") == 1
    assert text.getvalue() == ""


def test_what_is_below_the_level_is_not_written() -> None:
    stream = io.StringIO()
    log.set_up("warning", stream=stream)
    logging.getLogger("ivr").info("quiet")
    logging.getLogger("ivr").warning("loud")
    assert "quiet" not in stream.getvalue()
    assert "loud" in stream.getvalue()


def test_the_environment_goes_before_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGBACK_LOG", "json")
    monkeypatch.setenv("RINGBACK_LOG_LEVEL", "ERROR")
    stream = io.StringIO()
    log.set_up("debug", "text", stream=stream)
    logging.getLogger("ivr").warning("not this")
    logging.getLogger("ivr").error("but this")
    assert json.loads(stream.getvalue())["message"] == "but this"


def test_a_wrong_choice_is_one_sentence_with_the_allowed_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(log.LogError, match="The log level is 'loud', but must be debug or info"):
        log.set_up("loud")
    monkeypatch.setenv("RINGBACK_LOG", "xml")
    with pytest.raises(log.LogError, match="RINGBACK_LOG is 'xml', but must be text or json"):
        log.set_up()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("no_colour", "coloured"), [("", True), ("1", False)])
def test_only_a_terminal_is_given_colour_and_only_if_it_wants(
    monkeypatch: pytest.MonkeyPatch, no_colour: str, coloured: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", no_colour)
    terminal = Terminal()
    log.set_up(stream=terminal)
    logging.getLogger("ivr").error("red")
    assert ("\033[" in terminal.getvalue()) is coloured


def test_an_exception_that_nobody_handles_is_masked_too() -> None:
    program = f"from ivr import log; log.set_up(); raise ValueError('no route to {NUMBER}')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert f"ValueError: no route to {MASKED}" in done.stderr
    # The source line in the traceback names it as well.
    assert NUMBER not in done.stderr
