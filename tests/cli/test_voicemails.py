"""`ringback voicemails`, as somebody at a terminal or a program uses it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from ivr.cli.voicemails import voicemails
from ivr.engine.events import Voicemail
from ivr.store.calls import CallStore
from ivr.store.connection import connect
from ivr.store.server import PrivateServer
from ivr.store.voicemails import VoicemailStore

CONFIG = """\
company: Example Energy
time_zone: Europe/Stockholm
lines:
  main: {number: "+46846500400", flow: main}
fallback: {number: "+46846500499"}
"""
URL = "https://carrier.example/Accounts/AC1/Recordings/"
LEFT_AT = 1_795_248_900.0  # 2026-11-21 09:15 in Stockholm


class Desk:
    """Somebody at a desk, in the folder of a company whose store runs."""

    def __init__(self, folder: Path, server: PrivateServer) -> None:
        self.folder = folder
        self.server = server
        redis = connect(server.url)
        self.store = VoicemailStore(redis)
        self.calls = CallStore(redis)

    def leave(self, name: str, **changes: Any) -> None:
        plain = Voicemail(
            call="CA1", line="main", place="main/message", language="sv", recording=URL + name,
            seconds=75, left_at=LEFT_AT, caller="+46701740605", path=("Faktura",),
            said=("min räkning [bold]",),
        )  # fmt: skip
        self.store.keep(msgspec.structs.replace(plain, **changes))

    def asks(self, *words: str, **environment: str | None) -> Result:
        return CliRunner().invoke(
            voicemails,
            words,
            obj=self.folder / "config.yaml",
            env={"REDIS_URL": None} | environment,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "config.yaml").write_text(CONFIG)
    server = PrivateServer(tmp_path / "var" / "store", appendfsync="no")
    server.start()
    yield Desk(tmp_path, server)
    server.stop()


def test_an_empty_list_says_so(desk: Desk) -> None:
    assert desk.asks().output == "No messages that nobody has heard.\n"
    assert desk.asks("--all").output == "No messages.\n"
    assert desk.asks("--json").output == "[]\n"


def test_a_message_is_listed_with_all_that_is_needed_to_ring_back(desk: Desk) -> None:
    desk.leave("RE0123456789abcdef")
    said = desk.asks().output
    for part in (
        "RE01234567 ", "2026-11-21 09:15", " main ", "+46•••••••05", " sv ", " 1:15 ",
        'Faktura; "min räkning [bold]"', URL + "RE0123456789abcdef (not ready yet)\n",
    ):  # fmt: skip
        assert part in said
    assert "+46701740605" in desk.asks("--numbers").output


def test_a_recording_that_can_or_cannot_be_heard_is_said_so(desk: Desk) -> None:
    desk.leave("RE1")
    desk.leave("RE2")
    desk.calls.note_recording("CA1", URL + "RE1", "ready", 75, LEFT_AT)
    desk.calls.note_recording("CA1", URL + "RE2", "failed", None, LEFT_AT)
    said = desk.asks().output
    assert f"RE1  {URL}RE1\n" in said
    assert f"RE2  {URL}RE2 (cannot be heard)\n" in said


def test_a_withheld_number_is_called_withheld(desk: Desk) -> None:
    desk.leave("RE1", caller=None)
    assert " withheld " in desk.asks("--numbers").output


def test_a_message_that_is_heard_leaves_the_list(desk: Desk) -> None:
    desk.leave("RE1")
    answer = desk.asks("--heard", "RE1", "--by", "Aino")
    assert answer.output == "The message of 2026-11-21 09:15 is marked as heard by Aino.\n"
    assert desk.asks().output == "No messages that nobody has heard.\n"
    assert "heard by Aino on " in desk.asks("--all").output
    again = desk.asks("--heard", "RE1", "--by", "Björn")
    assert again.exit_code == 0
    assert "had been heard by Aino on " in again.output


def test_the_beginning_of_an_id_will_do_when_it_fits_one_message(desk: Desk) -> None:
    desk.leave("RE1")
    desk.leave("RE12")
    desk.leave("RE2")
    several = desk.asks("--heard", "RE", "--by", "Aino")
    assert (several.exit_code, several.output) == (
        2,
        "Error: 3 messages have an id that begins with RE.\n",
    )
    none = desk.asks("--heard", "RX", "--by", "Aino")
    assert (none.exit_code, none.output) == (
        2,
        "Error: There is no message whose id begins with RX.\n",
    )
    assert desk.asks("--heard", "RE1", "--by", "Aino").exit_code == 0
    assert [one["id"] for one in json.loads(desk.asks("--json").output)] == ["RE12", "RE2"]


@pytest.mark.parametrize("words", [("--heard", "RE1"), ("--by", "Aino")])
def test_hearing_needs_a_message_and_a_name(desk: Desk, words: tuple[str, str]) -> None:
    answer = desk.asks(*words)
    assert answer.exit_code == 2
    assert "--heard ID and --by NAME go together." in answer.output


def test_a_program_gets_everything_as_json(desk: Desk) -> None:
    desk.leave("RE1")
    desk.store.mark_heard("RE1", "Aino", LEFT_AT + 60)
    [told] = json.loads(desk.asks("--json", "--all", "--numbers").output)
    assert told == {
        "id": "RE1",
        "left_at": "2026-11-21T08:15:00+00:00",
        "line": "main",
        "place": "main/message",
        "call": "CA1",
        "caller": "+46701740605",
        "language": "sv",
        "seconds": 75,
        "path": ["Faktura"],
        "said": ["min räkning [bold]"],
        "recording": URL + "RE1",
        "state": "under_way",
        "heard": {"by": "Aino", "at": "2026-11-21T08:16:00+00:00"},
    }


def test_the_store_of_redis_url_goes_before_that_of_the_run(desk: Desk) -> None:
    answer = desk.asks(REDIS_URL="redis://127.0.0.1:1/0")
    assert answer.exit_code == 2
    assert answer.output.startswith("Error: The store at 127.0.0.1:1 cannot be reached (")


def test_where_nothing_runs_there_is_a_sentence(desk: Desk) -> None:
    desk.server.stop()
    answer = desk.asks()
    assert answer.exit_code == 2
    assert answer.output.startswith("Error: Ringback is not running here: start it")
