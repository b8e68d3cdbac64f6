"""Faults that strike REST requests, as the official client meets them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.application import LINE, TEAM, Network, eventually, twiml
from tests.simulator.faults.conftest import Put
from tests.simulator.rest_requests import ask
from tests.simulator.rest_transport import ToCarrier

HELLO = twiml("<Say>Hello</Say>")


@pytest.fixture
def client(network: Network) -> Client:
    return network.twilio()


def create(client: Client) -> str:
    sid: str = client.calls.create(to=TEAM, from_=LINE, twiml=HELLO).sid
    return sid


def calls(network: Network) -> int:
    return len(network.carrier.carrier.calls.all())


@contextmanager
def nothing_comes_back() -> Iterator[None]:
    with pytest.raises(requests.exceptions.ConnectionError):
        yield


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(("status", "code"), [(500, 20500), (503, 20503)])
def test_a_refusal_looks_the_same_whether_the_work_was_done_or_not(
    network: Network, client: Client, put: Put, status: int, code: int, when: str, made: int
) -> None:
    put("rest", "refused", status=status, when=when, times=1)
    with pytest.raises(TwilioRestException) as raised:
        create(client)
    assert (raised.value.status, raised.value.code) == (status, code)
    assert calls(network) == made
    assert create(client)


def test_too_many_requests_is_always_before_the_work(
    network: Network, client: Client, put: Put
) -> None:
    put("rest", "refused", status=429, times=1)
    with pytest.raises(TwilioRestException) as raised:
        create(client)
    assert (raised.value.status, raised.value.code) == (429, 20429)
    assert calls(network) == 0


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_connection_cut_leaves_the_client_not_knowing(
    network: Network, client: Client, put: Put, when: str, made: int
) -> None:
    put("rest", "cut", when=when, times=1)
    with nothing_comes_back():
        create(client)
    assert calls(network) == made
    assert create(client)


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_an_answer_that_is_lost_is_waited_for_until_the_client_gives_up(
    network: Network, put: Put, when: str, made: int
) -> None:
    put("rest", "lost", when=when)
    transport = ToCarrier(network.carrier.url)
    transport.timeout = 0.2
    settings = network.carrier.carrier.settings
    client = Client(settings.account_sid, settings.auth_token, http_client=transport)
    with pytest.raises(requests.exceptions.ReadTimeout):
        create(client)
    eventually(lambda: calls(network) == made)


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_is_late_by_telephony_time(
    network: Network, client: Client, put: Put, when: str
) -> None:
    put("rest", "late", seconds=600, when=when)
    clock = network.carrier.carrier.clock
    began = clock.now()
    call = network.carrier.carrier.calls.get(create(client))
    assert clock.now() - began >= timedelta(minutes=10)
    assert call is not None
    assert call.created_at - began == timedelta(minutes=10 if when == "before" else 0)


def test_only_what_fits_is_struck(network: Network, client: Client, put: Put) -> None:
    fault = put("rest", "refused", method="POST", url="*/Calls.json", call=TEAM)
    sid_of_nobody = "CA" + "0" * 32
    assert client.calls.list() == []
    with pytest.raises(TwilioRestException) as missing:
        client.calls(sid_of_nobody).update(status="completed")
    assert missing.value.status == 404
    assert client.calls.create(to="+46846500411", from_=LINE, twiml=HELLO).sid
    with pytest.raises(TwilioRestException) as refused:
        create(client)
    assert refused.value.status == 503
    assert (fault.met, fault.struck) == (1, 1)


def test_one_call_can_be_singled_out(network: Network, client: Client, put: Put) -> None:
    first, second = create(client), create(client)
    put("rest", "refused", call=first)
    assert client.calls(second).fetch().sid == second
    with pytest.raises(TwilioRestException):
        client.calls(first).fetch()


def test_a_request_that_no_resource_saw_stands_in_the_journal_all_the_same(
    network: Network, client: Client, put: Put
) -> None:
    put("rest", "cut", times=1)
    with nothing_comes_back():
        create(client)
    journal = network.carrier.carrier.journal
    (exchange,) = journal.requests(purpose="rest")
    assert (exchange.status, exchange.fault) == (None, "cut")
    assert ("To", TEAM) in exchange.fields
    assert journal.notes[-1].text.startswith("F1 (cut, before) strikes rest POST /2010-04-01/")


def test_the_company_closes_although_somebody_waits_for_an_answer(
    network: Network, put: Put
) -> None:
    put("rest", "lost")
    settings = network.carrier.carrier.settings
    url = f"{network.carrier.url}/2010-04-01/Accounts/{settings.account_sid}/Calls.json"

    async def give_up_on_it() -> None:
        network.carrier.carrier.faults.closing.set()

    network.carrier.run(give_up_on_it())
    with nothing_comes_back():
        requests.get(url, auth=(settings.account_sid, settings.auth_token), timeout=20)


BOUNDARY = "multipart/form-data; boundary=x"
FILE = b'--x\r\nContent-Disposition: form-data; name="To"; filename="t"\r\n\r\n1\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("body", "content_type", "refusal"),
    [
        (b"no boundary", "multipart/form-data", (400, 20001)),
        (b"not what was announced", BOUNDARY, (400, 20001)),
        (FILE, BOUNDARY, (400, 20001)),
        (b"To=" + b"1" * 1_100_000, "application/x-www-form-urlencoded", (413, 20001)),
    ],
    ids=["no boundary", "malformed", "a file", "too large"],
)
def test_a_form_that_cannot_be_read_is_refused_though_a_fault_is_set(
    network: Network, put: Put, body: bytes, content_type: str, refusal: tuple[int, int]
) -> None:
    fault = put("rest", "refused", call=TEAM)
    answered = ask(network.carrier, "POST", "/Calls.json", body=body, content_type=content_type)
    assert answered.refusal == refusal
    assert fault.struck == 0
    put("rest", "refused", status=503, times=1)
    answered = ask(network.carrier, "POST", "/Calls.json", body=body, content_type=content_type)
    assert answered.refusal == (503, 20503)
