"""`ringback texts`, as somebody at a terminal or a program uses it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from ivr.cli.texts import texts
from ivr.store.outbox import Change, OutboxStore, OutboxText, Stands, Waits
from ivr.store.senders import EVERY, SenderStore, Stop
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]

CONFIG = """\
company: Example Energy
time_zone: Europe/Stockholm
lines:
  main: {number: "+46846500400", flow: main}
fallback: {number: "+46846500499"}
"""
WANTED = 1_795_248_900.0  # 2026-11-21 09:15 in Stockholm
SENDER = "+46846500400"


class Desk:
    def __init__(self, folder: Path, redis: Redis, url: str) -> None:
        self.folder, self.url = folder, url
        self.outbox, self.senders = OutboxStore(redis), SenderStore(redis)

    def wants(self, name: str, to: str = "+46701740605") -> None:
        self.outbox.put(
            OutboxText(name, to, "soon", "en", "Secret 123", "We ring you [soon]", WANTED,
                       WANTED + 150, "CB1"),
            WANTED,
        )  # fmt: skip

    def asks(self, *words: str) -> Result:
        return CliRunner().invoke(
            texts, words, obj=self.folder / "config.yaml", env={"REDIS_URL": self.url}
        )


@pytest.fixture
def desk(tmp_path: Path, redis: Redis, store_url: str) -> Iterator[Desk]:
    (tmp_path / "config.yaml").write_text(CONFIG)
    yield Desk(tmp_path, redis, store_url)


def test_texts_are_listed_with_how_they_stand_and_without_what_is_private(desk: Desk) -> None:
    desk.wants("one")
    desk.wants("two", "+46701740606")
    stored = desk.outbox.read("two")
    assert stored is not None
    failed = Stands("failed", WANTED, SENDER, 1, code=30005, reason="there is no such telephone")
    assert desk.outbox.write(stored, Change(failed, Waits(), "failed"), WANTED)
    told = desk.asks().output
    assert "2026-11-21 09:15:00" in told and "We ring you [soon]" in told
    assert "there is no such telephone, error 30005" in told
    assert "Secret" not in told and "+46701740605" not in told
    only = json.loads(desk.asks("--state", "failed", "--json", "--numbers").output)
    assert [(one["id"], one["to"], one["code"]) for one in only] == [("two", "+46701740606", 30005)]
    assert [one["id"] for one in json.loads(desk.asks("--number", "0605", "--json").output)] == [
        "one"
    ]
    assert len(json.loads(desk.asks("--of", "CB1", "--json").output)) == 2
    assert desk.asks("--of", "CB2").output == "No such texts.\n"


def test_what_is_stopped_is_said_with_its_reason_and_lifted_by_command(desk: Desk) -> None:
    assert desk.asks().output == "No texts.\n"
    desk.senders.stop(Stop(SENDER, WANTED, 30034, "the sender is not registered"))
    desk.senders.stop(Stop(EVERY, WANTED, 20003, "the account or its token is refused"))
    told = desk.asks("senders").output
    assert f"{SENDER} sends nothing since 2026-11-21 09:15:00: the sender is not regist" in told
    assert "No texts are sent since" in told and "`ringback texts resume all`" in told
    assert desk.asks("resume", "Nobody").output == (
        "Error: `Nobody` is not stopped. Stopped: +46846500400, all.\n"
    )
    assert desk.asks("resume", "all").output == "Texts are sent again.\n"
    assert desk.asks("resume", SENDER).output == f"{SENDER} sends texts again.\n"
    assert json.loads(desk.asks("senders", "--json").output) == {"senders": [], "stopped": []}


def test_digits_that_are_none_are_said_so(desk: Desk) -> None:
    done = desk.asks("--number", "abc")
    assert (done.exit_code, done.output) == (
        2,
        "Error: --number takes a number, or the digits at its end.\n",
    )
