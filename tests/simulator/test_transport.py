"""How the network fetches documents: redirects, retries, time-outs, types, sizes, fallbacks."""

import socket
import threading
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from ivr.simulator.errors import ApplicationError
from ivr.simulator.overrides import DEFAULTS, split
from tests.simulator.application import LINE, Application, Network, twiml

APOLOGY = "We are sorry, an application error has occurred. Goodbye."
HELLO = twiml("<Say>Hello</Say>")


def typed(body: str | bytes, content_type: str | None) -> Response:
    response = Response(body)
    if content_type is None:
        del response.headers["Content-Type"]
    else:
        response.headers["Content-Type"] = content_type
    return response


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("kind", ["text/xml", "application/xml; charset=utf-8", "text/html"])
def test_these_types_are_read_as_twiml(network: Network, kind: str) -> None:
    network.app.on("/voice", typed(HELLO, kind))
    network.call()
    assert network.hear_all() == ["Hello"]


def test_plain_text_is_twiml_if_it_parses(network: Network) -> None:
    network.app.on("/voice", typed(HELLO, "text/plain"))
    network.call()
    assert network.hear_all() == ["Hello"]


def test_plain_text_that_is_no_twiml_is_read_aloud(network: Network) -> None:
    network.app.on("/voice", typed("We are closed.", "text/plain"))
    network.call()
    assert network.hear_all() == ["We are closed."]


@pytest.mark.parametrize("kind", ["application/json", "image/png", None])
def test_another_type_is_refused_with_12300(network: Network, kind: str | None) -> None:
    network.app.on("/voice", typed(HELLO, kind))
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.codes() == [12300]


def test_the_charset_of_the_content_type_is_honoured(network: Network) -> None:
    body = twiml("<Say>Grüße, åäö</Say>").encode("iso-8859-1")
    network.app.on("/voice", typed(body, "text/xml; charset=iso-8859-1"))
    network.call()
    assert network.hear_all() == ["Grüße, åäö"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Response><Say>unclosed</Response>", 12100),
        (' <?xml version="1.0" encoding="UTF-8"?><Response/>', 12100),
        ("<Respond/>", 12102),
        ("", 11770),
        ("<Response><Say>\x01</Say></Response>", 12100),
        ('<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Response><Say>&b;</Say></Response>',
         12100),
        (twiml("<Say>" + "a" * 65_536 + "</Say>"), 11750),
    ],
    ids=["unclosed", "blank before declaration", "other root", "empty", "control character",
         "entity bomb", "over 64 kB"],
)  # fmt: skip
def test_a_document_that_twilio_cannot_read_ends_in_the_canned_message(
    network: Network, body: str, code: int
) -> None:
    network.app.on("/voice", typed(body, "text/xml"))
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.codes() == [code]


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_an_error_status_is_11200(network: Network, status: int) -> None:
    network.app.on("/voice", Response(HELLO, status, mimetype="text/xml"))
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.codes() == [11200]
    assert len(network.app.seen) == 1


def test_up_to_ten_redirects_are_followed(network: Network) -> None:
    for number in range(10):
        path = "/voice" if number == 0 else f"/{number}"
        network.app.on(path, Response(status=302, headers={"Location": f"/{number + 1}"}))
    network.app.on("/10", HELLO)
    network.call()
    assert network.hear_all() == ["Hello"]
    assert network.app.to("/1")[0].method == "GET"


def test_the_eleventh_redirect_is_11215(network: Network) -> None:
    network.app.on("/voice", Response(status=302, headers={"Location": "/voice"}))
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.codes() == [11215]


def test_a_307_keeps_the_method_and_the_fields(network: Network) -> None:
    network.app.on("/voice", Response(status=307, headers={"Location": "/moved"}))
    network.app.on("/moved", HELLO)
    network.call()
    assert network.hear_all() == ["Hello"]
    (request,) = network.app.to("/moved")
    assert (request.method, request.fields["To"]) == ("POST", LINE)


def test_relative_addresses_resolve_against_where_the_redirect_led(network: Network) -> None:
    network.app.on("/voice", Response(status=302, headers={"Location": "/deep/er/doc"}))
    network.app.on("/deep/er/doc", twiml("<Redirect>next</Redirect>"))
    network.app.on("/deep/er/next", HELLO)
    network.call()
    assert network.hear_all() == ["Hello"]


def test_basic_authentication_of_a_url_is_given_only_when_asked_for(network: Network) -> None:
    def guarded(request: Request) -> Response:
        if request.authorization is None:
            return Response(status=401, headers={"WWW-Authenticate": "Basic realm=x"})
        assert (request.authorization.username, request.authorization.password) == ("ann", "s@e")
        return Response(HELLO, mimetype="text/xml")

    network.app.on("/voice", guarded)
    network.phone.dial(network.app.base.replace("://", "://ann:s%40e@") + "/voice")
    assert network.hear_all() == ["Hello"]
    assert ["Authorization" in r.headers for r in network.app.seen] == [False, True]


class TestWithoutAnApplication:
    """Lines whose application does not answer."""

    def test_a_refused_connection_is_retried_once_and_is_11205(
        self, network: Network, silent_port: int
    ) -> None:
        network.phone.dial(f"http://127.0.0.1:{silent_port}/voice")
        assert network.hear_all() == [APOLOGY]
        assert network.codes() == [11205]
        (exchange,) = network.carrier.carrier.journal.requests()
        assert exchange.attempts == 2

    def test_rc_sets_how_often_a_connection_is_tried_again(
        self, network: Network, silent_port: int
    ) -> None:
        network.phone.dial(f"http://127.0.0.1:{silent_port}/voice#rc=4")
        assert network.hear_all() == [APOLOGY]
        assert network.carrier.carrier.journal.requests()[0].attempts == 5

    def test_rt_sets_how_long_an_answer_may_take(self, network: Network, deaf_port: int) -> None:
        network.phone.dial(f"http://127.0.0.1:{deaf_port}/voice#rt=100")
        assert network.hear_all() == [APOLOGY]
        assert network.codes() == [11200]
        assert network.carrier.carrier.journal.requests()[0].attempts == 1

    def test_rp_rt_retries_an_answer_that_did_not_come(
        self, network: Network, deaf_port: int
    ) -> None:
        network.phone.dial(f"http://127.0.0.1:{deaf_port}/voice#rt=100&rp=rt&rc=2")
        assert network.hear_all() == [APOLOGY]
        assert network.carrier.carrier.journal.requests()[0].attempts == 3

    def test_an_unknown_host_is_11210(self, network: Network) -> None:
        network.phone.dial("http://nobody.invalid/voice")
        assert network.hear_all() == [APOLOGY]
        assert network.codes() == [11210]

    def test_whatever_the_overrides_say_a_request_ends_at_the_cap(
        self, app: Application, deaf_port: int
    ) -> None:
        line = Line(LINE, f"http://127.0.0.1:{deaf_port}/voice#rt=15000&tt=15000&rp=all&rc=5")
        settings = Settings(webhook_time=0.2)
        with EmbeddedCarrier(Directory({LINE: line}), settings, SteppedClock()) as carrier:
            with carrier.phone() as phone:
                phone.dial(LINE)
                phone.until("ended")
            (exchange,) = carrier.carrier.journal.requests()
        assert (exchange.error, exchange.detail) == (11200, "no complete answer within 0.2 s")


def test_the_cap_is_fifteen_seconds() -> None:
    assert Settings().webhook_time == 15


def test_rp_5xx_retries_with_the_same_idempotency_token(network: Network) -> None:
    answers = iter([Response(status=503), Response(HELLO, mimetype="text/xml")])
    network.app.on("/flaky", lambda request: next(answers))
    network.phone.dial(f"{network.app.base}/flaky#rp=5xx")
    assert network.hear_all() == ["Hello"]
    tokens = {request.headers["I-Twilio-Idempotency-Token"] for request in network.app.seen}
    assert (len(network.app.seen), len(tokens)) == (2, 1)


def test_a_partial_answer_is_never_retried(network: Network) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connections = []

        def break_off() -> None:
            connection, _ = server.accept()
            connections.append(connection)
            connection.recv(65_536)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 99\r\n\r\n<Resp"
            )
            connection.close()

        thread = threading.Thread(target=break_off)
        thread.start()
        port = server.getsockname()[1]
        network.phone.dial(f"http://127.0.0.1:{port}/voice#rp=all&rc=5")
        assert network.hear_all() == [APOLOGY]
        thread.join()
    assert network.codes() == [11200]
    assert network.carrier.carrier.journal.requests()[0].attempts == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [(b"", 11200), (b"HELO there\r\n\r\n", 11206), (b"HTTP/1.1 200 OK\r\nx\r\n\r\n", 11206)],
    ids=["nothing at all", "no HTTP", "a broken header"],
)
def test_what_is_no_http_answer_has_its_own_code(
    network: Network, answer: bytes, code: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reply() -> None:
            connection, _ = server.accept()
            with connection:
                read = b""
                while b"CalledCountry" not in read:
                    read += connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=reply)
        thread.start()
        network.phone.dial(f"http://127.0.0.1:{server.getsockname()[1]}/voice")
        assert network.hear_all() == [APOLOGY]
        thread.join()
    assert network.codes() == [code]


def test_a_port_that_speaks_no_tls_is_11220(network: Network) -> None:
    network.phone.dial(network.app.base.replace("http:", "https:") + "/voice")
    assert network.hear_all() == [APOLOGY]
    assert network.codes() == [11220]


def test_overrides_are_read_from_the_fragment_and_the_rest_is_the_url() -> None:
    url, overrides = split("https://a.example/v?x=1#rc=2&rp=ct,5xx&rt=4000&ct=100&tt=9000&e=dublin")
    assert url == "https://a.example/v?x=1"
    assert (overrides.retries, overrides.read, overrides.connect, overrides.total) == (2, 4, 0.1, 9)
    assert overrides.retries_on("5xx")
    assert not overrides.retries_on("rt")


def test_without_a_fragment_one_retry_follows_a_failed_connection() -> None:
    assert split("http://a.example/v")[1] == DEFAULTS
    assert (DEFAULTS.retries, DEFAULTS.connect, DEFAULTS.read) == (1, 5, 15)
    assert DEFAULTS.retries_on("ct")
    assert not DEFAULTS.retries_on("5xx")


@pytest.mark.parametrize("fragment", ["rc=6", "rt=99", "ct=10001", "rp=sometimes", "rc=x"])
def test_overrides_out_of_range_are_11243(fragment: str) -> None:
    with pytest.raises(ApplicationError) as raised:
        split(f"http://a.example/v#{fragment}")
    assert raised.value.code == 11243


class TestFallback:
    """Lines with a fallback address."""

    @pytest.fixture
    def line(self, app: Application) -> Line:
        return Line(LINE, f"{app.base}/voice", fallback_url=f"{app.base}/fallback")

    def test_the_fallback_is_told_the_code_and_the_address_that_failed(
        self, network: Network
    ) -> None:
        network.app.on("/voice", Response(status=500)).on("/fallback", HELLO)
        network.call()
        assert network.hear_all() == ["Hello"]
        fields = network.app.fields("/fallback")
        assert fields["ErrorCode"] == "11200"
        assert fields["ErrorUrl"] == f"{network.app.base}/voice"
        assert fields["To"] == LINE

    def test_a_document_that_does_not_parse_asks_the_fallback(self, network: Network) -> None:
        network.app.on("/voice", "<Response>").on("/fallback", HELLO)
        network.call()
        assert network.hear_all() == ["Hello"]
        assert network.app.fields("/fallback")["ErrorCode"] == "12100"

    def test_a_failing_action_asks_the_fallback_too(self, network: Network) -> None:
        network.app.on("/voice", twiml("<Redirect>/broken</Redirect>")).on("/fallback", HELLO)
        network.call()
        assert network.hear_all() == ["Hello"]
        assert network.app.fields("/fallback")["ErrorUrl"] == f"{network.app.base}/broken"

    def test_when_the_fallback_fails_as_well_the_caller_hears_the_canned_message(
        self, network: Network
    ) -> None:
        network.call()
        assert network.hear_all() == [APOLOGY]
        assert len(network.app.to("/fallback")) == 1
        assert network.event("ended")["reason"] == "application error"

    def test_the_primary_is_tried_first_again_for_the_next_event(self, network: Network) -> None:
        answers = iter(
            [Response(status=500), Response(twiml("<Say>Back</Say>"), mimetype="text/xml")]
        )
        network.app.on("/voice", lambda request: next(answers))
        network.app.on("/fallback", twiml("<Redirect>/voice</Redirect>"))
        network.call()
        assert network.hear_all() == ["Back"]
        assert len(network.app.to("/fallback")) == 1
