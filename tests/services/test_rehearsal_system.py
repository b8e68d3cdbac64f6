"""A company's systems as a script has them: asked over real HTTP, or at hand, with one result."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ivr.config import load
from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.flow.inputs import LookedUp
from ivr.flow.moves import Reading, Request
from ivr.services.calls import OneCompany
from ivr.services.company import load_company
from ivr.services.lookups import Lookups
from ivr.services.rehearsal.surroundings import (
    NOTHING,
    Queue,
    RehearsedCompanies,
    Surroundings,
    encode,
)
from ivr.services.rehearsal.system import FAILURES, CompanySystem, Reply, SystemAtHand
from ivr.services.rehearsal.system_server import SystemServer
from tests.rehearsed import company_in

FIND = "main/find"
BALANCE = Reply(body=b'{"account": {"balance": 12.5}}')


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return load_company(load(company_in(tmp_path), {}), datetime.now(UTC)).company


@pytest.fixture
def system(company: Company) -> CompanySystem:
    return CompanySystem(company.flows)


@pytest.fixture
def server(system: CompanySystem) -> Iterator[SystemServer]:
    with SystemServer(system) as running:
        yield running


def request(number: str = "1234", *, method: str = "GET", remember_for: float = 0.0) -> Request:
    url = f"https://crm.example.com/customers/{number}?full=yes"
    read = {"balance": Reading("account.balance", "number")}
    return Request(method, url, {}, 1.0, remember_for, read)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reply", "outcome", "reasons"),
    [
        (BALANCE, "found", ("", "")),
        (FAILURES["not_found"], "not_found", ("", "")),
        (FAILURES["slow"], "failed", ("no answer within 1 s",) * 2),
        (FAILURES["down"], "failed", ("no answer", "no answer (ProtocolError)")),
        (FAILURES["nonsense"], "failed", ("the answer is no JSON",) * 2),
        (Reply(status=500), "failed", ("status 500",) * 2),
        (Reply(body=b'{"account": {"balance": "much"}}'), "failed",
         ("`balance` in the answer is no number",) * 2),
    ],
)  # fmt: skip
def test_over_http_and_at_hand_the_same_is_read(
    system: CompanySystem, server: SystemServer, reply: Reply, outcome: str,
    reasons: tuple[str, str],
) -> None:  # fmt: skip
    lookups = Lookups(("crm.example.com",), at=server.url)
    system.begin({FIND: [reply]})
    near, far = SystemAtHand(system).ask(request()), lookups.ask(request())
    lookups.close()
    assert (near.outcome, far.outcome, near.values) == (outcome, outcome, far.values)
    assert (near.reason, far.reason) == reasons


def test_a_host_that_the_settings_do_not_allow_is_not_asked_even_then(server: SystemServer) -> None:
    lookups = Lookups(("other.example.com",), at=server.url)
    assert lookups.ask(request()).reason == "the host crm.example.com is not allowed"
    assert server.system.unanswered == ""
    lookups.close()


@pytest.mark.parametrize(
    "asked", [request(method="POST"), request("12/34"), request("1234&x=1"), request("1?2")]
)
def test_only_the_address_of_a_node_is_its_question(system: CompanySystem, asked: Request) -> None:
    system.begin({FIND: [BALANCE]})
    assert SystemAtHand(system).ask(asked).outcome == "failed"
    assert "crm.example.com" in system.unanswered
    assert "12" not in system.unanswered


def test_what_nobody_gave_is_noted_until_the_next_call(system: CompanySystem) -> None:
    system.begin({})
    SystemAtHand(system).ask(request())
    assert system.unanswered == FIND
    system.begin({FIND: [BALANCE]})
    assert system.unanswered == ""


def ask_twice(ask: object) -> list[Decimal]:
    answers = [ask(request(remember_for=60.0)) for _ in range(2)]  # type: ignore[operator]
    assert all(isinstance(answer, LookedUp) for answer in answers)
    return [answer.values["balance"].value for answer in answers]


def test_an_answer_is_remembered_for_the_call_and_forgotten_with_it(
    system: CompanySystem, server: SystemServer
) -> None:
    other = Reply(body=b'{"account": {"balance": 99}}')
    lookups = Lookups(("crm.example.com",), at=server.url)
    for ask in (SystemAtHand(system).ask, lookups.ask):
        system.begin({FIND: [BALANCE, other]})
        assert ask_twice(ask) == [Decimal("12.5")] * 2
    lookups.forget()
    assert ask_twice(lookups.ask) == [Decimal(99)] * 2
    lookups.close()


def test_what_stands_in_the_file_is_around_the_calls_and_each_change_is_told(
    company: Company, tmp_path: Path
) -> None:
    file = tmp_path / "surroundings"
    file.write_bytes(encode(NOTHING, 1))
    changes: list[None] = []
    companies = RehearsedCompanies(OneCompany(company), file, lambda: changes.append(None))
    call = Call("CA1", "main", company.flows.version, "en", 0.0)
    for usual in (companies.for_new_call("CA1", "+46846500400", None), companies.for_call(call)):
        assert usual.schedules == company.schedules
        # Where the script says nothing of a queue, somebody is there and nobody waits.
        assert (usual.boards["support"].agents, usual.boards["support"].waiting) == (1, 0)
    assert len(changes) == 1
    file.write_bytes(encode(Surroundings({"office": "holiday"}, {"support": Queue(12, 3)}), 2))
    now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    around = companies.for_call(call)
    assert around.schedules["office"].state(now) == "holiday"
    assert company.schedules["office"].state(now) == "open"
    assert around.boards["support"].waiting == 12
    assert len(changes) == 2
