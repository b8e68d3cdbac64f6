"""Whatever people do and however a Dial is written: every leg ends, and the books are in order."""

from collections.abc import Iterator
from itertools import count
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.simulator import Directory, EmbeddedCarrier, Line, SteppedClock
from ivr.simulator.call import Call
from ivr.simulator.people_reading import read_person
from ivr.simulator.person import PersonOnTheLine
from tests.simulator.application import CALLER, LINE, Application, eventually, twiml

TELEPHONES = (
    "<Number {0}>+46846500410</Number>", "<Number {0}>+46846500411</Number>",
    "<Client {0}>anna</Client>", "<Client {0}>bo</Client>",
    "<Sip {0}>sip:desk@office.example</Sip>", "<Number {0}>+46846500401</Number>",
)  # fmt: skip
PEOPLE = ("+46846500410", "+46846500411", "client:anna", "client:bo", "sip:desk@office.example")
SECOND_LINE = "+46846500401"
STAGES = ["initiated", "ringing", "in-progress"]
STATUSES = {"completed", "busy", "no-answer", "failed", "canceled"}

seconds = st.sampled_from([0, 1, 2, 5, 11, 29, 40])
steps = st.one_of(
    seconds.map(lambda s: {"waits": s}),
    seconds.map(lambda s: {"talks": s}),
    st.sampled_from(["1", "2", "*", "#"]).map(lambda key: {"presses": key}),
    st.just({"says": "yes"}),
    st.just({"hears": "press 1"}),
    st.just({"hangs_up": True}),
)
takers = st.fixed_dictionaries(
    {"answers_after": seconds, "then": st.lists(steps, max_size=4)},
    optional={"hangs_up_after": seconds, "greets": seconds},
)
machines = st.fixed_dictionaries(
    {"answers_after": seconds, "machine": st.fixed_dictionaries(
        {"greeting": seconds, "beep": st.booleans(), "records": seconds})}
)  # fmt: skip
people = st.one_of(
    st.sampled_from(["busy", "no_answer", "declined", "failed", "answers", "invalid"]),
    takers, machines,
    st.lists(takers, min_size=1, max_size=2).map(lambda calls: {"calls": calls}),
)  # fmt: skip
callers = st.fixed_dictionaries(
    {"then": st.lists(steps, max_size=4)},
    optional={"hangs_up_after": seconds, "gives_up_after": seconds},
)
dials = st.fixed_dictionaries(
    {"record": st.sampled_from(["false", "record-from-answer", "record-from-ringing-dual"])},
    optional={
        "timeout": seconds.map(str), "timeLimit": st.sampled_from(["1", "20", "9"]),
        "hangupOnStar": st.just("true"), "answerOnBridge": st.just("true"),
        "sequential": st.just("true"),
        "callerId": st.sampled_from([LINE, "client:x", "+442079460000"]),
        "method": st.just("GET"),
    },
)  # fmt: skip
nouns = st.lists(
    st.tuples(
        st.sampled_from(TELEPHONES),
        st.sampled_from(["", "/accept", "/refuse", "/gone", "/talk"]),
        st.booleans(),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


class World:
    """A company and an application, for many examples; a plain object, so that it prints short."""

    def __init__(self, carrier: EmbeddedCarrier, app: Application) -> None:
        self.carrier, self.app = carrier, app


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    accept = "<Gather numDigits='1' timeout='3' action='/talk'><Say>Press 1</Say></Gather>"
    with Application() as app:
        app.on("/accept", twiml(accept, "<Hangup/>")).on("/refuse", twiml("<Hangup/>"))
        app.on("/talk", twiml("<Say>Thank you</Say>")).on("/amd", "").on("/recorded", "")
        app.on("/second", twiml("<Gather numDigits='1'><Say>Second</Say></Gather>"))
        directory = Directory(lines={SECOND_LINE: Line(SECOND_LINE, f"{app.base}/second")})
        directory.add(Line(LINE, f"{app.base}/second"))
        with EmbeddedCarrier(directory, clock=SteppedClock()) as carrier:
            yield World(carrier, app)


numbers = count()


def document(number: int, dial: dict[str, str], telephones: list[tuple[str, str, bool]]) -> str:
    """A Dial in which every telephone reports to an address of its own."""
    written = []
    for at, (telephone, whisper, detect) in enumerate(telephones):
        attributes = [f"statusCallback='/leg/{number}/{at}'"]
        attributes.append("statusCallbackEvent='initiated ringing answered completed'")
        attributes += [f"url='{whisper}'"] if whisper else []
        if detect and not telephone.startswith("<Client"):
            attributes.append("machineDetection='Enable' amdStatusCallback='/amd'")
        written.append(telephone.format(" ".join(attributes)))
    said = " ".join(f"{name}={quoteattr(value)}" for name, value in dial.items())
    return twiml(f"<Dial action='/done/{number}' {said}>{''.join(written)}</Dial>")


@settings(
    max_examples=30, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    caller=callers, dial=dials, telephones=nouns,
    behaviour=st.fixed_dictionaries({name: people for name in PEOPLE}),
)  # fmt: skip
def test_every_leg_ends_and_is_told_of_in_order(
    world: World,
    caller: dict[str, Any],
    dial: dict[str, str],
    telephones: list[tuple[str, str, bool]],
    behaviour: dict[str, Any],
) -> None:
    carrier, app = world.carrier, world.app
    number = next(numbers)
    app.on(f"/voice/{number}", document(number, dial, telephones)).on(f"/done/{number}", twiml())
    for at in range(len(telephones)):
        app.on(f"/leg/{number}/{at}", "")

    async def phone() -> Call:
        company = carrier.carrier
        far_end = PersonOnTheLine(read_person(caller, "caller"), company.clock)
        line = Line(LINE, f"{app.base}/voice/{number}")
        call = company.phone_in(CALLER, line, far_end)
        call.people = behaviour
        far_end.join(call)
        return call

    call = carrier.run(phone())
    calls, paths = carrier.carrier.calls, [f"/leg/{number}/{at}" for at in range(len(telephones))]
    eventually(lambda: not calls.live())
    legs = [leg for leg in calls.all() if leg.parent is call]

    def told() -> list[dict[str, str]]:
        return [request.fields for path in paths for request in app.to(path)]

    ends = {leg.sid for leg in legs}
    eventually(lambda: ends <= {f["CallSid"] for f in told() if "CallDuration" in f})

    done = app.to(f"/done/{number}")
    assert len(done) <= 1
    for request in done:
        assert request.fields["DialCallStatus"] in STATUSES
        assert request.fields["DialBridged"] in ("true", "false")
    assert all(leg.is_over and leg.status in STATUSES for leg in legs)
    for leg in legs:
        mine = [fields for fields in told() if fields["CallSid"] == leg.sid]
        assert [int(fields["SequenceNumber"]) for fields in mine] == list(range(len(mine)))
        assert mine[-1]["CallStatus"] == leg.status
        assert [fields["CallStatus"] for fields in mine[:-1]] == STAGES[: len(mine) - 1]
    recordings = carrier.carrier.recordings.all(call.sid)
    assert all(recording.status in ("completed", "absent") for recording in recordings)
    app.seen.clear()
