"""The company's own systems are asked over real HTTP, and whatever they do there is an answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from msgspec import structs

from ivr.flow.inputs import LookedUp
from ivr.flow.moves import Reading, Request
from ivr.services.lookups import LARGEST_ANSWER, Lookups


@dataclass
class System:
    """A company's own system: `answer` is status and body; it waits for `go` first."""

    host: str = ""
    answer: tuple[int, bytes] = (200, b"{}")
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def system() -> Iterator[System]:
    there = System()
    there.go.set()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            there.asked.append((self.command, self.path, body))
            there.go.wait(10)
            status, content = there.answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there.host = f"localhost:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield there
        there.go.set()
        server.shutdown()


@pytest.fixture
def lookups(system: System) -> Iterator[Lookups]:
    asking = Lookups((system.host,), private_addresses=True)
    yield asking
    asking.close()


def question(system: System, **changes: object) -> Request:
    read = {
        "balance": Reading("account.balance", "number", private=True),
        "due": Reading("invoices.0.due", "date"),
        "first_name": Reading("name", consent="may_be_named"),
    }
    asked = Request("GET", f"http://{system.host}/customers/7", {}, 2.0, 0.0, read)
    return structs.replace(asked, **changes)


def _found(system: System, **content: object) -> None:
    system.answer = (200, json.dumps(content).encode())


def test_values_are_read_where_they_stand(system: System, lookups: Lookups) -> None:
    _found(system, account={"balance": 12.5}, invoices=[{"due": "2026-12-24"}], name="Aino",
           may_be_named=True)  # fmt: skip
    answer = lookups.ask(question(system))
    assert {name: kept.value for name, kept in answer.values.items()} == {
        "balance": Decimal("12.5"), "due": date(2026, 12, 24), "first_name": "Aino",
    }  # fmt: skip
    assert [name for name, kept in answer.values.items() if kept.private] == ["balance"]


@pytest.mark.parametrize("consent", [False, None, "yes", 1])
def test_a_first_name_without_consent_is_nothing(
    system: System, lookups: Lookups, consent: object
) -> None:
    _found(system, name="Aino", may_be_named=consent)
    assert lookups.ask(question(system)).values["first_name"].value is None


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        ((404, b""), "not_found", ""),
        ((500, b"{}"), "failed", "status 500"),
        ((302, b"{}"), "failed", "status 302"),
        ((200, b"<html>"), "failed", "the answer is no JSON"),
        ((200, b"\xff\xfe"), "failed", "the answer is no JSON"),
        ((200, b'{"account": {"balance": "a lot"}}'), "failed",
         "`balance` in the answer is no number"),
        ((200, b" " * (LARGEST_ANSWER + 2)), "failed", "the answer is larger than 65536 bytes"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_in_a_few_words(
    system: System, lookups: Lookups, answer: tuple[int, bytes], outcome: str, reason: str
) -> None:
    system.answer = answer
    told = lookups.ask(question(system))
    assert (told.outcome, told.reason) == (outcome, reason)


def test_a_system_that_is_slow_is_not_waited_for(system: System, lookups: Lookups) -> None:
    system.go.clear()
    told = lookups.ask(question(system, timeout=0.05))
    assert (told.outcome, told.reason) == ("failed", "no answer within 0.05 s")


def test_a_system_that_is_down_fails(lookups: Lookups, system: System) -> None:
    down = Lookups(("localhost:1",), private_addresses=True)
    told = down.ask(question(system, url="http://localhost:1/"))
    assert told.outcome == "failed"
    assert "no answer" in told.reason


def test_only_hosts_of_the_settings_are_asked(system: System, lookups: Lookups) -> None:
    told = lookups.ask(question(system, url="http://example.com/customers/7"))
    assert (told.outcome, told.reason) == ("failed", "the host example.com is not allowed")


def test_a_private_address_is_refused_unless_it_is_allowed(system: System) -> None:
    careful = Lookups((system.host,))
    told = careful.ask(question(system))
    assert (told.outcome, told.reason) == ("failed", "the host localhost has a private address")
    assert system.asked == []


def test_an_answer_is_remembered_as_long_as_it_may_be(system: System) -> None:
    now = [0.0]
    asking = Lookups((system.host,), private_addresses=True, monotonic=lambda: now[0])
    _found(system, account={"balance": 1})
    for at, times in ((0.0, 1), (59.0, 1), (61.0, 2)):
        now[0] = at
        assert asking.ask(question(system, remember_for=60.0)).outcome == "found"
        assert len(system.asked) == times


def test_a_failure_is_not_remembered(system: System, lookups: Lookups) -> None:
    system.answer = (500, b"")
    assert lookups.ask(question(system, remember_for=60.0)).outcome == "failed"
    _found(system)
    assert lookups.ask(question(system, remember_for=60.0)).outcome == "found"


def test_what_is_posted_is_json(system: System, lookups: Lookups) -> None:
    answer = lookups.ask(question(system, method="POST", body={"number": "7"}))
    assert answer.outcome == "found"
    assert system.asked == [("POST", "/customers/7", b'{"number":"7"}')]


def test_an_error_of_our_own_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    host = f"{'a' * 70}.example.com"
    asking = Lookups((host,))
    answer = asking.ask(Request("GET", f"http://{host}/customers/19121212", {}, 2.0, 0.0, {}))
    asking.close()
    assert answer == LookedUp("failed", reason="something of ours failed")
    assert "ivr/services/lookups.py:" in caplog.text and "UnicodeError" in caplog.text
    assert not any(words in caplog.text for words in ("19121212", "label", "Traceback"))
