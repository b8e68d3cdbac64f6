"""Test credentials, through the official client."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from tests.simulator.messaging.office import PERSON, Office
from tests.simulator.rest_transport import ToCarrier

GOOD = "+15005550006"


@pytest.fixture
def client(office: Office) -> Client:
    settings = office.carrier.carrier.settings
    return Client(
        settings.test_account_sid, settings.test_auth_token,
        http_client=ToCarrier(office.carrier.url),
    )  # fmt: skip


def outcome(create: Any, **wanted: str) -> tuple[int, int] | None:
    try:
        create(**wanted)
    except TwilioRestException as refused:
        return refused.status, refused.code
    return None


@pytest.mark.parametrize(
    ("sender", "to", "expected"),
    [
        ("+15005550001", PERSON, (400, 21212)), ("+15005550007", PERSON, (400, 21606)),
        ("+15005550008", PERSON, (429, 21611)), ("+46846500400", PERSON, (400, 21606)),
        (GOOD, PERSON, None), (GOOD, "+15005550001", (400, 21211)),
        (GOOD, "+15005550002", (400, 21612)), (GOOD, "+15005550003", (400, 21408)),
        (GOOD, "+15005550004", (400, 21610)), (GOOD, "+15005550009", (400, 21614)),
    ],
)  # fmt: skip
def test_texts_by_magic_numbers(
    office: Office, client: Client, sender: str, to: str, expected: tuple[int, int] | None
) -> None:
    assert outcome(client.messages.create, from_=sender, to=to, body="x") == expected
    office.settle()
    assert office.carrier.carrier.messages.all() == []
    assert office.app.seen == []


@pytest.mark.parametrize(
    ("sender", "to", "expected"),
    [
        ("+15005550001", PERSON, (400, 21212)), ("+46846500400", PERSON, (400, 21210)),
        (GOOD, PERSON, None), (GOOD, "+15005550001", (400, 21217)),
        (GOOD, "+15005550002", (400, 21214)), (GOOD, "+15005550003", (400, 21215)),
        (GOOD, "+15005550004", (400, 21216)),
    ],
)  # fmt: skip
def test_calls_by_magic_numbers(
    office: Office, client: Client, sender: str, to: str, expected: tuple[int, int] | None
) -> None:
    url = f"{office.app.base}/voice"
    assert outcome(client.calls.create, from_=sender, to=to, url=url) == expected
    office.settle()
    assert office.carrier.carrier.calls.all() == []
    assert office.app.seen == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"phone_number": "+15005550000"}, (400, 21422)),
        ({"phone_number": "+15005550001"}, (400, 21421)),
        ({"phone_number": GOOD}, None),
        ({"area_code": "533"}, (400, 21452)),
        ({"area_code": "500"}, None),
    ],
)
def test_numbers_by_magic_numbers(
    office: Office, client: Client, wanted: dict[str, str], expected: tuple[int, int] | None
) -> None:
    before = set(office.carrier.carrier.directory.lines)
    assert outcome(client.incoming_phone_numbers.create, **wanted) == expected
    assert set(office.carrier.carrier.directory.lines) == before


def test_nothing_else_can_be_tried_out(client: Client) -> None:
    for ask in (client.messages.list, client.calls.list, client.messages("SM" + "0" * 32).fetch):
        with pytest.raises(TwilioException, match=r"20008|Test Account Credentials"):
            ask()
