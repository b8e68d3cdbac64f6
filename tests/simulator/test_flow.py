"""Redirect, Hangup, Reject, and the order of verbs."""

import pytest
from werkzeug import Request

from ivr.simulator import Directory, EmbeddedCarrier, Line, Settings, SteppedClock
from tests.simulator.application import LINE, Application, Network, twiml
from tests.simulator.test_transport import APOLOGY


def test_verbs_run_from_top_to_bottom(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>One</Say>", "<Pause/>", "<Say>Two</Say>"))
    network.call()
    assert network.hear_all() == ["One", "Two"]


def test_redirect_takes_over_and_what_follows_is_unreachable(network: Network) -> None:
    network.app.on("/voice", twiml("<Redirect>/next</Redirect>", "<Say>Unreachable</Say>"))
    network.app.on("/next", twiml("<Say>Next</Say>"))
    network.call()
    assert network.hear_all() == ["Next"]
    assert network.app.to("/next")[0].method == "POST"


def test_redirect_may_use_get_and_an_absolute_address(network: Network) -> None:
    url = f"{network.app.base}/next?a=1&amp;b=2"
    network.app.on("/voice", twiml(f"<Redirect method='GET'> {url} </Redirect>"))
    network.app.on("/next", twiml())
    network.call()
    network.phone.until("ended")
    (request,) = network.app.to("/next")
    assert (request.method, request.fields["a"], request.fields["b"]) == ("GET", "1", "2")


def test_an_empty_redirect_loops_the_document_until_the_limit(network: Network) -> None:
    network.app.on("/voice", twiml("<Redirect/>"))
    network.call()
    assert network.hear_all() == [APOLOGY]
    assert network.codes() == [11215]
    assert len(network.app.to("/voice")) == Settings().documents_without_hearing


def test_a_loop_in_which_something_is_heard_goes_on_until_the_longest_call(
    app: Application,
) -> None:
    app.on("/voice", twiml("<Pause length='60'/>", "<Redirect/>"))
    directory = Directory({LINE: Line(LINE, f"{app.base}/voice")})
    carrier = EmbeddedCarrier(directory, Settings(call_length=3600), SteppedClock())
    with carrier, carrier.phone() as phone:
        phone.dial(LINE)
        ended = phone.until("ended")[-1]
    assert ended["at"] == 3600
    assert ended["reason"] == "the longest time that a call may last is over"
    assert 60 <= len(app.to("/voice")) <= 61


def test_hangup_ends_the_call(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Bye</Say>", "<Hangup/>", "<Say>Unreachable</Say>"))
    network.call()
    assert network.hear_all() == ["Bye"]
    ended = network.event("ended")
    assert (ended["status"], ended["reason"]) == ("completed", "the application hung up")


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("<Reject/>", "no-answer"),
        ("<Reject reason='rejected'/>", "no-answer"),
        ("<Reject reason='busy'/>", "busy"),
    ],
)
def test_reject_as_the_first_verb_leaves_the_call_unanswered(
    network: Network, verb: str, status: str
) -> None:
    network.app.on("/voice", twiml(verb, "<Say>Unreachable</Say>"))
    network.call()
    network.phone.until("ended")
    assert network.event("ended")["status"] == status
    assert "answered" not in network.kinds()


def test_reject_after_another_verb_is_too_late_and_hangs_up(network: Network) -> None:
    network.app.on("/voice", twiml("<Say>Hello</Say>", "<Reject/>"))
    network.call()
    network.phone.until("ended")
    assert network.event("ended")["status"] == "completed"


def test_a_caller_can_hang_up_in_the_middle_of_a_sentence(network: Network) -> None:
    network.app.on("/voice", twiml(f"<Say>{'a' * 300}</Say>", "<Say>Unheard</Say>"))
    network.call(ask=["said"])
    network.phone.until_my_move()
    network.phone.wait(3)
    assert network.phone.until_my_move()[-1]["waiting_for"] == "anything"
    network.phone.hang_up()
    ended = network.phone.until("ended")[-1]
    assert (ended["at"], ended["status"]) == (3, "completed")


def test_a_document_can_depend_on_the_request(network: Network) -> None:
    def voice(request: Request) -> str:
        return twiml(f"<Say>You are {request.form['From'][-2:]}</Say>")

    network.app.on("/voice", voice)
    network.call()
    assert network.hear_all() == ["You are 05"]
