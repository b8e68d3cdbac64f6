"""Whatever happens in a conference: who is in it, who hears whom, and what is told of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug import Request

from ivr.simulator import Carrier, Directory, Line, Server, SteppedClock
from ivr.simulator.call import Call
from ivr.simulator.conferences.conference import VIA_API, Conference
from ivr.simulator.conferences.participant import Participant
from ivr.simulator.inputs import Fetch, Words
from ivr.simulator.journal import Happening
from tests.simulator.application import LINE, Application, twiml
from tests.simulator.conferences.room import EVENTS

PEOPLE = [f"+4670174060{digit}" for digit in range(5, 10)]


@dataclass(frozen=True)
class Act:
    """Something that somebody does, or that is done to them."""

    what: str
    who: int = 0
    starts: bool = True
    ends: bool = False
    muted: bool = False
    on: bool = True


acts = st.lists(
    st.builds(
        Act,
        what=st.sampled_from(
            ["enters"] * 4 + ["says"] * 3 + ["is held"] * 2 + ["is muted", "hangs up", "is kicked",
             "is redirected", "the application ends it"]
        ),
        who=st.integers(0, len(PEOPLE) - 1),
        starts=st.integers(0, 3).map(bool),
        ends=st.integers(0, 4).map(lambda n: not n),
        muted=st.integers(0, 4).map(lambda n: not n),
        on=st.booleans(),
    ),
    min_size=3,
    max_size=25,
)  # fmt: skip


@dataclass
class Expected:
    """The conference as it should be: who is in it by whom they are."""

    members: dict[int, Act] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    muted: set[int] = field(default_factory=set)
    started: bool = False

    def enter(self, act: Act) -> None:
        self.members[act.who] = act
        if act.muted:
            self.muted.add(act.who)
        enough = len(self.members) >= 2 and any(member.starts for member in self.members.values())
        self.started = self.started or enough

    def leave(self, who: int) -> None:
        gone = self.members.pop(who, None)
        self.held.discard(who)
        self.muted.discard(who)
        if gone is not None and (gone.ends or not self.members):
            self.over()

    def over(self) -> None:
        self.members.clear()
        self.held.clear()
        self.muted.clear()
        self.started = False

    def hearers(self, who: int) -> set[int]:
        silent = not self.started or who not in self.members or who in self.held | self.muted
        return set() if silent else set(self.members) - self.held - {who}


class World:
    """A telephone company on which the acts come about, one after the other."""

    def __init__(self, carrier: Carrier, app: Application, how: dict[str, str]) -> None:
        self.carrier = carrier
        self.app = app
        self.how = how
        self.calls: dict[int, Call] = {}
        self.expected = Expected()
        self.said = 0

    @property
    def conference(self) -> Conference | None:
        return self.carrier.conferences.active("hall")

    def participant(self, who: int) -> Participant | None:
        call = self.calls.get(who)
        conference = self.conference
        return conference.find(call.sid) if call is not None and conference is not None else None

    def do(self, act: Act) -> None:
        {
            "enters": self.enters, "says": self.says, "is held": self.is_held,
            "is muted": self.is_muted, "hangs up": self.hangs_up, "is kicked": self.is_kicked,
            "is redirected": self.is_redirected, "the application ends it": self.is_ended,
        }[act.what](act)  # fmt: skip

    def enters(self, act: Act) -> None:
        """Somebody phones in; who is in a call already but not in the room is sent there."""
        if self.participant(act.who) is not None:
            return
        flags = {
            "startConferenceOnEnter": act.starts, "endConferenceOnExit": act.ends,
            "muted": act.muted,
        }  # fmt: skip
        attributes = "".join(f" {name}='{str(on).lower()}'" for name, on in flags.items())
        told = f"statusCallback='/events' statusCallbackEvent='{EVENTS}'"
        noun = f"<Conference {told}{attributes}>hall</Conference>"
        self.how[PEOPLE[act.who]] = twiml(f"<Dial action='/after'>{noun}</Dial>")
        call = self.calls.get(act.who)
        if call is None or call.is_over:
            self.calls[act.who] = self.carrier.person_phones(PEOPLE[act.who], LINE, "answers")
        else:
            call.redirect(Fetch(f"{self.app.base}/voice"))
        self.expected.enter(act)

    def says(self, act: Act) -> None:
        call = self.calls.get(act.who)
        self.said += 1
        if call is not None:
            call.put(Words(f"sentence {self.said}"))

    def is_held(self, act: Act) -> None:
        participant = self.participant(act.who)
        if participant is not None:
            participant.conference.put_on_hold(participant, act.on)
            (self.expected.held.add if act.on else self.expected.held.discard)(act.who)

    def is_muted(self, act: Act) -> None:
        participant = self.participant(act.who)
        if participant is not None:
            participant.conference.mute(participant, act.on)
            (self.expected.muted.add if act.on else self.expected.muted.discard)(act.who)

    def hangs_up(self, act: Act) -> None:
        if act.who in self.calls:
            self.calls[act.who].hang_up()
            self.expected.leave(act.who)

    def is_kicked(self, act: Act) -> None:
        participant = self.participant(act.who)
        if participant is not None:
            participant.conference.kick(participant)
            self.expected.leave(act.who)

    def is_redirected(self, act: Act) -> None:
        if self.participant(act.who) is not None:
            self.calls[act.who].redirect(Fetch(f"{self.app.base}/after"))
            self.expected.leave(act.who)

    def is_ended(self, act: Act) -> None:
        if self.conference is not None:
            self.conference.end(VIA_API)
            self.expected.over()

    def check_hearers(self, speaker: int) -> None:
        """Those and only those heard what was said last who should."""
        heard = {
            entry.call_sid
            for entry in self.carrier.journal.timeline
            if isinstance(entry, Happening)
            and entry.kind == "heard"
            and entry.details["text"] == f"sentence {self.said}"
        }
        assert heard == {self.calls[who].sid for who in self.expected.hearers(speaker)}

    def check_consistency(self) -> None:
        """Whoever is in the room is in a call that is there too, and nobody else is."""
        there = self.conference.participants if self.conference is not None else []
        assert all(participant.place == "in" and participant.attended for participant in there)
        assert not any(participant.call.is_over for participant in there)
        calls = {participant.call.sid for participant in there}
        for call in self.calls.values():
            inside = [
                entry.kind
                for entry in self.carrier.journal.timeline
                if isinstance(entry, Happening)
                and entry.call_sid == call.sid
                and entry.kind in ("joined", "left")
            ]
            assert (inside[-1:] == ["joined"]) == (call.sid in calls)

    def check(self) -> None:
        """The room is as expected."""
        conference = self.conference
        there = {p.call.sid for p in conference.participants} if conference is not None else set()
        assert there == {self.calls[who].sid for who in self.expected.members}
        for who in self.expected.members:
            participant = self.participant(who)
            assert participant is not None
            assert participant.hold == (who in self.expected.held)
            assert participant.muted == (who in self.expected.muted)
            assert not self.calls[who].is_over
        if conference is not None:
            assert (conference.status == "in-progress") == self.expected.started


@pytest.fixture(scope="module")
def how() -> dict[str, str]:
    """What each caller is answered with."""
    return {}


@pytest.fixture(scope="module")
def app(how: dict[str, str]) -> Iterator[Application]:
    def answer(request: Request) -> str:
        return how[request.values["From"]]

    with Application() as application:
        application.on("/voice", answer).on("/events", "")
        application.on("/after", twiml("<Pause length='3600'/>"))
        yield application


@settings(
    max_examples=20, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(acts=acts)
def test_whatever_happens_the_room_is_as_it_should_be_and_told_of_rightly(
    app: Application, how: dict[str, str], acts: list[Act]
) -> None:
    app.seen.clear()
    timeline = asyncio.run(play(app, how, acts))
    check_events(app)
    check_holds(timeline)


@settings(
    max_examples=10, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(bursts=st.lists(acts, min_size=1, max_size=4))
def test_what_happens_at_the_same_moment_is_told_of_rightly_too(
    app: Application, how: dict[str, str], bursts: list[list[Act]]
) -> None:
    app.seen.clear()
    timeline = asyncio.run(play(app, how, *bursts, at_once=True))
    check_events(app)
    check_holds(timeline)


async def play(
    app: Application, how: dict[str, str], *bursts: list[Act], at_once: bool = False
) -> list[Happening]:
    """Let it all come about, and everybody hang up in the end.

    One after the other the room is as expected after each act; at once it is only consistent.
    """
    directory = Directory(lines={LINE: Line(LINE, f"{app.base}/voice")})
    carrier = Carrier(directory, clock=SteppedClock(auto=False))
    server = Server(carrier)
    await server.start()
    try:
        world = World(carrier, app, how)
        for acts in bursts:
            for act in acts:
                world.do(act)
                if not at_once:
                    await carrier.clock.advance(0)
                    world.check()
                    if act.what == "says":
                        world.check_hearers(act.who)
            await carrier.clock.advance(0)
            world.check_consistency()
        for call in world.calls.values():
            call.hang_up()
        await carrier.clock.advance(0)
        assert all(conference.is_over for conference in carrier.conferences.all())
        assert not carrier.calls.live()
        return [entry for entry in carrier.journal.timeline if isinstance(entry, Happening)]
    finally:
        await server.stop()


def check_events(app: Application) -> None:
    """Numbers without a gap, each join with one leave, one end and it comes last."""
    told: dict[str, list[dict[str, str]]] = defaultdict(list)
    for request in app.to("/events"):
        told[request.fields["ConferenceSid"]].append(request.fields)
    for events in told.values():
        numbers = [int(event["SequenceNumber"]) for event in events]
        assert numbers == list(range(1, len(events) + 1))
        names = [event["StatusCallbackEvent"] for event in events]
        assert names[-1] == "conference-end"
        assert names.count("conference-end") == 1
        assert names.count("conference-start") <= 1
        present: set[str] = set()
        for event in events:
            name, call = event["StatusCallbackEvent"], event.get("CallSid", "")
            if name == "participant-join":
                assert call not in present
                present.add(call)
            elif call:
                assert call in present
            if name == "participant-leave":
                present.remove(call)
        assert not present


def check_holds(timeline: list[Happening]) -> None:
    """Nobody hears anything of the room while on hold, or when out of it."""
    held: set[str] = set()
    inside: set[str] = set()
    for entry in timeline:
        if entry.kind == "joined":
            inside.add(entry.call_sid)
        elif entry.kind == "left":
            inside.discard(entry.call_sid)
            held.discard(entry.call_sid)
        elif entry.kind == "held":
            held.add(entry.call_sid)
        elif entry.kind == "unheld":
            held.discard(entry.call_sid)
        elif entry.kind in ("heard", "beep"):
            assert entry.call_sid in inside - held
