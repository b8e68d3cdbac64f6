"""A whole case: a caller waits in line, an agent is phoned, hears why and accepts; both meet in a
conference of their own; hold, a supervisor who coaches, and a warm transfer."""

from typing import Any

from werkzeug import Request

from ivr.simulator import Phone
from tests.simulator.application import LINE, Network, eventually, twiml
from tests.simulator.conferences.room import ANNA, EVENTS, Room, sid

AGENT, SUPERVISOR, SECOND = "+46846500410", "+46846500411", "+46846500412"


class Switchboard:
    """The application: who waits, and who is brought together with whom."""

    def __init__(self, network: Network) -> None:
        self.client = network.twilio()
        self.base = network.app.base
        network.app.on(
            "/voice",
            twiml("<Enqueue waitUrl='/wait' action='/left-the-line'>support</Enqueue>"),
        )
        network.app.on("/wait", twiml("<Say>You are first in line</Say>", "<Pause length='30'/>"))
        network.app.on("/left-the-line", twiml("<Say>Goodbye</Say>"))
        network.app.on(
            "/offer",
            twiml("<Gather numDigits='1' action='/answered-offer'>"
                  "<Say>Anna, about an invoice. Press 1 to accept.</Say></Gather>"),
        )  # fmt: skip
        network.app.on("/answered-offer", self.answered_offer)
        network.app.on("/join", self.room("customer"))
        network.app.on("/hold", twiml("<Say>One moment, please</Say>"))
        network.app.on("/events", "").on("/survey", twiml("<Say>How did we do?</Say>"))

    def room(self, label: str, **attributes: str) -> str:
        told = f"statusCallback='/events' statusCallbackEvent='{EVENTS}'"
        more = "".join(f" {name}='{value}'" for name, value in attributes.items())
        noun = f"<Conference participantLabel='{label}' waitUrl='' {told}{more}>case 7</Conference>"
        return twiml(f"<Dial action='/survey'>{noun}</Dial>")

    def answered_offer(self, request: Request) -> str:
        """The agent accepts: the caller is taken from the line into the room of the case."""
        assert request.values["Digits"] == "1"
        (queue,) = self.client.queues.list()
        queue.members.list()
        self.client.queues(queue.sid).members("Front").update(url=f"{self.base}/join")
        return self.room("agent", endConferenceOnExit="true")

    @property
    def case(self) -> Any:
        (conference,) = self.client.conferences.list(friendly_name="case 7")
        return self.client.conferences(conference.sid)

    def phone(self, number: str, label: str, **options: Any) -> Any:
        return self.case.participants.create(
            from_=LINE, to=number, label=label, early_media=False, **options
        )


def answers(phone: Phone) -> None:
    phone.until("ring")
    phone.until_my_move()
    phone.answer()
    phone.until("connected")


def test_a_case_from_the_line_to_the_survey(room: Room) -> None:
    network = room.network
    office = Switchboard(network)
    anna = network.phone
    agent, supervisor, second = (room.registered(n) for n in (AGENT, SUPERVISOR, SECOND))

    anna.dial(LINE, ANNA, ask=["said"])
    anna.until_my_move()
    assert anna.events[-2]["text"] == "You are first in line"

    office.client.calls.create(to=AGENT, from_=LINE, url=f"{office.base}/offer")
    agent.until_my_move()
    agent.answer()
    agent.until("said")
    assert room.said(agent) == ["Anna, about an invoice. Press 1 to accept."]
    agent.press("1")
    agent.until("connected")
    anna.until("connected")
    assert network.app.fields("/left-the-line")["QueueResult"] == "redirected"
    labels = [participant.label for participant in office.case.participants.list()]
    assert sorted(labels) == ["agent", "customer"]

    agent.say("Good morning, Anna")
    anna.until("heard")

    office.case.participants("customer").update(hold=True, hold_url=f"{office.base}/hold")
    anna.until("held")
    office.phone(SUPERVISOR, "supervisor", call_sid_to_coach=sid(agent))
    answers(supervisor)
    supervisor.say("Give her ten per cent")
    agent.until("heard")
    agent.say("May I?")
    supervisor.until("heard")
    office.case.participants("customer").update(hold=False)
    anna.until("unheld")
    supervisor.say("Of course")
    eventually(lambda: room.heard(agent)[-1] == "Of course")
    assert room.heard(anna) == ["Good morning, Anna"]
    assert room.said(anna)[-1] == "One moment, please"

    office.phone(SECOND, "second", end_conference_on_exit=True)
    answers(second)
    agent.say("My colleague will help you")
    eventually(lambda: room.heard(second) == ["My colleague will help you"])
    office.case.participants("agent").update(end_conference_on_exit=False)
    office.case.participants("supervisor").delete()
    agent.hang_up()
    agent.until("ended")
    assert office.case.fetch().status == "in-progress"
    anna.say("Hello, who are you?")
    eventually(lambda: room.heard(second)[-1] == "Hello, who are you?")

    second.hang_up()
    second.until("ended")
    eventually(lambda: room.said(anna)[-1] == "How did we do?")
    ended = office.client.conferences.list(friendly_name="case 7")[0]
    assert ended.reason_conference_ended == "participant-with-end-conference-on-exit-left"
    assert ended.call_sid_ending_conference == sid(second)
    told = room.told("participant-join", "participant-leave", count=8)
    assert [fields["ParticipantLabel"] for fields in told][-1] == "customer"
