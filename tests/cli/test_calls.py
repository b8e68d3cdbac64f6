"""`ringback calls` and `ringback trace`, as somebody at a terminal or a program uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner, Result

from ivr.cli.calls import calls
from ivr.cli.trace import trace
from ivr.engine.events import CallStarted, PlaceReached
from ivr.flow.inputs import Arrived, ConnectionEnded, Input, Pressed, Said, Silent
from ivr.services.addresses import Addresses
from ivr.services.apology import Apology
from ivr.services.calls import CallService, OneCompany
from ivr.store import keys
from ivr.store.calls import CallStore
from ivr.store.connection import connect
from ivr.store.server import PrivateServer
from tests.support import ENERGY, MOBILE, WEDNESDAY, company_of

CONFIG = """\
company: Example Energy
time_zone: Europe/Stockholm
lines:
  main: {number: "+46846500400", flow: main}
fallback: {number: "+46846500499"}
"""
WEB = Addresses("https://ringback.example.com")


class Desk:
    """Somebody at a desk, in the folder of a company that is being rung."""

    def __init__(self, folder: Path, server: PrivateServer) -> None:
        self.folder = folder
        self.redis = connect(server.url)
        self.store = CallStore(self.redis)
        company = company_of(main=ENERGY)
        apology = Apology(company.languages, lambda: "en", company.fallback, WEB)
        self.service = CallService(self.store, OneCompany(company), WEB, apology)

    def is_rung(self, call: str, *heard: Input, caller: str | None = MOBILE) -> None:
        at = WEDNESDAY
        for turn, came in enumerate((Arrived(), *heard), 1):
            self.service.take_turn(call, turn, came, "+46846500400", caller, at)
            at += timedelta(seconds=7)
        self.store.note_status(call, "completed", 1, 7 * len(heard), at.timestamp())

    def asks(self, command: click.Command, *words: str) -> Result:
        return CliRunner().invoke(
            command, words, obj=self.folder / "config.yaml", env={"REDIS_URL": None}
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "config.yaml").write_text(CONFIG)
    server = PrivateServer(tmp_path / "var" / "store", appendfsync="no")
    server.start()
    yield Desk(tmp_path, server)
    server.stop()


TALKED = (Said("a bill"), Silent(), Pressed("0"), ConnectionEnded("completed", 60))


def test_where_nobody_has_rung_it_says_so(desk: Desk) -> None:
    assert desk.asks(calls).output == "No calls.\n"
    assert desk.asks(calls, "--flow", "other").output == "No such calls.\n"
    assert desk.asks(calls, "--json").output == "[]\n"


def test_a_call_is_a_line(desk: Desk) -> None:
    desk.is_rung("CA0123456789abcdef", *TALKED)
    said = desk.asks(calls).output
    for part in (
        "CA01234567 ", "2026-11-25 10:00:00", " main ", "+46•••••••05", " en ", " 0:28 ",
        "talked to team for 60 s",
    ):  # fmt: skip
        assert part in said, part
    assert MOBILE not in said


def test_a_trace_tells_what_was_heard_what_came_back_and_why(desk: Desk) -> None:
    desk.is_rung("CA0123456789abcdef", *TALKED)
    said = desk.asks(trace, "CA01234567").output
    for part in (
        "CA0123456789abcdef\n",
        "10:00:00    1 rang from +46•••••••05\n",
        "» What is it about? For an invoice, press 1.",
        "10:00:07    2 said “a bill”\n",
        "chose 1 by word: an invoice",
        "→ main/due",
        "miss 1: silence",
        "to a person: asked for a person",
        "→ main/ring_team  because: open",
        "rings team",
        "the connection ended: completed\n",
        "the call ended after 28 s",
    ):
        assert part in said, part
    assert MOBILE not in said


def test_a_program_gets_a_trace_with_its_words_as_json(desk: Desk) -> None:
    desk.is_rung("CA1", Pressed("9"), caller=None)
    told = json.loads(desk.asks(trace, "last", "--json").output)
    assert (told["call"], told["caller"], told["ended"]) == ("CA1", None, True)
    second = told["steps"][1]
    assert (second["came"], second["what"]) == ("keys", "9")
    assert second["at"] == "2026-11-25T09:00:07+00:00"
    assert second["events"][0]["type"] == "Missed"
    assert second["in_words"][:2] == ["pressed 9", "· miss 1: a key that means nothing here"]


def test_a_program_gets_the_list_as_json(desk: Desk) -> None:
    desk.is_rung("CA1", Pressed("1"))
    (told,) = json.loads(desk.asks(calls, "--json").output)
    assert told == {
        "call": "CA1", "began": "2026-11-25T09:00:00+00:00", "line": "main", "flow": "main",
        "flows": ["main"], "caller": "+46•••••••05", "language": "en", "seconds": 7.0,
        "chose": ["an invoice"], "place": "main/due", "ended": True, "how": "hung up at main/due",
        "complete": True,
    }  # fmt: skip


def test_a_call_from_before_there_were_traces_says_what_is_missing(desk: Desk) -> None:
    told = [CallStarted("main", "main", "v1", withheld=False), PlaceReached("main/topics")]
    at = WEDNESDAY.timestamp()
    desk.redis.xadd(keys.EVENTS, {"at": at, "call": "CAold", "events": msgspec.json.encode(told)})
    said = desk.asks(trace, "CAold").output
    assert "Of this call, what was heard and what came back was not written down.\n" in said
    assert "→ main/topics" in said
    assert " ? " in desk.asks(calls).output


def test_several_calls_that_fit_are_listed(desk: Desk) -> None:
    desk.is_rung("CA12", Pressed("1"))
    desk.is_rung("CA13", Pressed("1"))
    answer = desk.asks(trace, "2026-11-25 10:00")
    assert answer.exit_code == 2
    assert "CA12" in answer.output
    assert "Error: 2 calls fit `2026-11-25 10:00`." in answer.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--line", "mian"), "There is no line `mian` in config.yaml. Did you mean `main`?"),
        (("--caller", "0605"), "--caller takes the last two digits: no more of a number is kept."),
        (("--last", "0"), "0 is not in the range"),
    ],
)
def test_bad_input_gets_a_sentence(desk: Desk, words: tuple[str, ...], sentence: str) -> None:
    answer = desk.asks(calls, *words)
    assert answer.exit_code == 2
    assert sentence in answer.output


def test_a_call_that_there_is_not_gets_a_sentence(desk: Desk) -> None:
    answer = desk.asks(trace, "CA99")
    assert (answer.exit_code, answer.output) == (
        2,
        "Error: There is no call `CA99`: `ringback calls` lists those that are known.\n",
    )
