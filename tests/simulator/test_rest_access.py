"""Who may ask, by what, and how many at once."""

import base64
import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from tests.simulator.application import LINE, TEAM, eventually
from tests.simulator.rest_requests import ask
from tests.simulator.rest_transport import ToCarrier

KEY, SECRET = "SK" + "0" * 32, "a secret"
GOOD_SENDER = "+15005550006"


@pytest.fixture
def carrier() -> Iterator[EmbeddedCarrier]:
    directory = Directory(lines={LINE: Line(LINE, "http://127.0.0.1:9/voice")})
    settings = Settings(api_keys=((KEY, SECRET),))
    with EmbeddedCarrier(directory, settings, clock=SteppedClock(auto=False)) as opened:
        yield opened


@pytest.fixture
def tester(carrier: EmbeddedCarrier) -> Client:
    """The official client with test credentials."""
    settings = carrier.carrier.settings
    return Client(
        settings.test_account_sid, settings.test_auth_token, http_client=ToCarrier(carrier.url)
    )


def test_an_api_key_opens_what_the_token_opens(carrier: EmbeddedCarrier) -> None:
    account = carrier.carrier.settings.account_sid
    client = Client(KEY, SECRET, account, http_client=ToCarrier(carrier.url))
    call = client.calls.create(to=TEAM, from_=LINE, twiml="<Response/>")
    assert client.calls(call.sid).fetch().account_sid == account


@pytest.mark.parametrize(
    ("user", "password"),
    [
        (KEY, "another secret"),
        ("SK" + "1" * 32, SECRET),
        ("", SECRET),
        (KEY, ""),
        ("ÅÄÖ", "ÅÄÖ"),
    ],
)
def test_what_does_not_fit_together_is_401(
    carrier: EmbeddedCarrier, user: str, password: str
) -> None:
    answered = ask(carrier, "GET", "/Calls.json", user=user or "x", password=password or "x")
    assert answered.refusal == (401, 20003)
    assert answered.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'


@pytest.mark.parametrize("header", ["", "Basic", "Basic ???", "Basic /w==", "Bearer abc"])
def test_an_authorization_that_says_nothing_is_401(carrier: EmbeddedCarrier, header: str) -> None:
    path = f"/2010-04-01/Accounts/{carrier.carrier.settings.account_sid}/Calls.json"
    request = urllib.request.Request(carrier.url + path)
    if header:
        request.add_header("Authorization", header)
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(request)
    raised.value.close()
    assert raised.value.code == 401


def test_no_token_opens_the_other_account(carrier: EmbeddedCarrier) -> None:
    settings = carrier.carrier.settings
    other = settings.test_account_sid
    assert ask(carrier, "GET", "/Calls.json", account=other).refusal == (401, 20003)
    answered = ask(carrier, "GET", "/Calls.json", user=other, password=settings.test_auth_token)
    assert answered.refusal == (401, 20003)


def test_nobody_learns_without_a_password_what_there_is(carrier: EmbeddedCarrier) -> None:
    for path in ("/Calls.json", "/Nonsense.json", "/Calls/CA1.json"):
        assert ask(carrier, "GET", path, user="x", password="x").status == 401


def test_a_call_by_test_credentials_is_shown_and_never_made(
    carrier: EmbeddedCarrier, tester: Client
) -> None:
    call = tester.calls.create(to=TEAM, from_=GOOD_SENDER, twiml="<Response/>")
    assert (call.status, call.to, call._from) == ("queued", TEAM, GOOD_SENDER)
    assert call.account_sid == carrier.carrier.settings.test_account_sid
    assert carrier.carrier.calls.all() == []


def test_a_text_by_test_credentials_is_shown_and_never_sent(
    carrier: EmbeddedCarrier, tester: Client
) -> None:
    message = tester.messages.create(to="+46701740606", from_=GOOD_SENDER, body="Hello")
    assert (message.status, message.body, message.num_segments) == ("queued", "Hello", "1")
    assert ask(carrier, "GET", "/Messages.json").body["messages"] == []


def test_a_number_bought_by_test_credentials_is_shown_and_never_owned(
    carrier: EmbeddedCarrier, tester: Client
) -> None:
    number = tester.incoming_phone_numbers.create(
        phone_number=GOOD_SENDER, voice_url="http://127.0.0.1:9/voice", friendly_name="Mine"
    )
    assert (number.phone_number, number.friendly_name) == (GOOD_SENDER, "Mine")
    assert number.voice_url == "http://127.0.0.1:9/voice"
    assert list(carrier.carrier.directory.lines) == [LINE]
    assert tester.incoming_phone_numbers.create(area_code="500").phone_number.startswith("+1500")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": TEAM, "from_": "+15005550001"}, 21212),
        ({"to": TEAM, "from_": LINE}, 21210),
        ({"to": "+15005550001", "from_": GOOD_SENDER}, 21217),
        ({"to": "+15005550002", "from_": GOOD_SENDER}, 21214),
        ({"to": "+15005550003", "from_": GOOD_SENDER}, 21215),
        ({"to": "+15005550004", "from_": GOOD_SENDER}, 21216),
        ({"to": TEAM, "from_": GOOD_SENDER, "timeout": "601"}, 21208),
        ({"to": TEAM, "from_": GOOD_SENDER, "time_limit": "soon"}, 20001),
    ],
)
def test_magic_numbers_of_calls_are_honoured_and_the_rest_is_judged_as_ever(
    tester: Client, fields: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as raised:
        tester.calls.create(twiml="<Response/>", **fields)
    assert (raised.value.status, raised.value.code) == (400, code)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phone_number": "+15005550000"}, 21422),
        ({"phone_number": "+15005550001"}, 21421),
        ({"area_code": "533"}, 21452),
        ({"phone_number": GOOD_SENDER, "voice_url": "here"}, 21402),
    ],
)
def test_magic_numbers_to_be_bought_are_honoured(
    tester: Client, fields: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as raised:
        tester.incoming_phone_numbers.create(**fields)
    assert (raised.value.status, raised.value.code) == (400, code)


def test_everything_else_is_closed_to_test_credentials(tester: Client) -> None:
    for attempt in (
        lambda: tester.queues.create(friendly_name="support"),
        tester.calls("CA" + "0" * 32).fetch,
        tester.calls("CA" + "0" * 32).delete,
    ):
        with pytest.raises(TwilioRestException) as raised:
            attempt()
        assert (raised.value.status, raised.value.code) == (403, 20008)


def test_every_answer_bears_twilios_headers(carrier: EmbeddedCarrier) -> None:
    for path in ("/Calls.json", "/Nonsense.json"):
        headers = ask(carrier, "GET", path).headers
        assert re.fullmatch("RQ[0-9a-f]{32}", headers["Twilio-Request-Id"])
        assert re.fullmatch(r"\d+\.\d{3}", headers["Twilio-Request-Duration"])
        assert headers["Twilio-Concurrent-Requests"] == "1"


def set_limit(carrier: EmbeddedCarrier, limit: object) -> dict[str, int]:
    data = json.dumps({"rest_concurrency": limit}).encode()
    with urllib.request.urlopen(carrier.url + "/_carrier/limits", data) as response:
        shown: dict[str, int] = json.load(response)
        return shown


def half_a_request(carrier: EmbeddedCarrier) -> socket.socket:
    """A create of a call whose form has not come whole."""
    parts = urlsplit(carrier.url)
    opened = socket.create_connection((parts.hostname, parts.port), timeout=20)
    settings = carrier.carrier.settings
    pair = f"{settings.account_sid}:{settings.auth_token}".encode()
    encoded = base64.b64encode(pair).decode()
    opened.sendall(
        f"POST /2010-04-01/Accounts/{settings.account_sid}/Calls.json HTTP/1.1\r\n"
        f"Host: {parts.netloc}\r\nAuthorization: Basic {encoded}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\nTo=".encode()
    )
    return opened


def test_more_requests_at_once_than_the_limit_are_429_and_not_processed(
    carrier: EmbeddedCarrier,
) -> None:
    assert set_limit(carrier, 2) == {"rest_concurrency": 2, "under_way": 0}
    with closing(half_a_request(carrier)) as first, closing(half_a_request(carrier)) as second:
        eventually(lambda: carrier.carrier.concurrency.under_way == 2)
        fields = {"To": TEAM, "From": LINE, "Twiml": "<Response/>"}
        answered = ask(carrier, "POST", "/Calls.json", fields)
        assert answered.refusal == (429, 20429)
        assert answered.headers["Twilio-Concurrent-Requests"] == "3"
        assert carrier.carrier.calls.all() == []
        first.sendall(b"+4")
        assert first.recv(12) == b"HTTP/1.1 400"
        eventually(lambda: carrier.carrier.concurrency.under_way == 1)
        assert ask(carrier, "POST", "/Calls.json", fields).status == 201
        second.sendall(b"+4")
        assert second.recv(12) == b"HTTP/1.1 400"


def test_the_limit_can_be_taken_away_again(carrier: EmbeddedCarrier) -> None:
    set_limit(carrier, 1)
    with closing(half_a_request(carrier)):
        eventually(lambda: carrier.carrier.concurrency.under_way == 1)
        assert ask(carrier, "GET", "/Calls.json").status == 429
        set_limit(carrier, 0)
        assert ask(carrier, "GET", "/Calls.json").status == 200


@pytest.mark.parametrize("limit", [-1, "five", True, None, 1.5])
def test_a_limit_that_is_no_number_is_refused_with_a_sentence(
    carrier: EmbeddedCarrier, limit: object
) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        set_limit(carrier, limit)
    raised.value.close()
    assert raised.value.code == 400


def test_an_error_of_our_own_is_500_in_twilios_shape_and_the_company_goes_on(
    carrier: EmbeddedCarrier,
) -> None:
    del carrier.carrier.recordings
    assert ask(carrier, "GET", "/Recordings.json").refusal == (500, 20500)
    assert carrier.carrier.journal.exchanges[-1].error == 20500
    assert ask(carrier, "GET", "/Calls.json").status == 200
