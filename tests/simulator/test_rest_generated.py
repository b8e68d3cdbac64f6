"""Whatever is asked of the REST API, the answer is one that Twilio could have given."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.simulator.rest.description import PLACE, Operation, Schema, operations, resolved
from tests.simulator.application import CALLER, LINE, TEAM
from tests.simulator.conformity import judge_answer
from tests.simulator.rest_office import Office, office
from tests.simulator.rest_requests import ask

KINDS = {
    "CA": ["call", "waiting", "talking"], "QU": ["queue"], "CF": ["conference"],
    "PN": ["number"], "RE": ["recording", "conference_recording"], "SM": ["message"],
}  # fmt: skip
"""What in the office has an identifier that begins so."""
OF_NOBODY = "0" * 32
GARBAGE = st.text(max_size=8) | st.sampled_from(["\x00", "æøå", "'", "%", "<x>", "1" * 40, "-1"])
PLAUSIBLE = st.sampled_from(
    [LINE, TEAM, CALLER, "client:ann", "sip:ann@127.0.0.1", "http://127.0.0.1:9/x", "hall",
     "<Response/>", "<Response><Dial><Conference>hall</Conference></Dial></Response>", "1w2",
     "Hello", "2026-11-23", "2026-11-23T10:00:00Z", "support", "500", "line_type_intelligence"]
)  # fmt: skip
FEW = settings(
    max_examples=8, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@pytest.fixture(scope="module")
def busy() -> Iterator[Office]:
    with office() as opened:
        yield opened


def values(schema: Schema) -> st.SearchStrategy[str]:
    """Values that the schema allows, values of its kind that it does not, and garbage."""
    schema = resolved(schema.get("items", schema))
    allowed = [str(item) for item in schema.get("enum", ())]
    kinds: list[st.SearchStrategy[str]] = [GARBAGE, PLAUSIBLE]
    if allowed:
        kinds.append(st.sampled_from(allowed))
    if schema.get("type") in ("integer", "number"):
        kinds.append(st.integers(-1, 100_000).map(str))
    if schema.get("type") == "boolean":
        kinds.append(st.sampled_from(["true", "false", "True"]))
    pattern = schema.get("pattern", "")
    for prefix in re.findall("[A-Z]{2}", pattern):
        known = [f"<{kind}>" for kind in KINDS.get(prefix, ())]
        kinds.append(st.sampled_from([*known, prefix + OF_NOBODY]))
    return st.one_of(kinds)


def places(operation: Operation) -> st.SearchStrategy[list[str]]:
    """Something for each variable part of the path after the account."""
    drawn = []
    for name, schema in operation.places:
        if name == "AccountSid":
            continue
        prefixes = re.findall("[A-Z]{2}", schema.get("pattern", "")) or ["CA", "CF", "RE"]
        known = [f"<{kind}>" for prefix in prefixes for kind in KINDS.get(prefix, ())]
        drawn.append(st.sampled_from([*known, *known, "Front", "hall", TEAM, "x"]))
    return st.tuples(*drawn).map(list) if drawn else st.just([])


def requests_for(
    operation: Operation,
) -> st.SearchStrategy[tuple[list[str], list[tuple[str, str]]]]:
    named = [
        st.tuples(st.just(name), values(schema)) for name, schema in operation.parameters.items()
    ]
    likely = [
        st.tuples(st.just(name), PLAUSIBLE | values(operation.parameters[name]))
        for name in (*operation.required, "Url", "From", "Body") if name in operation.parameters
    ]  # fmt: skip
    fields = st.lists(st.one_of(named), max_size=4) if named else st.just([])
    if likely:
        fields = st.builds(lambda a, b: [*a, *b], st.tuples(*likely), fields)
    return st.tuples(places(operation), fields)


OPERATIONS = [o for o in operations() if o.path.startswith("/2010-04-01/")]


@pytest.mark.parametrize("operation", OPERATIONS, ids=[o.id for o in OPERATIONS])
@FEW
@given(data=st.data())
def test_the_answer_to_anything_is_twilios(
    busy: Office, operation: Operation, data: st.DataObject
) -> None:
    parts, fields = data.draw(requests_for(operation))
    real = {f"<{kind}>": sid for kind, sid in busy.sids.items()}
    filled = iter(real.get(part, part) for part in parts)
    path = operation.path.removeprefix("/2010-04-01/Accounts/{AccountSid}")
    path = PLACE.sub(lambda _: next(filled).replace("+", "%2B"), path)
    sent = [(name, real.get(value, value)) for name, value in fields]
    if operation.method == "POST":
        answered = ask(busy.carrier, "POST", path, sent)
    else:
        answered = ask(busy.carrier, operation.method, f"{path}?{urlencode(sent)}")
    assert answered.status < 500, (answered, path, sent)
    account = busy.carrier.carrier.settings.account_sid
    judge_answer(
        operation.method, f"/2010-04-01/Accounts/{account}{path}", answered.status, answered.text
    )
