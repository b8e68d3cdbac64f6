"""Faults that strike a request for a document: what the application sees, and what is heard."""

import threading
from datetime import timedelta

import pytest
from werkzeug import Request, Response

from ivr.simulator import Line
from ivr.simulator.session import APOLOGY
from tests.simulator.application import CALLER, LINE, Application, Network, twiml
from tests.simulator.faults.conftest import Put

HELLO = twiml("<Say>Hello</Say>")
TOKEN = "I-Twilio-Idempotency-Token"


def test_a_late_request_reaches_the_application_late(network: Network, put: Put) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "late", seconds=40)
    network.call()
    assert network.hear_all() == ["Hello"]
    assert network.event("said")["at"] == 40
    assert len(network.app.to("/voice")) == 1


def test_really_late_takes_no_telephony_time(network: Network, put: Put) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "late", seconds=0.01, real=True)
    network.call()
    assert network.hear_all() == ["Hello"]
    assert network.event("said")["at"] == 0


def test_a_late_answer_is_heard_late(network: Network, put: Put) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "late", when="after", seconds=10)
    network.call()
    assert network.hear_all() == ["Hello"]
    assert network.event("said")["at"] == 10


def test_an_answer_that_is_later_than_the_time_limit_is_no_answer(
    network: Network, put: Put
) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "late", when="after", seconds=16)
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.event("said")["at"] == 15
    assert network.codes() == [0, 11200]
    assert len(network.app.to("/voice")) == 1


@pytest.mark.parametrize(("when", "asked"), [("before", 0), ("after", 1)])
def test_what_is_lost_is_waited_for_until_the_time_limit(
    network: Network, put: Put, when: str, asked: int
) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "lost", when=when)
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.event("error")["at"] == 15
    assert network.event("error")["code"] == 11200
    assert len(network.app.to("/voice")) == asked


def test_a_lost_answer_is_asked_for_again_where_the_address_says_so(
    network: Network, put: Put
) -> None:
    network.app.on("/voice", twiml("<Redirect>/next#rp=rt&amp;rt=4000</Redirect>"))
    network.app.on("/next", HELLO)
    put("documents", "lost", when="after", url="/next", attempts=1)
    network.call()
    assert network.hear_all() == ["Hello"]
    assert network.event("said")["at"] == 4
    first, second = network.app.to("/next")
    assert first.headers[TOKEN] == second.headers[TOKEN]


def test_retries_of_what_is_lost_end_at_the_time_limit(network: Network, put: Put) -> None:
    network.app.on("/voice", twiml("<Redirect>/next#rp=rt&amp;rt=6000&amp;rc=5</Redirect>"))
    put("documents", "lost", url="/next")
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.event("error")["at"] == 15


def test_a_connection_that_cannot_be_made_is_tried_again_once(network: Network, put: Put) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "cut", attempts=1)
    network.call()
    assert network.hear_all() == ["Hello"]
    assert len(network.app.to("/voice")) == 1
    assert network.carrier.carrier.journal.requests()[0].attempts == 2


def test_a_connection_that_cannot_be_made_at_all_is_11205(network: Network, put: Put) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "cut")
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.event("error")["code"] == 11205
    assert network.app.seen == []


def test_a_connection_cut_after_sending_lets_the_application_do_its_work(
    network: Network, put: Put
) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "cut", when="after")
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.event("error")["code"] == 11200
    (seen,) = network.app.wait_for("/voice")
    assert seen.fields["From"] == CALLER
    assert seen.headers["X-Twilio-Signature"]


@pytest.mark.parametrize(("when", "asked"), [("before", 0), ("after", 1)])
def test_something_in_between_refuses(network: Network, put: Put, when: str, asked: int) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "refused", when=when, status=502)
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.carrier.carrier.journal.requests()[0].status == 502
    assert len(network.app.to("/voice")) == asked


def test_a_refusal_is_retried_where_the_address_says_so(network: Network, put: Put) -> None:
    network.app.on("/voice", twiml("<Redirect>/next#rp=5xx</Redirect>")).on("/next", HELLO)
    put("documents", "refused", when="after", attempts=1, purpose="redirect")
    network.call()
    assert network.hear_all() == ["Hello"]
    tokens = {request.headers[TOKEN] for request in network.app.to("/next")}
    assert (len(network.app.to("/next")), len(tokens)) == (2, 1)


def test_the_last_of_several_deliveries_is_the_one_that_counts(network: Network, put: Put) -> None:
    answers = iter(twiml(f"<Say>{number}</Say>") for number in ("one", "two", "three"))
    network.app.on("/voice", lambda request: next(answers))
    put("documents", "repeated", copies=3)
    network.call()
    assert network.hear_all() == ["three"]
    assert len({request.headers[TOKEN] for request in network.app.to("/voice")}) == 1


def test_copies_can_arrive_at_once(network: Network, put: Put) -> None:
    both = threading.Barrier(2, timeout=10)

    def answer(request: Request) -> str:
        both.wait()
        return HELLO

    network.app.on("/voice", answer)
    put("documents", "repeated", at_once=True)
    network.call()
    assert network.hear_all() == ["Hello"]
    first, second = network.app.to("/voice")
    assert first.headers[TOKEN] == second.headers[TOKEN]
    assert first.pairs == second.pairs


def test_a_copy_that_fails_does_no_harm(network: Network, put: Put) -> None:
    answers = iter([Response(status=500), Response(HELLO, mimetype="text/xml")])
    network.app.on("/voice", lambda request: next(answers))
    put("documents", "repeated")
    network.call()
    assert network.hear_all() == ["Hello"]


class TestFallback:
    """A line with a fallback address."""

    @pytest.fixture
    def line(self, app: Application) -> Line:
        return Line(LINE, f"{app.base}/voice", fallback_url=f"{app.base}/fallback")

    def test_the_fallback_is_asked_when_a_fault_strikes(self, network: Network, put: Put) -> None:
        network.app.on("/voice", HELLO).on("/fallback", twiml("<Say>Plan B</Say>"))
        put("documents", "lost", purpose="voice")
        network.call()
        assert network.hear_all() == ["Plan B"]
        assert network.app.fields("/fallback")["ErrorCode"] == "11200"


def test_what_struck_stands_in_the_journal(network: Network, put: Put) -> None:
    network.app.on("/voice", HELLO)
    put("documents", "repeated")
    network.call()
    network.hear_all()
    journal = network.carrier.carrier.journal
    (exchange,) = journal.requests()
    assert exchange.fault == "repeated"
    (note,) = journal.notes
    assert (note.level, note.call_sid) == ("fault", exchange.call_sid)
    assert note.text == f"F1 (repeated, before) strikes voice POST {network.app.base}/voice"


def test_the_application_can_be_told_telephony_time(app: Application) -> None:
    from ivr.simulator import Directory, EmbeddedCarrier, Settings, SteppedClock

    app.on("/voice", twiml("<Pause length='90'/>", "<Redirect>/next</Redirect>")).on("/next", HELLO)
    clock = SteppedClock()
    directory = Directory({LINE: Line(LINE, f"{app.base}/voice")})
    settings = Settings(time_header="X-Telephony-Time")
    start = clock.now()
    with EmbeddedCarrier(directory, settings, clock) as carrier, carrier.phone() as phone:
        phone.dial(LINE)
        phone.until("ended")
    told = [request.headers["X-Telephony-Time"] for request in app.seen]
    assert told == [start.isoformat(), (start + timedelta(seconds=90)).isoformat()]
