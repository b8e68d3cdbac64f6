"""Whatever comes in, the network answers with a code or a sentence and goes on."""

import base64
import json
import string
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.simulator import Directory, EmbeddedCarrier, Line, SteppedClock
from ivr.simulator.errors import ApplicationError
from ivr.simulator.handset_actions import ACTIONS
from ivr.simulator.overrides import split
from ivr.simulator.rest.calls import CREATE
from ivr.simulator.twiml.document import parse
from ivr.simulator.twiml.grammar import check, elements
from tests.simulator.application import LINE

TAGS = sorted({element["tag"] for element in elements().values()} | {"say", "x"})
ATTRIBUTES = sorted({name for e in elements().values() for name in e["attributes"]} | {"y"})
SHORT = settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@pytest.fixture(scope="module")
def carrier() -> Iterator[EmbeddedCarrier]:
    directory = Directory({LINE: Line(LINE, "http://127.0.0.1:1/voice")})
    with EmbeddedCarrier(directory, clock=SteppedClock()) as embedded:
        yield embedded


@st.composite
def documents(draw: st.DrawFn, depth: int = 2) -> str:
    tag = draw(st.sampled_from(TAGS))
    attributes = draw(st.dictionaries(st.sampled_from(ATTRIBUTES), st.text("09azA-.# ", max_size=4),
                                      max_size=3))  # fmt: skip
    written = "".join(f" {name}='{value}'" for name, value in attributes.items())
    inside = [draw(st.text("ab é", max_size=5))]
    if depth:
        inside += draw(st.lists(documents(depth=depth - 1), max_size=3))
    return f"<{tag}{written}>{''.join(inside)}</{tag}>"


@SHORT
@given(st.lists(documents(), max_size=4))
def test_any_tree_is_judged(verbs: list[str]) -> None:
    for warning in check(parse(f"<Response>{''.join(verbs)}</Response>".encode())):
        assert warning.code >= 12200
        assert warning.text.startswith("line 1: ")


@SHORT
@given(st.binary(max_size=200) | documents().map(str.encode))
def test_any_bytes_are_a_document_or_an_error_of_the_application(body: bytes) -> None:
    try:
        assert parse(body).tag == "Response"
    except ApplicationError as error:
        assert error.code in (11770, 12100, 12102)


@SHORT
@given(st.text(string.printable, max_size=60))
def test_any_fragment_is_an_override_or_11243(fragment: str) -> None:
    try:
        url, overrides = split(f"http://a.example/v#{fragment}")
    except ApplicationError as error:
        assert error.code == 11243
    else:
        assert "#" not in url
        assert 0 <= overrides.retries <= 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.text("+46#*a ", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("*+4a", max_size=3), inner,
                                                                max_size=2),
    max_leaves=5,
)  # fmt: skip
KEYS = ("to", "from", "keys", "text", "seconds", "numbers", "people", "ask", "pace", "patience",
        "confidence", "does", "busy", "method", "fallback")  # fmt: skip


MESSAGES = st.tuples(
    st.sampled_from(sorted(ACTIONS)), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4)
)


@SHORT
@given(st.lists(MESSAGES, max_size=8))
def test_any_message_leaves_a_handset_usable(
    carrier: EmbeddedCarrier, messages: list[tuple[str, dict[str, object]]]
) -> None:
    with carrier.phone() as phone:
        for kind, details in messages:
            phone.send(kind, **details)
        phone.send("are you there")
        while phone.next_event().get("text") != "there is no message of type 'are you there'":
            pass


FIELDS = tuple(sorted({*CREATE.carried_out.split(), *CREATE.refused.split()}))
VALUES = st.sampled_from(
    ["", LINE, "+46846500410", "http://127.0.0.1:1/x", "<Response/>", "answered", "0", "5",
     "Enable", "true", "client:ann", "sip:a@b", "AP" + "0" * 32]
) | st.text(max_size=8)  # fmt: skip


@SHORT
@given(st.lists(st.tuples(st.sampled_from(FIELDS), VALUES), max_size=9))
def test_any_form_is_a_call_or_an_error_in_twilios_shape(
    carrier: EmbeddedCarrier, fields: list[tuple[str, str]]
) -> None:
    account = carrier.carrier.settings
    pair = f"{account.account_sid}:{account.auth_token}".encode()
    request = urllib.request.Request(
        f"{carrier.url}/2010-04-01/Accounts/{account.account_sid}/Calls.json",
        urlencode(fields).encode(), {"Authorization": "Basic " + base64.b64encode(pair).decode()},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request) as response:
            assert response.status == 201
    except urllib.error.HTTPError as error:
        with error:
            body = json.load(error)
        assert error.code == body["status"] == 400
        assert set(body) == {"code", "message", "more_info", "status"}
