"""`ringback callbacks`, as somebody at a terminal or a program uses it, on a real store."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from ivr.cli.callbacks import callbacks
from ivr.cli.main import group
from tests.services.callbacks.promised import Promised
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

TEN = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Europe/Stockholm")).timestamp()
CONFIG = """
company: Example
time_zone: Europe/Stockholm
lines: {main: {number: "+46846500400", flow: main}}
fallback: {number: "+46846500499"}
schedules: {office: {weekly: {monday-friday: "08:00-16:00"}}}
queues:
  billing: {hours: office}
  moving: {hours: office}
"""
WHO = ("--by", "Eva", "--reason", "she rang")


class Desk(Promised):
    """A supervisor's desk, at ten in the morning."""

    def __init__(self, redis: Redis, url: str, folder: Path) -> None:
        super().__init__(redis, TEN)
        self.windows = self.room("billing", TEN + 3600, (2, 1, 2))
        self.config = folder / "config.yaml"
        self.config.write_text(CONFIG, encoding="utf-8")
        self.clock = folder / "clock"
        self.clock.write_text("2026-11-25T09:00:00+00:00", encoding="utf-8")
        self.environment = {"REDIS_URL": url, "RINGBACK_CLOCK_FILE": str(self.clock)}

    def asks(self, *words: str) -> Result:
        told = ["--config", str(self.config), "callbacks", *words]
        return CliRunner().invoke(group, told, env=self.environment)

    def says(self, *words: str, status: int = 0) -> str:
        """What is said, when it ends with this status."""
        answer = self.asks(*words)
        assert answer.exit_code == status, answer.output
        assert answer.exception is None or isinstance(answer.exception, SystemExit)
        return answer.output


@pytest.fixture
def desk(redis: Redis, store_url: str, tmp_path: Path) -> Iterator[Desk]:
    yield Desk(redis, store_url, tmp_path)


def test_an_empty_list_says_so(desk: Desk) -> None:
    assert desk.says() == desk.says("list") == "No callbacks.\n"
    assert desk.says("--queue", "moving") == "No such callbacks.\n"
    assert json.loads(desk.says("--json")) == {"callbacks": [], "total": 0}
    assert "none worked out" in desk.says("figures", "--queue", "moving")


def test_a_line_tells_when_they_are_called_and_how_it_stands(desk: Desk) -> None:
    desk.one(ago=600)
    desk.one(window=desk.windows[0], ago=30)
    desk.tried(desk.one(ago=300), outcome="busy", not_before=TEN + 180)
    desk.go(desk.one("moving", ago=100), "flagged", reason="a [wrong] number")
    told = [line.rstrip() for line in desk.says().splitlines()]
    assert told[0].split() == [
        "Queue", "Open", "In", "the", "line", "Oldest", "To", "decide", "Overbooked", "Kept",
        "today",
    ]  # fmt: skip
    assert told[1].split() == ["billing", "3", "1", "of", "1,", "100%", "10", "min"]
    assert told[2].split() == ["moving", "1", "100", "s", "1"]
    assert told[4:] == [
        "Id          Queue    Number        Call by      How it stands",
        "CA00000002  billing  +46•••••••06  11:00-11:30  booked",
        "CA00000004  moving   +46•••••••08  by 11:00     a supervisor decides: a [wrong] number",
        "CA00000003  billing  +46•••••••07  by 11:00     again at 10:03; busy",
        "CA00000001  billing  +46•••••••05  by 11:00     1st in the line",
    ]
    assert "+46701740606" in desk.says("--numbers")
    assert "The last 1 of 4" in desk.says("--last", "1")


def test_what_is_listed_can_be_chosen(desk: Desk) -> None:
    first, _ = desk.one(), desk.one("moving")
    desk.says("cancel", first.id, *WHO)

    def ids(*words: str) -> list[str]:
        return [one["id"][:10] for one in json.loads(desk.says(*words, "--json"))["callbacks"]]

    assert ids() == ids("--queue", "moving") == ids("--number", "06") == ["CA00000002"]
    assert ids("--state", "ended") == ids("--state", "cancelled") == ["CA00000001"]
    assert ids("--state", "open", "--state", "ended") == ["CA00000001", "CA00000002"]


def test_one_callback_is_told_with_all_its_moves(desk: Desk) -> None:
    one = desk.tried(desk.one(ago=300), outcome="no_answer", not_before=TEN + 600)
    desk.says("move", one.id, "--to", "12:00", *WHO)
    told = " ".join(desk.says("show", "CA00000001").split())
    for part in (
        "How it stands booked; no answer",
        "What is next they are told the new time by 10:02, or when they are called",
        "Promised 12:00-12:30, on the telephone at 2026-11-25 10:00:00 (they do not know yet)",
        "First rang 2026-11-25 09:55:00, 5 min ago",
        "Who Maria, sv About faktura Attempts 2026-11-25 10:00:00 no answer Moves",
        "1 2026-11-25 09:55:00 the person The place in the line is kept.",
        "6 2026-11-25 10:00:00 Eva To another window. (she rang)",
    ):
        assert part in told
    story = json.loads(desk.says("show", one.id, "--json"))
    assert [move["event"] for move in story["moves"]][-1] == "moved"


def test_figures_tell_the_room_of_every_window(desk: Desk) -> None:
    for _ in range(2):
        desk.one(window=desk.windows[1])
    told = " ".join(desk.says("figures", "--queue", "billing").split())
    assert told.endswith("billing Attempts none today Today 11:00 0/2 11:30 2/1 12:00 0/2")
    [figures] = json.loads(desk.says("figures", "--queue", "billing", "--json"))
    assert (figures["overbooked"], figures["windows"][1]["over"]) == (1, 1)


def test_everything_that_a_supervisor_does_is_told_in_a_line(desk: Desk) -> None:
    one = desk.one()
    for words, told in [
        (("move", "--to", "11:30"), "promised 11:30-12:00"),
        (("move", "--to", "place"), "number 1 in the line, promised by 16:00"),
        (("move", "--to", "2026-11-25T12:00+01:00"), "promised 12:00-12:30"),
        (("call-now",), "the next agent calls them"),
        (("hand-over", "--to", "Bo"), "Bo sees to it"),
        (("again",), "number 1 in the line, promised by 16:00"),
        (("call-off",), "called off; they are told so"),
        (("done",), "done"),
    ]:
        command, *more = words
        assert desk.says(command, one.id[:12], *more, *WHO) == f"CA00000001: {told}.\n"
    assert json.loads(desk.says("cancel", desk.one().id, *WHO, "--json"))["state"] == "cancelled"


@pytest.mark.parametrize(
    ("status", "words", "sentence"),
    [
        (1, ("move", "CA00000001", "--to", "11:10", *WHO), "No window begins then. Windows with"),
        (1, ("again", "CA00000001", *WHO), "It cannot be put at its place in the line: it stands"),
        (2, ("move", "CA00000001", "--to", "soon", *WHO), "--to takes when a window begins (14:00"),
        (2, ("move", "CA00000001", *WHO), "Give --to: when a window begins, or `place`."),
        (2, ("cancel", "CA00000001", "--by", "Eva"), "Give --reason: every change is kept with a"),
        (2, ("cancel", "CA00000001", "--by", " ", "--reason", "x"), "Give --by: every change is"),
        (2, ("cancel", "CA9", *WHO), "`CA9` is too short: give at least 4 letters."),
        (2, ("show", "CA99999"), "There is no callback whose id begins with CA99999."),
        (2, ("list", "--queue", "biling"), "There is no queue `biling` in config.yaml. Did you"),
        (2, ("list", "--number", "abc"), "--number takes a number, or the digits at its end."),
        (2, ("never", "112", *WHO), "`112` is not a number that is ever rung: emergency."),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    desk: Desk, status: int, words: tuple[str, ...], sentence: str
) -> None:
    desk.one()
    told = desk.says(*words, status=status)
    assert told.startswith(f"Error: {sentence}")
    assert told.count("\n") == 1


def test_nobody_is_called_now_at_night(desk: Desk) -> None:
    one = desk.one()
    desk.clock.write_text("2026-11-25T21:00:00+00:00", encoding="utf-8")
    told = desk.says("call-now", one.id, *WHO, status=1)
    assert "outside the hours in which people are rung; it can be from Thu 08:00 on." in told


def test_numbers_that_are_never_rung_are_listed_masked(desk: Desk) -> None:
    one = desk.one()
    assert desk.says("never") == "There is no number that is never rung.\n"
    number = one.callback.number
    told = f"{number} is not rung any more; cancelled: CA00000001.\n"
    assert desk.says("never", number, *WHO) == told
    listed = desk.says("never").splitlines()[1].split()
    assert listed == ["+46•••••••05", "10:00", "Eva", "she", "rang"]
    assert json.loads(desk.says("never", "--json", "--numbers"))[0]["number"] == number
    assert desk.says("allow", number, *WHO) == f"{number} may be rung again.\n"
    assert json.loads(desk.says("never", "--json")) == []


def test_at_a_terminal_what_is_missing_is_asked_for(desk: Desk) -> None:
    one = desk.one()
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from ivr.cli import main; main()"]
    with subprocess.Popen(
        [*command, "--config", str(desk.config), "callbacks", "move", one.id],
        stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | desk.environment,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        os.write(ours, b"2\nEva\nshe rang\n")
        assert process.wait(30) == 0
    heard = b""
    while True:
        try:
            heard += os.read(ours, 4096)
        except OSError:  # they have hung up
            break
    os.close(ours)
    told = heard.decode()
    assert "  2  11:30-12:00" in told
    assert "CA00000001: promised 11:30-12:00." in told
    after = desk.store.read(one.id)
    assert after is not None and after.callback.window == desk.windows[1]


def test_every_command_has_its_help(desk: Desk) -> None:
    told = desk.says("--help")
    assert all(f"\n  {name} " in told for name in callbacks.commands)
