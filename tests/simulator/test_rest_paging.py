"""Lists in pages, through the official client; pages stand still while items come and go."""

from collections.abc import Iterator
from typing import Any

import pytest
from twilio.rest import Client

from ivr.simulator import Directory, EmbeddedCarrier, Line, SteppedClock
from tests.simulator.application import LINE, twilio_client
from tests.simulator.rest_requests import ask

FIRST = 46846500410


@pytest.fixture
def carrier() -> Iterator[EmbeddedCarrier]:
    directory = Directory(lines={LINE: Line(LINE, "http://127.0.0.1:9/voice")})
    with EmbeddedCarrier(directory, clock=SteppedClock(auto=False)) as opened:
        yield opened


@pytest.fixture
def client(carrier: EmbeddedCarrier) -> Client:
    return twilio_client(carrier)


def take_numbers(client: Client, count: int, start: int = 0) -> list[str]:
    """Numbers put into the account, in the order in which lists show them: the newest first."""
    taken = [
        client.incoming_phone_numbers.create(phone_number=f"+{FIRST + start + n}").phone_number
        for n in range(count)
    ]
    return taken[::-1]


def numbers(page: Any) -> list[str]:
    return [item.phone_number for item in page]


def test_the_client_follows_the_pages_to_the_end(client: Client) -> None:
    taken = take_numbers(client, 6)
    listed = client.incoming_phone_numbers.list(page_size=2)
    assert [item.phone_number for item in listed] == [*taken, LINE]


@pytest.mark.parametrize(("limit", "page_size"), [(3, 2), (4, 2), (1, 50), (7, 7), (100, 3)])
def test_a_limit_ends_the_list_within_a_page(client: Client, limit: int, page_size: int) -> None:
    taken = [*take_numbers(client, 6), LINE]
    listed = client.incoming_phone_numbers.list(limit=limit, page_size=page_size)
    assert [item.phone_number for item in listed] == taken[:limit]
    streamed = client.incoming_phone_numbers.stream(limit=limit, page_size=page_size)
    assert [item.phone_number for item in streamed] == taken[:limit]


def test_what_is_added_meanwhile_neither_repeats_nor_hides_anything(client: Client) -> None:
    taken = take_numbers(client, 6)
    page = client.incoming_phone_numbers.page(page_size=2)
    assert numbers(page) == taken[:2]
    take_numbers(client, 3, start=20)
    page = page.next_page()
    assert numbers(page) == taken[2:4]
    page = page.next_page()
    assert numbers(page) == taken[4:6]


def test_a_client_that_deletes_each_page_before_the_next_sees_everything(client: Client) -> None:
    taken = [*take_numbers(client, 6), LINE]
    seen: list[str] = []
    page = client.incoming_phone_numbers.page(page_size=2)
    while page is not None:
        items = list(page)
        seen += numbers(items)
        for item in items:
            assert item.delete()
        page = page.next_page()
    assert seen == taken
    assert client.incoming_phone_numbers.list() == []


def test_one_can_go_back_a_page(client: Client) -> None:
    taken = take_numbers(client, 5)
    first = client.incoming_phone_numbers.page(page_size=2)
    second = first.next_page()
    assert second.previous_page_url is not None
    assert numbers(second.previous_page()) == taken[:2]
    assert numbers(second.next_page().previous_page()) == taken[2:4]
    assert first.previous_page_url is None


def test_the_addresses_of_pages_keep_the_filters(carrier: EmbeddedCarrier, client: Client) -> None:
    take_numbers(client, 3)
    path = "/IncomingPhoneNumbers.json"
    body = ask(carrier, "GET", f"{path}?PhoneNumber=%2B468465004%2A&PageSize=1").body
    account = carrier.carrier.settings.account_sid
    base = f"/2010-04-01/Accounts/{account}{path}?PhoneNumber=%2B468465004%2A&PageSize=1"
    assert body["first_page_uri"] == f"{base}&Page=0"
    sid = body["incoming_phone_numbers"][0]["sid"]
    assert body["next_page_uri"] == f"{base}&Page=1&PageToken=PA{sid}.3"
    assert (body["page"], body["page_size"], body["start"], body["end"]) == (0, 1, 0, 0)


def test_page_alone_points_nowhere(carrier: EmbeddedCarrier, client: Client) -> None:
    take_numbers(client, 3)
    body = ask(carrier, "GET", "/IncomingPhoneNumbers.json?PageSize=2&Page=1").body
    assert [item["phone_number"] for item in body["incoming_phone_numbers"]] == [
        f"+{FIRST + 2}", f"+{FIRST + 1}",
    ]  # fmt: skip
    assert (body["page"], body["start"], body["end"]) == (1, 2, 3)


@pytest.mark.parametrize(
    ("query", "code"), [("PageSize=1001", 20007), ("PageToken=next", 21481), ("PageSize=a", 20001)]
)
def test_a_page_that_cannot_be_is_refused(carrier: EmbeddedCarrier, query: str, code: int) -> None:
    assert ask(carrier, "GET", f"/IncomingPhoneNumbers.json?{query}").refusal == (400, code)


def test_an_empty_list_is_one_empty_page(carrier: EmbeddedCarrier) -> None:
    body = ask(carrier, "GET", "/Recordings.json").body
    assert body["recordings"] == []
    assert (body["start"], body["end"], body["next_page_uri"], body["previous_page_uri"]) == (
        0, 0, None, None,
    )  # fmt: skip
